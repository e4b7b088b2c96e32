import { describe, expect, it } from '@jest/globals';
import { isOpen, isReached, windowState } from '../../src/catalogue/window.js';

const opens = '2026-11-22T01:00:00.000Z';
const closes = '2026-11-30T16:00:00.000Z';

describe('A window', () => {
  it.each([
    ['before its opening', '2026-11-22T00:59:59.999Z', 'not_open'],
    ['at its opening', opens, 'open'],
    ['just before its close', '2026-11-30T15:59:59.999Z', 'open'],
    ['at its close', closes, 'closed'],
  ])('A window %s (%s) has the state %s', (_, at, state) => {
    expect(windowState({ opens, closes }, at)).toBe(state);
    expect(windowState({ opens, closes }, new Date(at))).toBe(state);
    expect(windowState({ opens: Date.parse(opens), closes: Date.parse(closes) }, Date.parse(at))).toBe(state);
    expect(isOpen({ opens, closes }, at)).toBe(state === 'open');
  });

  it('A window without a known opening is not open, whatever its close', () => {
    expect(windowState({ closes }, opens)).toBe('not_open');
    expect(windowState({ closes }, closes)).toBe('not_open');
  });

  it('A window without a known close stays open', () => expect(windowState({ opens }, '2099-01-01T00:00:00.000Z')).toBe('open'));
});

it('An instant that is not known is never reached', () => {
  expect(isReached(undefined, closes)).toBe(false);
  expect(isReached(Number.POSITIVE_INFINITY, closes)).toBe(false);
});
