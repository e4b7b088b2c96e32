import type { DemoAccount } from '../../demo/accounts.js';
import type { Metrics } from '../kernel/metrics.js';
import type { Readiness } from '../kernel/readiness.js';

/** A running centre: where it listens, and how it ends. */
export interface Centre {
  /** Such as `http://127.0.0.1:3000`; none when the web role is not asked for. */
  readonly address?: string;
  /** Accounts of the demo cohort to try; none outside a demo. */
  readonly demo: readonly DemoAccount[];
  /** The systems outside that a demo brings along, by name, and where a browser finds each. */
  readonly sandboxes?: readonly Sandbox[];
  /** What this process measures; undefined without METRICS_PORT. */
  readonly metrics: Metrics | undefined;
  readonly readiness: Readiness;
  /** Lets requests and the batch in hand finish. */
  stop(): Promise<void>;
}

/** A system outside as a demo plays it. */
export interface Sandbox {
  readonly name: string;
  /** Such as `http://127.0.0.1:41234`. */
  readonly address: string;
}
