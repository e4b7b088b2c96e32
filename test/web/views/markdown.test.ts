import { describe, expect, it } from '@jest/globals';
import { markdownToHtml } from '../../../src/web/views/markdown.js';

/** On one line. */
const html = (text: string) => markdownToHtml(text).replaceAll('\n', '');

describe('Markdown as Chinese offices write it', () => {
  it.each([
    ['**报名时间：**12月1日起', '<p><strong>报名时间：</strong>12月1日起</p>'],
    ['请带**“准考证”**和**身份证（原件）**入场', '<p>请带<strong>“准考证”</strong>和<strong>身份证（原件）</strong>入场</p>'],
    ['**注意！**不得携带手机', '<p><strong>注意！</strong>不得携带手机</p>'],
    ['详见**《考生守则》**第三条', '<p>详见<strong>《考生守则》</strong>第三条</p>'],
    ['在**网上。**办理', '<p>在<strong>网上。</strong>办理</p>'],
    ['*（重要）*通知', '<p><em>（重要）</em>通知</p>'],
    ['原价~~30元。~~现价', '<p>原价<s>30元。</s>现价</p>'],
  ])('Markdown as Chinese offices write it shows %s in bold', (text, shown) => expect(html(text)).toBe(shown));

  it('Markdown as Chinese offices write it keeps single line breaks', () =>
    expect(html('一、到场；\n二、手机；\r\n三、迟到。\n\n完')).toBe('<p>一、到场；<br>二、手机；<br>三、迟到。</p><p>完</p>'));

  it.each([
    ['four spaces', '以上。\n\n    请相互转告。'],
    ['a tab', '以上。\n\n\t请相互转告。'],
    ['two wide spaces', '以上。\n\n　　请相互转告。'],
  ])('Markdown as Chinese offices write it takes a paragraph indented by %s as a paragraph', (_, text) =>
    expect(html(text)).toBe('<p>以上。</p><p>请相互转告。</p>'),
  );

  it('Markdown as Chinese offices write it shows all lines of an indented text with one indentation', () =>
    expect(html('　　第一条\n　　第二条')).toBe('<p>第一条<br>第二条</p>'));

  it('Markdown as Chinese offices write it shows a fenced block as it was typed', () => expect(html('```\n    a\n```')).toContain('<pre><code>    a'));

  it('Markdown as Chinese offices write it shows tags as text, indented or not, and no image', () => {
    expect(html('    <b>x</b>')).toBe('<p>&lt;b&gt;x&lt;/b&gt;</p>');
    expect(html('![图](https://example.org/a.png)')).not.toContain('<img');
  });
});
