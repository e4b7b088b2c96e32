import { setTimeout as pause } from 'node:timers/promises';

/** How often a condition is checked, in milliseconds. */
const AGAIN = 20;

/**
 * Waits until a condition of another thread or process holds. Returns its value.
 * @param deadline milliseconds after which waiting fails with `what`
 */
export async function until<T>(what: string, condition: () => Promise<T | undefined | false> | T | undefined | false, deadline = 120_000): Promise<T> {
  const end = performance.now() + deadline;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${deadline} ms in vain: ${what}`);
    await pause(AGAIN);
  }
}
