import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { run } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('A command keeps the code that was compiled for it', async () => {
  const kept = join(folder, 'kept');
  expect(await run(['--help'], { NODE_COMPILE_CACHE: kept }).ended).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(kept)).not.toEqual([]);
});

it('A command works as ever where it can keep no compiled code', async () => {
  expect(await run(['--help'], { NODE_COMPILE_CACHE: '/dev/null/kept' }).ended).toMatchObject({ code: 0, stderr: '' });
});

it('Compiled code is kept beside what is built unless another place is named', async () => {
  await run(['--help']).ended;
  expect(existsSync(new URL('../../dist/compiled', import.meta.url))).toBe(true);
});
