import type { Attempt, LoginRateLimiter } from '../../../src/identity/throttling/login-rate-limiter.js';
import type { Delay } from '../../../src/identity/throttling/rate-limits.js';

/** The work of an attempt that could not be made. */
class NotMade extends Error {}

/** Makes an attempt that comes to an outcome, where it is time for it; answers its delay where it is not. */
export async function attempted(limiter: LoginRateLimiter, attempt: Attempt, outcome: 'wrong' | 'right' | 'not made' = 'wrong'): Promise<Delay | undefined> {
  const work = async () => {
    if (outcome === 'not made') throw new NotMade();
    return outcome;
  };
  try {
    const { delay } = await limiter.throttled(attempt, work, (done) => done === 'right');
    return delay;
  } catch (error) {
    if (error instanceof NotMade) return undefined;
    throw error;
  }
}
