/** When something that failed is retried, counted in rounds. With one round a second, delays grow to about a minute. */
export interface Retry {
  /** The round of the next retry. */
  readonly round: number;
  /** Rounds to wait after the next failure. */
  readonly delay: number;
}

const MAX_DELAY = 64;

/** @param delay from the previous consecutive failure, if any */
export function nextRetry(round: number, delay = 1): Retry {
  return { round: round + delay, delay: Math.min(delay * 2, MAX_DELAY) };
}
