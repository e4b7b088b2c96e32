import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reportFailure } from '../../src/cli/output.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';

let said = '';
beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

describe('A command that a store did not answer in time', () => {
  const away = new StoreUnavailable('the log cannot be used now');

  it('says what may be recorded, and what to do, where it changes something', () => {
    reportFailure(away, false, '可能已经记录了一部分。');
    expect([said, process.exitCode]).toEqual(['the log cannot be used now\n可能已经记录了一部分。\n', 1]);
  });

  it('claims nothing about records where it only reads', () => {
    reportFailure(away, false);
    expect([said, process.exitCode]).toEqual(['the log cannot be used now\n', 1]);
  });
});

it('A command that has failed otherwise says nothing of what may be recorded', () => {
  reportFailure(new Error('a fault'), false, '可能已经记录了一部分。');
  expect(said).not.toContain('可能已经记录');
});
