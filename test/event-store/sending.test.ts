import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Sending } from '../../src/event-store/sending.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';

describe('The time that a request waits for the log', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is limited for all that it waits for, and what is waited for at the same time counts once', async () => {
    const sending = new Sending(100);
    const first = [sending.inTime(done(60)), sending.inTime(done(60))];
    await jest.advanceTimersByTimeAsync(60);
    await Promise.all(first);
    await jest.advanceTimersByTimeAsync(1_000); // it does something else
    const reached = jest.fn();
    const late = sending.inTime(done(50)).catch(reached);
    await jest.advanceTimersByTimeAsync(39);
    expect(reached).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(2);
    await late;
    expect(reached).toHaveBeenCalledWith(expect.any(StoreUnavailable));
  });

  it('has no limit where none is said', async () => {
    const answer = new Sending().inTime(done(100_000));
    await jest.advanceTimersByTimeAsync(100_000);
    await expect(answer).resolves.toBe('done');
  });
});

function done(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('done'), ms));
}
