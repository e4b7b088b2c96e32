import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const part of ['bin', 'public', 'package.json', ...globSync('*.mjs', { cwd: ROOT })])
    cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** Runs the program of the checkout, which has no packages. */
function start() {
  return promisify(execFile)(process.execPath, [join(checkout, 'bin/personal-centre.mjs'), 'start'], { cwd: checkout }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it('A checkout that is not built and has no packages to build with says in one sentence what to run', async () => {
  const { code, stdout, stderr } = await start();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^程序还没有构建，而构建用的包没有安装。请先运行 npm ci 和 npm run build；.*（Cannot find package 'esbuild' .*）\n$/);
});

it('A built program whose packages are not installed says in one sentence what to run', async () => {
  mkdirSync(join(checkout, 'dist/src'), { recursive: true });
  writeFileSync(join(checkout, 'dist/built'), '');
  writeFileSync(join(checkout, 'dist/src/cli.js'), "import 'commander';\n");
  const { code, stdout, stderr } = await start();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^程序用的包没有安装，或者没有装全。请先运行 npm ci（.*）。（Cannot find package 'commander' .*）\n$/);
});
