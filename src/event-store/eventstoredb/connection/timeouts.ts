/**
 * Timeouts of EventStoreDB in milliseconds. A hanging leader is left within 5 s, and one call ends within 10 s; a test adds these up. A
 * request, which may make several calls, has its own time budget (time-budget.ts).
 */

/** How long the server may send nothing in one call. */
export const INACTIVITY_TIMEOUT = 3_000;
/** How long a call is retried before it is StoreUnavailable; its last attempt begins by then. */
export const RETRY_TIMEOUT = 6_000;
/** How long the last attempt may search for a leader. */
export const LAST_CONNECT_TIMEOUT = 1_000;
/** How long a node may take to answer who is in the cluster. */
export const GOSSIP_TIMEOUT = 1_000;
/** The shortest and the longest delay between two attempts. */
export const RETRY_DELAYS = [50, 1_000] as const;
/**
 * How long a log that ends before what was read of it, and does not grow, may belong to a node that has not caught up. Nothing is read
 * or recorded there meanwhile.
 */
export const STALE_LOG_TIMEOUT = 60_000;
