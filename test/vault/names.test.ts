import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withModernCharacters } from '../../src/vault/modern-characters.js';
import { formerNormalisedName, isSameName, normalisedName } from '../../src/vault/names.js';

const text = fc.string({
  unit: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 2 }), fc.constantFrom('·', '‧', '。', '○', '〇', '\ue863', '䶮', '-', ' ', 'ΐ', 'ß')),
});

describe('Two spellings of a name', () => {
  it.each([
    ['阿依古丽·买买提', '阿依古丽•买买提'],
    ['阿依古丽·买买提', '阿依古丽‧ 买买提'],
    ['阿依古丽·买买提', '阿依古丽・买买提'],
    ['阿依古丽·买买提', '阿依古丽．买买提'],
    ['阿依古丽·买买提', '阿依古丽･买买提'],
    ['阿依古丽·买买提', '阿依古丽∙买买提'],
    ['阿依古丽·买买提', '阿依古丽买买提'],
    ['阿依古丽·买买提', '阿依古丽。买买提'],
    ['阿依古丽·买买提', '阿依古丽-买买提'],
    ['阿依古丽·买买提', '阿依古丽 • 买买提'],
    ['张 三', '张三'],
    ['张　三', '张三'],
    ['John Smith', 'ＪＯＨＮ　ＳＭＩＴＨ'],
    ['葛\u{e0100}洪', '葛洪'],
    ['王䶮', '王\ue863'],
    ['龶文', '\ue82b文'],
    ['𠂇三', '\ue816三'],
    ['李〇', '李○'],
    ['方静', '⽅静'],
    ["O'BRIEN ANNE-MARIE", 'Ｏ’Ｂｒｉｅｎ Ａｎｎｅ Ｍａｒｉｅ'],
  ])('Two spellings of a name are the same name: %j and %j', (one, other) => {
    expect(normalisedName(one)).toBe(normalisedName(other));
    expect([isSameName(one, other), isSameName(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['张三', '张珊'],
    ['张三', '张'],
    ['王䶮', '王\ue862'],
    ['王䶮', '王'],
    ['阿依古丽·买买提', '阿依古丽·买买'],
    ['张三', ''],
  ])('Two spellings of a name are different names: %j and %j', (one, other) => expect(isSameName(one, other)).toBe(false));

  it('Two spellings of a name are not the same name when they name nobody', () => expect([isSameName('', ''), isSameName('·', ' ')]).toEqual([false, false]));

  it('Two spellings of a name have a normalised form that is stable', () =>
    fc.assert(fc.property(text, (name) => normalisedName(normalisedName(name)) === normalisedName(name))));

  it('Two spellings of a name lead from the former normalised form to the present one', () =>
    fc.assert(fc.property(text, (name) => normalisedName(formerNormalisedName(name)) === normalisedName(name))));
});

describe('Private-use characters of GBK', () => {
  const gb = new TextDecoder('gb18030');
  const decoded = (row: number, cells: readonly number[], first: number) =>
    cells.map((cell, at) => [String.fromCodePoint(first + at), gb.decode(Uint8Array.of(row, cell))] as const);
  const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((cell) => cell !== 0x7f);

  it('Private-use characters of GBK are shown as in GB 18030-2022, as far as the decoder of this machine supports it', () => {
    const known = [
      ...decoded(0xfe, range(0x50, 0xa0), 0xe815),
      ...decoded(0xa6, [0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xec, 0xed, 0xf3], 0xe78d),
      ...decoded(0xa8, [0xbc, 0xbf], 0xe7c7),
      ...decoded(0xa9, range(0x89, 0x95), 0xe7e7),
    ].filter(([before, now]) => now !== before);
    expect(known.length).toBeGreaterThan(85);
    expect(known.map(([before]) => withModernCharacters(before))).toEqual(known.map(([, now]) => now));
  });

  it('Private-use characters of GBK have a modern character each, all 80 of row FE', () => {
    const modern = Array.from({ length: 80 }, (_, at) => withModernCharacters(String.fromCodePoint(0xe815 + at)));
    expect(modern.filter((character) => /\p{Co}/u.test(character))).toEqual([]);
    expect(new Set(modern).size).toBe(80);
  });

  it('Private-use characters of GBK stay when no table has a replacement, and so do all other characters', () => {
    expect(withModernCharacters('王\ue000\ue814\ue865 䶮ａ○')).toBe('王\ue000\ue814\ue865 䶮ａ○');
  });
});
