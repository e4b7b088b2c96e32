import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a benchmark found in one run. */
export interface Finding {
  /** What is measured, and against what. */
  readonly what: string;
  /** What was seen, in words. */
  readonly figures: readonly string[];
  /** What the aim is about: a ratio, or a rate with its unit. */
  readonly value: number;
  readonly unit?: string;
  readonly aim: { readonly most: number } | { readonly least: number };
}

/** What could not be measured here. */
export interface LeftOut {
  readonly what: string;
  /** Why. */
  readonly leftOut: string;
}

export type Benchmark = () => AsyncIterable<Finding | LeftOut>;

/** A folder under the system's own for what is to be thrown away; gone when the process ends, however it ends. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'personal-centre-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Rounds of all subjects in turn, each other round the other way about, so that what disturbs the machine disturbs each alike; the answers of each subject. */
export async function rounds<Name extends string, Answer = number>(
  count: number,
  subjects: Readonly<Record<Name, () => Promise<Answer>>>,
): Promise<Record<Name, Answer[]>> {
  const names = Object.keys(subjects) as Name[];
  const answers = Object.fromEntries(names.map((name) => [name, [] as Answer[]])) as Record<Name, Answer[]>;
  for (let round = 0; round < count; round++) for (const name of round % 2 ? names.toReversed() : names) answers[name].push(await subjects[name]());
  return answers;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of them lies; 0.99 for the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** Seconds that some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

export function said(value: number, unit = ''): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit && ` ${unit}`}`;
}
