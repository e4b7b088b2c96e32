import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { scratch } from '../../imports/scratch.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/personal-centre.mjs', import.meta.url));
/** Of util-linux: runs a command on a terminal. */
const SCRIPT = '/usr/bin/script';

/** Runs a command on a terminal and answers its question. */
async function onTerminal(
  command: string,
  answer: string,
  environment: Readonly<Record<string, string>>,
  end = '\n',
): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { PATH: process.env.PATH, TERM: 'xterm', ...environment };
  const child = spawn(SCRIPT, ['-qefc', `${process.execPath} ${PROGRAM} ${command}`, '/dev/null'], { env });
  let said = '';
  child.stdout.on('data', (bytes) => {
    const asked = said.includes('（y/N）');
    said += bytes;
    if (!asked && said.includes('（y/N）')) child.stdin.write(answer + end);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

/** A data folder whose read models have no build. */
async function emptyReadModels(): Promise<string> {
  const data = await scratch();
  const db = new DatabaseSync(join(data, 'read-models.sqlite'));
  db.exec('CREATE TABLE something (value)');
  db.close();
  return data;
}

(existsSync(SCRIPT) ? describe : describe.skip)('On a terminal a command', () => {
  it.each<[string, number, string]>([
    ['n', 1, '没有做'],
    ['', 1, '没有做'],
    ['y', 1, '没有 bills@9'], // it is done, which shows that there is none
  ])('On a terminal a command that destroys something asks first, and after the answer %j ends with %s and says %s', async (answer, exit, sentence) => {
    const { code, said } = await onTerminal('drop bills@9', answer, { DATA_DIR: await emptyReadModels() });
    expect([code, said]).toEqual([exit, expect.stringContaining(sentence)]);
    expect(said).toContain('确定吗？（y/N）');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('On a terminal a command that is answered with %s is interrupted and does nothing', async (_key, typed) => {
    const { code, said } = await onTerminal('drop bills@9', typed, { DATA_DIR: await emptyReadModels() }, '');
    expect([code, said]).toEqual([130, expect.stringContaining('已中断')]);
    expect(said).not.toMatch(/没有 bills@9|可能已经/);
  });

  it('On a terminal a command that lacks what is to be destroyed does not ask', async () => {
    const { code, said } = await onTerminal('drop', 'y', { DATA_DIR: await emptyReadModels() });
    expect([code, said]).toEqual([2, expect.not.stringContaining('（y/N）')]);
  });

  it('On a terminal a command says in colour what went wrong, but not with NO_COLOR', async () => {
    expect((await onTerminal('nonsense', '', {})).said).toContain('\u001b[31m没有命令 nonsense');
    expect((await onTerminal('nonsense', '', { NO_COLOR: '1' })).said).not.toContain('\u001b');
  });
});
