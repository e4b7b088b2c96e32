import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeBatch } from '../../imports/batch.js';
import { run } from '../run.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/personal-centre.mjs', import.meta.url));
const page = readFileSync(new URL('docs/correcting.md', new URL('../../../', import.meta.url)), 'utf8');
const exec = promisify(execFile);

interface Step {
  readonly command: string;
  /** Lines that are printed, with … for anything. */
  readonly prints: readonly string[];
}

const steps: readonly Step[] = [...page.matchAll(/^```sh\n([\s\S]*?)\n```/gm)].flatMap(([, block = '']) => {
  const found: { command: string; prints: string[] }[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('# ')) found.at(-1)?.prints.push(line.slice(2));
    else found.push({ command: line, prints: [] });
  }
  return found;
});

let here: string;
beforeAll(async () => {
  here = mkdtempSync(join(tmpdir(), 'correcting-'));
  const at = { DATA_DIR: join(here, 'data') };
  await writeBatch(join(here, 'batch'), { candidates: 4 });
  for (const args of [
    ['import', join(here, 'batch')],
    ['office', 'add', 'zhou', '--role', 'city'],
    ['office', 'add', 'he', '--role', 'approver'],
  ])
    expect(await run(args, at).ended).toMatchObject({ code: 0 });
  mkdirSync(join(here, 'bin'));
  writeFileSync(join(here, 'bin', 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
});
afterAll(() => rmSync(here, { recursive: true }));

it('The page about correcting prints what it says, typed step by step', async () => {
  const script = steps.map(({ command }, at) => `{ ${command}; } > out.${at} 2>&1`).join('\n');
  const env = { ...process.env, PATH: `${join(here, 'bin')}:${dirname(process.execPath)}:${process.env.PATH}`, DATA_DIR: join(here, 'data') };
  await exec('bash', ['-c', script], { cwd: here, env });
  expect(steps.length).toBeGreaterThan(10);
  for (const [at, { command, prints }] of steps.entries()) {
    const printed = readFileSync(join(here, `out.${at}`), 'utf8');
    for (const line of prints) {
      const pattern = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      expect([command, printed]).toEqual([command, expect.stringMatching(new RegExp(pattern.join('.*')))]);
    }
  }
});
