import { expect, it } from '@jest/globals';
import { inertPage, textOfPage } from '../../../src/cli/looking/page-output.js';

const BODY = `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="3;url=/center">
<link rel="stylesheet" href="/assets/look.css"><script src="/assets/app.js" defer></script></head><body data-seconds-left="9">
<header class="bar"><div><a class="back" href="/center">返回</a><h1>当期成绩</h1></div></header>
<main id="main"><p>国际贸易理论与实务 <span class="num" aria-hidden="true">2</span><span class="sr"> 二</span> 门，A &amp; B</p>
<form method="post" action="/center/bills"><button>支付</button></form><svg><title>图</title></svg></main><script>alert(1)</script></body></html>`;

it('A page that is looked at has its styles and a remark, and nothing in it works', () => {
  const html = inertPage({ status: 200, location: undefined, contentType: 'text/html', body: BODY, styles: 'p{color:red}</style>' }, '不能用 <b>');
  expect(html).not.toMatch(/<script|<link|http-equiv="refresh"/);
  expect(html).toContain(`form-action 'none'`);
  expect(html).toContain('<form inert method="post"');
  expect(html).toContain('<a inert class="back"');
  expect(html).toContain('<style>p{color:red}<\\/style></style>');
  expect(html).toMatch(/<body data-seconds-left="9"><p role="note"[^>]*>不能用 &lt;b><\/p>/);
});

it('The text of a page has its title and its content by lines, without what is only read aloud', () => {
  expect(textOfPage(BODY)).toEqual(['当期成绩', '国际贸易理论与实务 2 门，A & B', '支付']);
});
