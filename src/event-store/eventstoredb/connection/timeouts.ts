/**
 * How long anything of EventStoreDB is waited for, in milliseconds. A leader that hangs is left within 5 s, and one call ends
 * within 10 s: a test adds these up. A request, which may make several, has a limit of its own (waiting-time.ts).
 */

/** How long the server may keep silent in one call. */
export const INACTIVITY_TIMEOUT = 3_000;
/** How long a call is tried again before it is StoreUnavailable; its last try begins by then. */
export const RETRY_TIMEOUT = 6_000;
/** How long a leader is looked for in the last try. */
export const LAST_CONNECT_TIMEOUT = 1_000;
/** How long a node may take to say who is in the cluster. */
export const GOSSIP_TIMEOUT = 1_000;
/** The shortest and the longest pause between two tries. */
export const RETRY_DELAYS = [50, 1_000] as const;
/**
 * How long a log that ends before what was read of it, and does not grow, may be that of a node which has yet to catch up: nothing is
 * read or recorded there meanwhile.
 */
export const STALE_LOG_TIMEOUT = 60_000;
