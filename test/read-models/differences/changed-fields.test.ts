import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedFields } from '../../../src/read-models/differences/changed-fields.js';
import { shownJson } from '../../../src/read-models/differences/shown-json.js';

const paths = (before: unknown, after: unknown) => changedFields(before, after).map(({ path }) => path);

/** As it is once it was written and read. */
const small = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The same value with the keys of its objects the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, turned(each)] as const);
  return Object.fromEntries(entries.toReversed());
}

describe('The changed fields of two documents', () => {
  it('The changed fields of two documents are none when only the order of keys differs', () =>
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(changedFields(value, turned(value))).toEqual([]))));

  it('The changed fields of two documents are none exactly when the documents are equal, and are symmetric', () =>
    fc.assert(
      fc.property(small, small, (one, other) => {
        const changed = changedFields(one, other);
        expect(changed.length === 0).toBe(isDeepStrictEqual(one, other));
        const back = changedFields(other, one).map(({ path, before, after }) => JSON.stringify([path, after, before]));
        expect(back.toSorted()).toEqual(changed.map(({ path, before, after }) => JSON.stringify([path, before, after])).toSorted());
      }),
      { numRuns: 500 },
    ));

  it('The changed fields of two documents have their path, the value before and the value after', () => {
    const before = { 2610: { '06090': { paid: true, result: { score: 58 } }, '00149': { paid: false } } };
    const after = { 2610: { '00149': { paid: true }, '06090': { paid: true, result: { score: 63 } } } };
    expect(changedFields(before, after)).toEqual([
      { path: '2610.06090.result.score', field: '*.*.result.score', before: 58, after: 63 },
      { path: '2610.00149.paid', field: '*.*.paid', before: false, after: true },
    ]);
  });

  it('The changed fields of two documents include fields that appear, disappear or become null', () => {
    expect(changedFields({ gone: 1, kept: null }, { come: 2, kept: 0 })).toEqual([
      { path: 'gone', field: 'gone', before: 1, after: undefined },
      { path: 'kept', field: 'kept', before: null, after: 0 },
      { path: 'come', field: 'come', before: undefined, after: 2 },
    ]);
    expect(paths({ a: null }, {})).toEqual(['a']);
  });

  it('The changed fields of two documents compare lists of equal length by position, and others as a whole', () => {
    expect(changedFields({ majors: [{ state: 'studying' }, 'x'] }, { majors: [{ state: 'left' }, 'x'] })).toEqual([
      { path: 'majors.0.state', field: 'majors.*.state', before: 'studying', after: 'left' },
    ]);
    expect(paths({ majors: ['a'] }, { majors: ['a', 'b'] })).toEqual(['majors']);
  });

  it('The changed fields of two documents are the whole document where the types differ', () => {
    expect(changedFields(undefined, { a: 1 })).toEqual([{ path: '', field: '', before: undefined, after: { a: 1 } }]);
    expect(paths({ a: [] }, { a: {} })).toEqual(['a']);
    expect(paths({ a: null }, { a: {} })).toEqual(['a']);
  });

  it('The changed fields of two documents handle keys such as __proto__ as any other', () => {
    expect(paths({}, { toString: 'x' })).toEqual(['toString']);
    expect(paths(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}'))).toEqual(['__proto__.a']);
  });
});

describe('JSON as an operator may see it', () => {
  const sealed = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';

  it('JSON as an operator may see it replaces sealed values by a mark, and keeps ids', () => {
    expect(shownJson({ person: sealed, list: [sealed, 1, null], id: '01a20539-8f5f-7648-a0d7-cc50e7f2a7e2' })).toEqual({
      person: '〔密封〕',
      list: ['〔密封〕', 1, null],
      id: '01a20539-8f5f-7648-a0d7-cc50e7f2a7e2',
    });
  });

  it('JSON as an operator may see it cuts long texts', () => {
    expect(shownJson('考'.repeat(200))).toBe('考'.repeat(200));
    expect(shownJson('考'.repeat(201))).toBe(`${'考'.repeat(200)}…`);
  });
});
