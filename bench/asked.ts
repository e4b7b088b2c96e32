import { quantile, said } from './measure.js';
import { answered } from './processes.js';
import type { Answered, Steady } from './steady.js';

/** How long each answer to steady requests took, in ms; they come from a process of their own. */
export async function ask(steady: Steady): Promise<readonly number[]> {
  const { times, failed } = await answered<Answered>(new URL('./steady.js', import.meta.url), steady);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return times;
}

/** Again and again as long as something else goes on; answers what that comes to, and the times meanwhile. */
export async function askDuring<T>(
  asked: () => Promise<readonly number[]>,
  work: Promise<T>,
): Promise<{ readonly outcome: T; readonly times: readonly number[] }> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  const times: number[] = [];
  while (!isDone) times.push(...(await asked()));
  return { outcome: await done, times };
}

export async function askSeveral(asked: () => Promise<readonly number[]>, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) times.push(...(await asked()));
  return times;
}

/** Its median, 90th and 99th percentile. */
export function percentiles(times: readonly number[]): string {
  return `${[0.5, 0.9, 0.99].map((share) => said(quantile(times, share))).join(' / ')} ms (50 / 90 / 99 %)`;
}
