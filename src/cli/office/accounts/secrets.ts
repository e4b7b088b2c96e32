import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WrongUse } from '../../program/errors.js';

/** What an officer signs in with, as it was typed. */
export interface Secrets {
  readonly password: string;
  /** A code of the app, or a recovery code. */
  readonly code: string;
}

/** Asks for both on a terminal, the password without showing it; otherwise they are two lines of standard input. @throws WrongUse without them */
export async function readSecrets(signal: AbortSignal): Promise<Secrets> {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const [password = '', code = ''] = isTerminal
    ? [await ask('密码：', signal), await ask('验证码或恢复码：', signal)]
    : (await text(process.stdin)).split(/\r?\n/);
  if (password === '' || code.trim() === '') throw new WrongUse('missing_secrets', '要密码和验证码：在终端上输入，或者作为标准输入的两行');
  return { password, code };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nothing, terminal: true });
  try {
    return await terminal.question('', { signal });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
