import { expect, it } from '@jest/globals';
import { quickChannels } from '../../src/home/quick-channels.js';

const hrefs = (content: string) => quickChannels(content).map(({ href }) => href);
const DEFAULTS = ['/center/exam', '/center/results', '/center/payments', '/center/bills'];

it('The links 快速通道 are those of the content, each once and at most four', () => {
  const content =
    '- [课程](/center/courses)\n- [专业](/center/majors)\n- [又是课程](/center/courses)\n- [规则](/center/rules) [考籍](/center/status)\n- [账单](/center/bills)';
  expect(hrefs(content)).toEqual(['/center/courses', '/center/majors', '/center/rules', '/center/status']);
});

it.each([
  '[x](https://evil.example/center/exam)',
  '[x](//evil.example/center/exam)',
  '[x](javascript:alert(1))',
  '[x](/center/../logout)',
  '[x](/logout)',
  '[x](/center/exam?next=https://evil.example)',
  '[x](constructor)',
  '<a href="/center/courses">x</a>',
  '考试信息、当期成绩',
  '',
])('The links 快速通道 are the default four for the content %j', (content) => {
  expect(hrefs(content)).toEqual(DEFAULTS);
});

it('A link of 快速通道 without a fitting name has the name of its page', () => {
  expect(quickChannels('[](/center/courses) [一个怎么也放不下的名字](/center/majors)')).toEqual([
    { href: '/center/courses', title: '我的课程' },
    { href: '/center/majors', title: '我的专业' },
  ]);
});
