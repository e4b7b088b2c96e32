import { createInterface } from 'node:readline/promises';
import { CommandRefused, WrongUse } from './errors.js';
import { Interrupted } from './interrupt.js';

/** Asks on a terminal whether something is to be destroyed. Where there is none, `--yes` must have said so. @throws WrongUse */
export function assertAnswerable(question: string): void {
  if (!isTerminal()) throw new WrongUse('not_confirmed', `${question} 没有终端可以回答：确定的话请加上 --yes`);
}

/** @throws CommandRefused for any answer but yes; Interrupted when it is answered with Ctrl-C or Ctrl-D */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  const answer = await answerTo(`${question}（y/N）`, signal);
  if (!/^\s*(y|yes|是)\s*$/i.test(answer)) throw new CommandRefused('not_confirmed', '没有做');
}

async function answerTo(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } catch (error) {
    // the terminal is read key by key, so that neither key becomes a signal
    throw error instanceof Error && error.name === 'AbortError' ? new Interrupted() : error;
  } finally {
    terminal.close();
  }
}

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
