import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The result of a benchmark in one run. */
export interface Finding {
  /** What is measured, and with what it is compared. */
  readonly what: string;
  /** The measured figures, in words. */
  readonly figures: readonly string[];
  /** The value to which the aim applies: a ratio, or a rate with its unit. */
  readonly value: number;
  readonly unit?: string;
  readonly aim: { readonly most: number } | { readonly least: number };
}

/** Something that could not be measured here. */
export interface NotMeasured {
  readonly what: string;
  readonly leftOut: string;
}

export type Benchmark = () => AsyncIterable<Finding | NotMeasured>;

/** A temporary folder, deleted when the process exits. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'personal-centre-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs all subjects in alternating order, round by round, so that other load affects them alike. Returns each subject's answers. */
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

/** The value below which a share of the values lies; 0.99 for the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** How many seconds some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

export function formatted(value: number, unit = ''): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit && ` ${unit}`}`;
}
