import { createInterface } from 'node:readline/promises';
import { CommandRefused, WrongUse } from './errors.js';

/** Asks on a terminal whether something is to be destroyed. Where there is none, `--yes` must have said so. @throws WrongUse */
export function assertAnswerable(question: string): void {
  if (!isTerminal()) throw new WrongUse('not_confirmed', `${question} 没有终端可以回答：确定的话请加上 --yes`);
}

/** @throws CommandRefused for any answer but yes */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question}（y/N）`, { signal });
    if (!/^\s*(y|yes|是)\s*$/i.test(answer)) throw new CommandRefused('not_confirmed', '没有做');
  } finally {
    terminal.close();
  }
}

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
