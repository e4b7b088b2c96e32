import { describe, expect, it } from '@jest/globals';
import { searchOf } from '../../src/web/search.js';

const finds = (typed: string, code = '01B0218', name = '人力资源管理(专升本)') => searchOf(typed).matches(code, name);

describe('A search', () => {
  it('A search matches the beginning of a code, in any case and width', () => {
    expect(['01B', ' 01b02 ', '０１Ｂ０２１８', '01 B0'].map((typed) => finds(typed))).toEqual([true, true, true, true]);
    expect(finds('1B')).toBe(false);
  });

  it('A search matches any part of a name', () => {
    expect(['资源', '（专升本）', '人力 资源'].map((typed) => finds(typed))).toEqual([true, true, true]);
    expect(finds('资源人')).toBe(false);
  });

  it('A search finds a name with private characters of GBK or other dots by the modern ones, and the reverse', () => {
    expect(finds('䶮·史', '1', '\ue863史概论')).toBe(true);
    expect(finds('\ue863 史', '1', '䶮·史概论')).toBe(true);
    expect(finds('-', '1', '概论')).toBe(false);
  });

  it('A search is not made when only spaces or nothing was typed', () => {
    expect([searchOf('  \u3000'), searchOf(undefined), searchOf(['a', 'b'])].map(({ any, text }) => [any, text])).toEqual([
      [false, ''],
      [false, ''],
      [false, ''],
    ]);
    expect(finds('')).toBe(true);
  });

  it('A search is refused above 40 characters, however each is encoded', () => {
    expect(searchOf('𠮷'.repeat(40)).refused).toBeUndefined();
    expect(searchOf('𠮷'.repeat(41)).refused).toContain('40');
  });
});
