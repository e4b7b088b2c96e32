import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { transform } from 'esbuild';

const PROGRAM = fileURLToPath(new URL('../../bin/personal-centre.mjs', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));
const [oldest = ''] = /\d+/.exec(JSON.parse(readFileSync(PACKAGE, 'utf8')).engines.node) ?? [];

/** Runs the program by a Node that says it is of another version; the one that was brought along is that one too. */
async function runBy(version: string, ...args: readonly string[]) {
  const pretending = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process.versions, 'node', { value: '${version}' })`)}`;
  const running = promisify(execFile)(process.execPath, ['--import', pretending, PROGRAM, ...args], {
    env: { PATH: process.env.PATH, PERSONAL_CENTRE_NODE: 'brought' },
  });
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it.each(['start', 'verify', '--help'])('`personal-centre %s` refuses a Node older than `engines` with one sentence', async (command) => {
  const version = `${Number(oldest) - 2}.18.0`;
  expect(await runBy(version, command)).toEqual({
    code: 1,
    stdout: '',
    stderr: `需要 Node ${oldest} 或更新的版本，当前是 ${version}。请先运行 npm ci。\n`,
  });
});

it('`personal-centre` runs by the oldest Node that `engines` allows', async () => {
  expect(await runBy(`${oldest}.0.0`, '--help')).toMatchObject({ code: 0, stderr: '' });
});

it('The program can be read by Node 12, so that it can say which one it needs', async () => {
  const text = readFileSync(PROGRAM, 'utf8');
  const [forOld, asItIs] = await Promise.all(['node12.20', 'esnext'].map((target) => transform(text, { format: 'esm', target })));
  expect(forOld?.code).toBe(asItIs?.code); // nothing has to be rewritten
});
