/**
 * How many attempts that fail are free, and after them how often one more is let through, in milliseconds; who comes in between
 * gets a turn of its own, but none further off than the longest wait.
 */
export interface Pace {
  readonly free: number;
  readonly every: number;
  readonly longestWait: number;
}

/** The attempts of one account or one address: up to which moment (milliseconds since the epoch) turns are given away. */
export interface Turns {
  readonly taken: number;
}

/** A turn: in so many milliseconds, 0 at once. One that is not kept is too far off: whoever asks asks again then. */
export interface Turn {
  readonly wait: number;
  readonly kept: boolean;
}

/**
 * Up to which moment turns are given away. What lies further ahead than any turn can was stored by a clock that has been set back
 * since: then all that are free are gone, and nobody waits for one that was given away by that clock.
 * @param usual the most generous pace at which turns can have been taken before
 */
function takenUntil(before: Turns | undefined, now: number, usual: Pace): number {
  const taken = Math.max(before?.taken ?? 0, now);
  return taken > now + usual.free * usual.every + usual.longestWait ? now + (usual.free - 1) * usual.every : taken;
}

/**
 * Takes the next turn (a leaky bucket, as virtual scheduling: the generic cell rate algorithm of ITU-T I.371).
 * @param usual as of takenUntil
 */
export function nextTurn(before: Turns | undefined, now: number, { free, every, longestWait }: Pace, usual: Pace): { turns: Turns; turn: Turn } {
  const taken = takenUntil(before, now, usual);
  const wait = Math.max(0, taken - now - (free - 1) * every);
  if (wait > longestWait) return { turns: { taken }, turn: { wait: longestWait, kept: false } };
  return { turns: { taken: taken + every }, turn: { wait, kept: true } };
}

/** Gives a turn back. undefined: none is taken any more. */
export function withoutTurn(before: Turns | undefined, now: number, { every }: Pace, usual: Pace): Turns | undefined {
  const taken = takenUntil(before, now, usual) - every;
  return taken > now ? { taken } : undefined;
}
