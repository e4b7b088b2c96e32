import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TimeBudget, withinTimeBudget, withoutTimeBudget, withTimeBudget } from '../../src/event-store/time-budget.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';

describe('The time budget of a request', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('The time budget of a request limits the total of all waiting, and concurrent calls count once', async () => {
    const reached = jest.fn();
    const request = withTimeBudget(new TimeBudget(100), async () => {
      await Promise.all([withinTimeBudget(done(60)), withinTimeBudget(done(60))]);
      await done(1_000); // it does something else
      await withinTimeBudget(done(50)).catch(reached);
    });
    await jest.advanceTimersByTimeAsync(60 + 1_000 + 39);
    expect(reached).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(2);
    await request;
    expect(reached).toHaveBeenCalledWith(expect.any(StoreUnavailable));
  });

  it('The time budget of a request stays used up for later calls, while earlier calls continue', async () => {
    const late = jest.fn();
    const hanging = done(1_000);
    const request = withTimeBudget(new TimeBudget(100), async () => {
      await withinTimeBudget(hanging).catch(late);
      await withinTimeBudget(done(50)).catch(late);
    });
    await jest.advanceTimersByTimeAsync(110);
    await request;
    expect(late).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(hanging).resolves.toBe('done');
  });

  it.each([
    ['outside a request', (work: () => Promise<string>) => work()],
    ['for what is not for one request alone', (work: () => Promise<string>) => withTimeBudget(new TimeBudget(100), () => withoutTimeBudget(work))],
  ])('The time budget of a request does not apply %s', async (_, run) => {
    const answer = run(() => withinTimeBudget(done(100_000)));
    await jest.advanceTimersByTimeAsync(100_000);
    await expect(answer).resolves.toBe('done');
  });
});

function done(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('done'), ms));
}
