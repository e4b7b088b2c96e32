import type { Metrics } from '../kernel/metrics.js';

/** How many web processes there should be, and how many serve. */
export function exposeWebProcessMetrics(metrics: Metrics, wanted: number, serving: () => number): void {
  metrics.gauge('web_processes_wanted', 'Web processes as the settings say').set(wanted);
  const servingNow = metrics.gauge('web_processes_serving', 'Web processes that answer pages');
  metrics.collectWith([servingNow], () => servingNow.set(serving()));
}
