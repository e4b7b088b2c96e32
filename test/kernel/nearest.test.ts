import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestSentence, nearestTo } from '../../src/kernel/nearest.js';

const MODELS = ['bills', 'sittings', 'sign-ins', 'candidate', 'courses', 'contents'];

describe('The names nearest to one that there is not', () => {
  it.each([
    ['bils', ['bills']],
    ['siting', ['sittings']],
    ['candidates', ['candidate']],
    ['co', ['contents', 'courses']],
    ['nothing', []],
    ['', []],
  ])('The names nearest to one that there is not %s: %j', (name, nearest) => {
    expect(nearestTo(name, MODELS)).toEqual(nearest);
  });

  it('The names nearest to one that there is not begin with the nearest, and are some of those that there are', () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { maxLength: 20 }), (name, known) => {
        const nearest = nearestTo(name, [...known, `${name}x`]);
        for (const each of nearest) expect([...known, `${name}x`]).toContain(each);
        if (name.length > 1) expect(nearest.length).toBeGreaterThan(0);
      }),
    );
  });

  it('The names nearest to one that there is not are told in one sentence, and where none is near, which there are', () => {
    expect(nearestSentence('bils', MODELS)).toBe('相近的有：bills');
    expect(nearestSentence('2610.00249', ['2610.06090.result.score', '2604.00018.paid'])).toBe('相近的有：2610.06090.result.score');
    expect(nearestSentence('nothing', MODELS)).toBe('现有：bills、sittings、sign-ins、candidate、courses、contents');
    expect(
      nearestSentence(
        'nothing',
        Array.from({ length: 12 }, (_, at) => String(at)),
      ),
    ).toMatch(/^现有：0、.*、9 等 12 个$/);
    expect(nearestSentence('nothing', [])).toBe('现在一个也没有');
  });
});
