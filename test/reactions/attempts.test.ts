import { describe, expect, it } from '@jest/globals';
import { Attempts } from '../../src/reactions/attempts.js';

describe('An attempt', () => {
  it('An attempt is forgotten when its command is no longer due', () => {
    const attempts = new Attempts();
    attempts.beginRound();
    for (const id of ['a', 'b']) {
      attempts.isDue(id, {}, '');
      attempts.failed(id, {});
    }
    attempts.endRound();
    attempts.beginRound();
    attempts.isDue('a', {}, '');
    attempts.endRound();
    expect(attempts.size).toBe(1);
  });

  it('An attempt is repeated at least about once a minute', () => {
    const attempts = new Attempts();
    const tried: number[] = [];
    for (let round = 0; round < 1_000; round++) {
      attempts.beginRound();
      if (attempts.isDue('a', {}, '')) {
        tried.push(round);
        attempts.failed('a', {});
      }
    }
    expect(tried.slice(-2).reduce((before, after) => after - before)).toBe(64);
  });
});
