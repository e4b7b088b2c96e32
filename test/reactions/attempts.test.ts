import { describe, expect, it } from '@jest/globals';
import { Attempts } from '../../src/reactions/attempts.js';

describe('What was tried', () => {
  it('is forgotten when it is due no more', () => {
    const attempts = new Attempts();
    attempts.begin();
    for (const id of ['a', 'b']) {
      attempts.mayTry(id, {}, '');
      attempts.failed(id, {});
    }
    attempts.end();
    attempts.begin();
    attempts.mayTry('a', {}, '');
    attempts.end();
    expect(attempts.size).toBe(1);
  });

  it('is tried at least about once a minute', () => {
    const attempts = new Attempts();
    const tried: number[] = [];
    for (let round = 0; round < 1_000; round++) {
      attempts.begin();
      if (attempts.mayTry('a', {}, '')) {
        tried.push(round);
        attempts.failed('a', {});
      }
    }
    expect(tried.slice(-2).reduce((before, after) => after - before)).toBe(64);
  });
});
