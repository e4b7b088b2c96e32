import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { differenceLines, differencePage } from '../../../src/cli/read-models/difference-report.js';
import { type Difference, DifferenceTally } from '../../../src/read-models/differences/difference-tally.js';

const AT = new Date('2026-11-22T10:05:00Z');

/** What comes of documents before and after. */
function differenceOf(pairs: readonly (readonly [key: string, before: unknown, after: unknown])[], more: Partial<Difference> = {}): Difference {
  const tally = new DifferenceTally();
  for (const pair of pairs) tally.add(...pair);
  return { one: 'sittings@2', other: 'sittings@3', compared: pairs.length, ...tally.result(), newlyQuarantined: [], ...more };
}

const corrected = differenceOf([
  ['zhang', { 2608: { '00149': { result: { score: 58 } } } }, { 2608: { '00149': { result: { score: 63 } } } }],
  ['li', { 2608: {} }, undefined],
  ['wang', undefined, { 2608: {} }],
  ['zhao', { 2608: {} }, { 2608: {} }],
]);

describe('The report of a difference', () => {
  it('The report of a difference names in words what was found, with what was and what is', () => {
    expect(differenceLines(corrected, '正在使用的 ')).toEqual([
      'sittings@3 与正在使用的 sittings@2：比较了 4 个文档，多出的文档 1 个，缺少的文档 1 个，改变的文档 1 个',
      '  字段 *.*.result.score：1 个文档',
      '  多出的文档 wang',
      '    整个文档：（无） → {"2608":{}}',
      '  缺少的文档 li',
      '    整个文档：{"2608":{}} → （无）',
      '  改变的文档 zhang',
      '    2608.00149.result.score：58 → 63',
    ]);
  });

  it('The report of a difference says so when there is none', () => {
    const none = differenceOf([['zhao', {}, {}]]);
    expect(differenceLines(none)).toEqual(['sittings@3 与 sittings@2：比较了 1 个文档，没有差异']);
    expect(load(differencePage([none], AT))('section').text()).toContain('没有差异');
    expect(load(differencePage([], AT))('body').text()).toContain('没有别的版本可以比较');
  });

  it('The report of a difference names what moves and what is newly in quarantine', () => {
    const found = differenceOf([], { moving: { documents: 2, examples: ['zhang', 'li'] }, newlyQuarantined: ['wang'] });
    const lines = ['  一直在变化、无法比较的文档 2 个，如 zhang、li', '  新被隔离的文档 1 个：wang'];
    expect(differenceLines(found).slice(1)).toEqual(lines);
    const text = load(differencePage([found], AT))('section').text();
    expect(text).toContain('一直在变化、无法比较：2 个');
    expect(text).toContain('新被隔离：1 个');
    expect(text).not.toContain('没有差异');
  });

  it('The report of a difference is a page that tells the same, each value escaped, and loads nothing', () => {
    const attack = '</code><script>alert(1)</script>&amp;"';
    const page = differencePage([corrected, differenceOf([[attack, { [attack]: attack }, { [attack]: 1 }]])], AT);
    const $ = load(page);
    expect(
      $('h2')
        .toArray()
        .map((each) => $(each).text()),
    ).toEqual(Array(2).fill('sittings@3 与正在使用的 sittings@2'));
    expect($('.note').first().text()).toContain('2026年11月22日 18:05');
    expect(
      $('section')
        .first()
        .find('td')
        .toArray()
        .map((each) => $(each).text()),
    ).toEqual(['*.*.result.score', '1']);
    expect($('section').first().find('dd').last().text()).toBe('58 → 63');
    expect($('script, link, img, [src], [href]')).toHaveLength(0);
    expect(page).not.toContain('<script');
    expect($('section').last().find('li > code').text()).toBe(attack);
    expect($('section').last().find('del').text()).toBe(JSON.stringify(attack));
  });

  it('The report of a difference shows twenty of a kind and says how many more there are', () => {
    const many = differenceOf(Array.from({ length: 25 }, (_, at) => [`candidate-${at}`, { a: 1 }, { a: 2 }] as const));
    const $ = load(differencePage([many], AT));
    expect($('li')).toHaveLength(20);
    expect($('section').text()).toContain('另有 5 个没有列出');
    expect(differenceLines(many).filter((line) => line.startsWith('  改变的文档'))).toHaveLength(20);
  });

  it('The report of a difference never shows what is sealed, and cuts what is long', () => {
    const sealed = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';
    const found = differenceOf([
      ['zhang', { person: sealed }, { person: `${sealed}x` }],
      ['li', undefined, { person: sealed, list: Array(1_000).fill('很长') }],
    ]);
    const [page, lines] = [differencePage([found], AT), differenceLines(found).join('\n')];
    for (const shown of [page, lines]) {
      expect(shown).not.toContain(sealed);
      expect(shown).toContain('〔密封〕');
      expect(shown.length).toBeLessThan(6_000);
    }
  });
});
