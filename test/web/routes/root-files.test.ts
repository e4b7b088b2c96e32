import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';

const NAMES = [
  'MP_verify abc.txt',
  '验证.txt',
  'a+b@c.txt',
  '100%.txt',
  '%41.txt',
  'a:b.txt',
  'a*b.txt',
  'a#b.txt',
  'a?b.txt',
  "it's (1) & [2].txt",
  'a,b;c=d$.txt',
  'a::b.txt',
  'login',
];
let root: string;
let centre: TestCentre;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'root-files-'));
  for (const name of NAMES) writeFileSync(join(root, name), `this is ${name}`);
  mkdirSync(join(root, 'below'));
  centre = await TestCentre.open(undefined, { ROOT_FILES_DIR: root });
});
afterAll(async () => {
  await centre.close();
  rmSync(root, { recursive: true });
});

describe('A file for the root of the host', () => {
  it.each(NAMES.filter((name) => name !== 'login'))('A file for the root of the host is found by its name, percent-encoded or not: %s', async (name) => {
    for (const path of [encodeURIComponent(name), encodeURI(name).replaceAll('#', '%23').replaceAll('?', '%3F')]) {
      const answer = await centre.ask(`/${path}`);
      expect([path, answer.status, answer.body]).toEqual([path, 200, `this is ${name}`]);
    }
  });

  it('A file for the root of the host never replaces a page of the centre', async () => {
    const answer = await centre.ask('/login');
    expect([answer.status, answer.body.includes('<html')]).toEqual([200, true]);
  });

  it('A file for the root of the host is not found by other names and doubly encoded addresses, which are answered with the page for that', async () => {
    for (const path of ['/nothing', '/A.txt', '/below', '/100%2525.txt', '/MP_verify%2520abc.txt', '/MP_verify+abc.txt']) {
      const answer = await centre.ask(path);
      expect([path, answer.status, answer.text.includes('没有这个页面')]).toEqual([path, 404, true]);
    }
  });
});
