import type { Appended } from '../../event-store/append.js';

/** The last position of several appends, and the number of events of all. */
export function combined(appends: readonly Appended[]): Appended {
  return appends.reduce((one, other) => ({
    position: other.position > one.position ? other.position : one.position,
    recorded: one.recorded + other.recorded,
  }));
}
