/** When something is tried again that could not be done, in rounds: with one a second, after a minute at most. */
export interface Later {
  /** The round in which it is tried again. */
  readonly round: number;
  /** Rounds that it waits when it fails once more. */
  readonly delay: number;
}

const LONGEST_DELAY = 64;

/** @param delay as of the failure before on end */
export function later(round: number, delay = 1): Later {
  return { round: round + delay, delay: Math.min(delay * 2, LONGEST_DELAY) };
}
