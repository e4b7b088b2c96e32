import type { RateLimitAnswer, RateLimitRequest } from './rate-limits.js';

/**
 * The states of rate limits, shared by all processes of one installation; each expires. A power cut may lose the last changes, and the
 * number of entries is limited. No caller's thread waits for a lock.
 */
export abstract class RateLimitStore {
  /** Makes all changes of a request: in one transaction where the store has them, otherwise each isolated from other changes of its entry. */
  abstract run(request: RateLimitRequest): Promise<RateLimitAnswer>;

  abstract close(): Promise<void>;
}
