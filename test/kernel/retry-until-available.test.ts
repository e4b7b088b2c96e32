import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { retryUntilAvailable } from '../../src/kernel/retry-until-available.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { logLines } from '../log-lines.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('An operation that needs a server at the start', () => {
  it('An operation that needs a server at the start is retried with delays that double up to 15 seconds, and each reason is logged once', async () => {
    const began = Date.now();
    const tried: number[] = [];
    const reasons = ['nobody listens', 'nobody listens', 'it has no leader', 'it has no leader', 'it has no leader', 'it has no leader'];
    const lines = logLines();
    const opened = retryUntilAvailable('the log', async () => {
      tried.push((Date.now() - began) / 1_000);
      const reason = reasons.shift();
      if (reason !== undefined) throw new StoreUnavailable(reason);
      return 'open';
    });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await opened).toBe('open');
    expect(tried).toEqual([0, 1, 3, 7, 15, 30, 45]);
    expect(lines.map((line) => JSON.parse(line)).map(({ reason, msg }) => [reason, msg])).toEqual(
      ['nobody listens', 'it has no leader'].map((reason) => [reason, 'the log cannot be used yet; it is tried again until it can']),
    );
  });

  it('An operation that needs a server at the start is not retried after an error other than StoreUnavailable', async () => {
    const open = jest.fn<() => Promise<void>>().mockRejectedValue(new Error('a wrong password'));
    await expect(retryUntilAvailable('MongoDB', open)).rejects.toThrow('a wrong password');
    expect(open).toHaveBeenCalledTimes(1);
  });
});
