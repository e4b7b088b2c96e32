/**
 * Limits a rate by the generic cell rate algorithm (GCRA, ITU-T I.371): `burst` attempts at once, then one every `interval` milliseconds.
 * An attempt in between reserves the next free moment, unless that is further off than `maxWait`.
 */
export interface Rate {
  readonly burst: number;
  readonly interval: number;
  readonly maxWait: number;
}

/** The state of a limit: up to which moment (milliseconds since the epoch) attempts are reserved, the theoretical arrival time. */
export interface Reserved {
  readonly taken: number;
}

/** The wait for an attempt in milliseconds, 0 for none. Without a reservation (`kept`) the caller has to ask again. */
export interface Reservation {
  readonly wait: number;
  readonly kept: boolean;
}

/**
 * The moment up to which attempts are reserved. One further ahead than any can be was stored by a clock that was set back since: then the
 * burst is used up, and nobody waits for its reservations.
 * @param usual the most generous rate at which attempts can have been reserved before
 */
function reservedUntil(before: Reserved | undefined, now: number, usual: Rate): number {
  const taken = Math.max(before?.taken ?? 0, now);
  return taken > now + usual.burst * usual.interval + usual.maxWait ? now + (usual.burst - 1) * usual.interval : taken;
}

/** Reserves the next attempt. @param usual as for reservedUntil */
export function reserveNext(
  before: Reserved | undefined,
  now: number,
  { burst, interval, maxWait }: Rate,
  usual: Rate,
): { reserved: Reserved; next: Reservation } {
  const taken = reservedUntil(before, now, usual);
  const wait = Math.max(0, taken - now - (burst - 1) * interval);
  if (wait > maxWait) return { reserved: { taken }, next: { wait: maxWait, kept: false } };
  return { reserved: { taken: taken + interval }, next: { wait, kept: true } };
}

/** Gives one reservation back. undefined: none is left. */
export function releaseOne(before: Reserved | undefined, now: number, { interval }: Rate, usual: Rate): Reserved | undefined {
  const taken = reservedUntil(before, now, usual) - interval;
  return taken > now ? { taken } : undefined;
}
