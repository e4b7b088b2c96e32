import { formatted, quantile } from './measure.js';
import { askProcess } from './processes.js';
import type { RequestTimes, SteadyRequests } from './steady-requests.js';

/** The durations of requests at a steady rate, in ms, sent by a process of its own. */
export async function measureRequests(steady: SteadyRequests): Promise<readonly number[]> {
  const { times, failed } = await askProcess<RequestTimes>(new URL('./steady-requests.js', import.meta.url), steady);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return times;
}

/** Measures again and again until some work is done. Returns the work's outcome and the times. */
export async function measureDuring<T>(
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

export async function measureRepeatedly(asked: () => Promise<readonly number[]>, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) times.push(...(await asked()));
  return times;
}

/** The median, the 90th and the 99th percentile. */
export function percentiles(times: readonly number[]): string {
  return `${[0.5, 0.9, 0.99].map((share) => formatted(quantile(times, share))).join(' / ')} ms (50 / 90 / 99 %)`;
}
