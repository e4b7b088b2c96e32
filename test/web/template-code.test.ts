import { expect, it } from '@jest/globals';
import { codeOf, codeOfAll } from '../../src/web/template-code.js';
import { builtTemplates } from '../../src/web/view-files.js';

const words = ['as-day'];
const source = '<p>{{as-day date}}</p>';

it('The build keeps the code of every template', () => {
  expect(builtTemplates()).toEqual(codeOfAll());
});

it('A template that has changed since it was built, or may say other words, is compiled anew', () => {
  const compiled = codeOf('notices/notice', source, words, {});
  const [digest = ''] = Object.keys(codeOfAll());
  expect(compiled).toContain('<p>');
  expect(codeOf('notices/notice', source, words, { [digest]: 'built' })).toBe(compiled);
  expect(() => codeOf('notices/notice', source, [], {})).toThrow('views/notices/notice.hbs is no template');
});

it('A text that is no template is an error that names its file', () => {
  expect(() => codeOf('notices/notice', '{{#if day}}', words, {})).toThrow('views/notices/notice.hbs is no template');
});
