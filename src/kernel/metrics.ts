import { setTimeout as pause } from 'node:timers/promises';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { log } from './log.js';

/** The metrics of one process, as JSON that can be sent to another process. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const PREFIX = 'personal_centre_';

/** Milliseconds after which a collector's values are omitted. Prometheus waits 10 s for the whole response. */
const COLLECT_TIMEOUT = 3_000;

interface Collector {
  readonly gauges: readonly { reset(): void }[];
  readonly collect: () => Promise<void> | void;
}

/**
 * The metrics of one process, named `personal_centre_…`, and Node's own. Label values come from closed sets only: never an id, a
 * name or a number. Every value has the label `process`, so that a restart resets that process's counters alone.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly registries = [this.registry];
  private readonly collectors: Collector[] = [];

  /** @param process `main`, or `web-1` and so on where there are several */
  constructor(process: string) {
    this.registry.setDefaultLabels({ process });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: this.registries });
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: this.registries });
  }

  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: readonly number[]): Histogram<Label> {
    return new Histogram({ name: PREFIX + name, help, labelNames, buckets: [...buckets], registers: this.registries });
  }

  /** Runs `collect` before each snapshot. When it fails or times out, its gauges are omitted rather than reported as zero. */
  collectWith(gauges: Collector['gauges'], collect: Collector['collect']): void {
    this.collectors.push({ gauges, collect });
  }

  async snapshot(): Promise<MetricsSnapshot> {
    await Promise.all(this.collectors.map(runCollector));
    return this.registry.getMetricsAsJSON();
  }
}

async function runCollector({ gauges, collect }: Collector): Promise<void> {
  const cancelled = new AbortController();
  const timeout = pause(COLLECT_TIMEOUT, undefined, { signal: cancelled.signal, ref: false }).then(() =>
    Promise.reject(new Error(`no answer for ${COLLECT_TIMEOUT} ms`)),
  );
  try {
    await Promise.race([collect(), timeout]);
  } catch (error) {
    log.warn({ err: error }, 'some metrics could not be measured');
    for (const each of gauges) each.reset();
  } finally {
    cancelled.abort();
    await Promise.allSettled([timeout]);
  }
}

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The metrics of several processes in Prometheus' text format. */
export function prometheusText(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}
