import { type Metrics, prometheusText } from '../../src/kernel/metrics.js';

/** One value as Prometheus reads it; its labels but for the process. */
export interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All values in a text of Prometheus' format. @throws Error for a line that is none */
export function exposedIn(text: string): readonly Exposed[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name, , labels = '', value] = /^([a-zA-Z_:][\w:]*)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || !isNumber(value)) throw new Error(`no line of Prometheus' format: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, of]) => [label, of]);
    return { name, labels: Object.fromEntries(pairs.filter(([label]) => label !== 'process')), value: Number(value) };
  });
}

/** Prometheus takes NaN in any case, and prom-client writes it in one of its own. */
function isNumber(text = ''): boolean {
  return /^nan$/i.test(text) || !Number.isNaN(Number(text));
}

/** The values of a metric of ours, now. */
export async function valuesOf(metrics: Metrics | undefined, name: string): Promise<readonly Pick<Exposed, 'labels' | 'value'>[]> {
  if (!metrics) throw new Error('nothing is measured');
  const all = exposedIn(await prometheusText([await metrics.snapshot()]));
  return all.filter((each) => each.name === `personal_centre_${name}`).map(({ labels, value }) => ({ labels, value }));
}
