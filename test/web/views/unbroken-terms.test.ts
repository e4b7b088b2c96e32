import { expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { withUnbrokenTerms } from '../../../src/web/views/unbroken-terms.js';

const whole = (html: string) =>
  load(withUnbrokenTerms(html))('.whole')
    .toArray()
    .map((each) => load(each).text());

it.each<[string, readonly string[]]>([
  ['<p>12月4日 24:00 截止，还有 5 天。</p>', ['12月4日', '24:00 截止', '还有 5 天']],
  ['<p>4 门课程，合格 3 门。<b>2026年11月28日</b></p>', ['4 门', '3 门', '2026年11月28日']],
  ['<dl><dd>00318 · 150 分钟</dd></dl>', ['· ', '150 分钟']],
  ['<small>A 单元</small>', ['A 单元']],
  ['<p>合计<span class="num">¥ 76.00</span></p>', ['¥ 76.00']],
])('Running text does not break within a term: %s', (html, expected) => {
  expect(whole(html)).toEqual(expected);
});

it('Headings, buttons, rows and attributes are not changed by keeping terms whole, and the text stays the same', () => {
  const html = '<h2>2026年10月 <span>2 门</span></h2><a class="btn" title="12月4日" href="/x?a=12月4日">去支付 ¥ 76.00</a><p>还有 <b>6 天</b></p><li>3 门</li>';
  expect(whole(html)).toEqual(['6 天']);
  expect(load(withUnbrokenTerms(html)).text()).toBe(load(html).text());
});
