import { expect, it } from '@jest/globals';
import { compileAllTemplates, templateCode } from '../../../src/web/views/template-compiler.js';
import { compiledTemplates } from '../../../src/web/views/view-files.js';

const words = ['as-day'];
const source = '<p>{{as-day date}}</p>';

it('The build keeps the code of every template', () => {
  expect(compiledTemplates()).toEqual(compileAllTemplates());
});

it('A template that has changed since the build, or may use other words, is compiled anew', () => {
  const compiled = templateCode('notices/notice', source, words, {});
  const [digest = ''] = Object.keys(compileAllTemplates());
  expect(compiled).toContain('<p>');
  expect(templateCode('notices/notice', source, words, { [digest]: 'built' })).toBe(compiled);
  expect(() => templateCode('notices/notice', source, [], {})).toThrow('views/notices/notice.hbs is no template');
});

it('A syntax error in a template is reported with its file', () => {
  expect(() => templateCode('notices/notice', '{{#if day}}', words, {})).toThrow('views/notices/notice.hbs is no template');
});
