import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** Whatever people read: pages, messages, contents, the sandboxes, the proxy's page. */
const files = globSync(['views/**/*.{hbs,md}', 'src/**/*.ts', 'demo/**/*.ts', 'public/*.js', 'deploy/*.html']);
const lines = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((text, at) => ({ text, place: `${file}:${at + 1}` })),
);

/** 已付款的请勿再付 and 请不要再付款 stand where the centre warns; 支付 is what is done at the platform, 缴费 what a candidate owes. */
it.each<[string, RegExp]>([
  ['支付 and not 付款', /(?<!已|请不要再)付款|付过(?<!支付过)|付清|接着付/],
  ['怎样 and not 怎么', /怎么(?!办)|如何/],
  ['自考办 and not 考办', /(?<!自)考办|招办/],
  ['电脑 and not 电脑端', /电脑端|PC端|计算机端/],
])('Pages say %s', (_, other) => {
  expect(lines.filter(({ text }) => other.test(text)).map(({ place, text }) => `${place}: ${text.trim().slice(0, 80)}`)).toEqual([]);
});

it('The check of Chinese words finds the files that people read', () => {
  expect(lines.some(({ text }) => text.includes('已付款的请勿再付'))).toBe(true);
});
