import { afterEach, expect, it, jest } from '@jest/globals';
import { waitForLog } from '../../../src/composition/starting/wait-for-log.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { readSettings } from '../../../src/settings/settings.js';

afterEach(() => {
  jest.restoreAllMocks();
});

it('A start that cannot use its log for alternating reasons logs each of them once', async () => {
  const said: unknown[] = [];
  jest.spyOn(log, 'error').mockImplementation((what: unknown) => said.push(what));
  const reasons = ['nobody answers', 'it does not answer calls', 'nobody answers', 'it does not answer calls'];
  const work = async () => {
    const reason = reasons.shift();
    if (reason) throw new StoreUnavailable(reason);
    return 'usable';
  };
  expect(await waitForLog({ ...readSettings({}), PORT: 0 }, work)).toBe('usable');
  expect(said).toEqual([{ reason: 'nobody answers' }, { reason: 'it does not answer calls' }]);
});
