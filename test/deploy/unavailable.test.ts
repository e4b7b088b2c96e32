import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { load } from 'cheerio';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const page = load(read('deploy/unavailable.html'));

it('The proxy’s page for the case that no process answers is in Chinese, says what to do, and needs nothing that a process would have to serve', () => {
  expect(page('html').attr('lang')).toBe('zh-CN');
  expect(page('main').text()).toContain('请几分钟后再试');
  expect(page('main').text()).toContain('已付款的请勿再付');
  expect(page('link, script, img, iframe, object, form').length).toBe(0);
  expect(page('style').text()).not.toMatch(/url\(|@import/);
  expect(
    page('a')
      .map((_, link) => page(link).attr('href'))
      .get(),
  ).toEqual(['/center']);
});

it('The proxy answers its own errors with that page, which the compose file puts where it looks', () => {
  const [, errors = ''] = /handle_errors \{([^}]*)\}/.exec(read('deploy/Caddyfile')) ?? [];
  const [, folder] = /root \* (\S+)/.exec(errors) ?? [];
  const [, file] = /rewrite \* (\S+)/.exec(errors) ?? [];
  expect(errors).toMatch(/\bfile_server\b/);
  expect(read('docker-compose.yml')).toContain(`./deploy/unavailable.html:${folder}${file}:ro`);
});
