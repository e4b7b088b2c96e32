import { setTimeout as pause } from 'node:timers/promises';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { log } from './log.js';

/** What one process has measured; can be sent to another. */
export type Measured = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const PREFIX = 'personal_centre_';

/** How long a look at a store may take before its figures are left out, in milliseconds; Prometheus waits 10 s for the whole. */
const PATIENCE = 3_000;

interface Look {
  readonly into: readonly { reset(): void }[];
  readonly take: () => Promise<void> | void;
}

/**
 * What one process measures, under names that begin with `personal_centre_`, and what Node says of itself. Labels have
 * values of closed sets only: never an id, a name or a number. Every value is labelled with the process, so that a
 * restarted one is a counter that begins anew, and not one that falls.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly looks: Look[] = [];

  /** @param process `main`, or `web-1` and so on where there are several */
  constructor(process: string) {
    this.registry.setDefaultLabels({ process });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: this.registers });
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name: PREFIX + name, help, labelNames, registers: this.registers });
  }

  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[], buckets: readonly number[]): Histogram<Label> {
    return new Histogram({ name: PREFIX + name, help, labelNames, buckets: [...buckets], registers: this.registers });
  }

  /** Takes values each time before they are read. When that fails or takes too long there are none: no answer is no zero. */
  look(into: Look['into'], take: Look['take']): void {
    this.looks.push({ into, take });
  }

  async measured(): Promise<Measured> {
    await Promise.all(this.looks.map(taken));
    return this.registry.getMetricsAsJSON();
  }
}

async function taken({ into, take }: Look): Promise<void> {
  const over = new AbortController();
  const tooLong = pause(PATIENCE, undefined, { signal: over.signal, ref: false }).then(() => Promise.reject(new Error(`no answer for ${PATIENCE} ms`)));
  try {
    await Promise.race([take(), tooLong]);
  } catch (error) {
    log.warn({ err: error }, 'some metrics could not be measured');
    for (const each of into) each.reset();
  } finally {
    over.abort();
    await Promise.allSettled([tooLong]);
  }
}

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** What several processes have measured, in Prometheus' text format. */
export function textOf(measured: readonly Measured[]): Promise<string> {
  return AggregatorRegistry.aggregate([...measured]).metrics();
}
