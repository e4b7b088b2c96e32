import { describe, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { markdownToHtml } from '../../../src/web/views/markdown.js';
import { templateHelpers } from '../../../src/web/views/template-helpers.js';
import { assetManifest } from '../../../src/web/views/view-files.js';

const words = templateHelpers(assetManifest());
const say = (word: string, ...values: unknown[]) => load(String(words[word]?.(...values)));

describe('The number of a candidate, a room or a seat', () => {
  it('The number of a candidate, a room or a seat does not break and is read aloud digit by digit', () => {
    const $ = say('as-digits', '101000000003');
    expect($('[aria-hidden=true]').text()).toBe('101000000003');
    expect($('.sr').text().trim()).toBe('1 0 1 0 0 0 0 0 0 0 0 3');
  });

  it('The number of a candidate, a room or a seat is escaped', () => {
    expect(String(words['as-digits']?.('<b>'))).not.toContain('<b>');
  });
});

describe('The number of a citizen’s document', () => {
  it('The number of a citizen’s document contains its masked characters neither as text nor as a label', () => {
    const html = String(words['as-masked']?.('11010519491231002X'));
    expect(html).toContain('110***************');
    expect(html.replaceAll(/\D/g, '')).toBe('110110');
  });
});

describe('An amount', () => {
  it('An amount is read aloud as yuan', () => {
    expect(say('as-price', 9000)('[aria-hidden=true]').text()).toBe('¥ 90.00');
    expect(say('as-price', 9000)('.sr').text().trim()).toBe('90 元');
  });
});

describe('An icon', () => {
  it('An icon comes from the sprite and is not read aloud', () => {
    const $ = say('icon', 'house');
    expect($('svg').attr('aria-hidden')).toBe('true');
    expect($('use').attr('href')).toMatch(/^\/assets\/icons\.[\w-]{10}\.svg#house$/);
  });

  it('An icon that the sprite lacks is an error', () => {
    expect(() => words.icon?.('no-such-icon')).toThrow('no-such-icon');
  });
});

describe('Markdown of a content or a notice', () => {
  it('Markdown of a content or a notice shows HTML as text', () => {
    expect(markdownToHtml('<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>\n');
  });

  it('Markdown of a content or a notice makes no link that runs a script, and no image', () => {
    const $ = load(markdownToHtml('[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://elsewhere.example/c.png)'));
    expect($('a[href^=javascript], a[href^=data], img')).toHaveLength(0);
  });

  it('Markdown of a content or a notice begins its headings at the second level, whatever level its author began with', () => {
    expect(markdownToHtml('# 一\n\n## 二')).toBe('<h2>一</h2>\n<h3>二</h3>\n');
    expect(markdownToHtml('### 一')).toBe('<h2>一</h2>\n');
  });
});
