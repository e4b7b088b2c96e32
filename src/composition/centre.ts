import type { DemoAccount } from '../../demo/accounts.js';
import type { DemoOfficer } from '../../demo/officers.js';
import type { Metrics } from '../kernel/metrics.js';
import type { Readiness } from '../kernel/readiness.js';

/** A running centre. */
export interface Centre {
  /** Such as `http://127.0.0.1:3000`; undefined without the role web. */
  readonly address?: string;
  /** Accounts of the demo cohort to try; empty outside a demo. */
  readonly demo: readonly DemoAccount[];
  /** One of the office for each role; undefined outside a demo. */
  readonly officers?: readonly DemoOfficer[];
  /** The sandboxes of external systems that a demo starts. */
  readonly sandboxes?: readonly Sandbox[];
  /** Undefined without METRICS_PORT. */
  readonly metrics: Metrics | undefined;
  readonly readiness: Readiness;
  /** Stops after current requests and the current batch. */
  stop(): Promise<void>;
}

/** The sandbox of an external system. */
export interface Sandbox {
  readonly name: string;
  /** Such as `http://127.0.0.1:41234`. */
  readonly address: string;
}
