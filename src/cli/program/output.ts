import { styleText } from 'node:util';
import { beijingJson, beijingText } from './beijing-time.js';
import type { Failure } from './failures.js';
import type { Progress } from './progress.js';

/** Ignores EPIPE: when the reader of the output stops (`| head`), the command still does its work. */
export function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Aborts once nobody reads the answer any more, which shows when something is written. */
export function unreadSignal(): AbortSignal {
  const unread = new AbortController();
  process.stdout.once('error', () => unread.abort()).once('close', () => unread.abort());
  return unread.signal;
}

/** Resolves once all output is written. */
export async function flushOutput(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
}

/** What a command says, with times in Beijing's: with `json` stdout has JSON alone, with `quiet` only what was asked for and what is wrong is said. */
export class Output {
  private readonly json: boolean;
  private readonly quiet: boolean;

  constructor({ json, quiet }: { readonly json: boolean; readonly quiet: boolean }) {
    this.json = json;
    this.quiet = quiet;
  }

  /** A line of what was asked for. */
  answer(line: string): void {
    if (!this.json) write(process.stdout, beijingText(line));
  }

  /** The same where it says that something is not well. */
  wrong(line: string): void {
    if (!this.json) write(process.stdout, styleText('red', beijingText(line), { stream: process.stdout }));
  }

  /** That something was done. */
  done(line: string): void {
    if (!this.quiet) this.answer(line);
  }

  /** A remark beside the answer. */
  note(line: string): void {
    if (!this.quiet && !this.json) write(process.stderr, styleText('dim', beijingText(line), { stream: process.stderr }));
  }

  /** Bytes that nobody else has; with `json` on stderr. */
  keep(bytes: string | Uint8Array): void {
    (this.json ? process.stderr : process.stdout).write(bytes);
  }

  /** How far it is, on stderr. @param unit what is counted */
  async progress(unit?: string): Promise<Progress> {
    const { progressOn, SILENT } = await import('./progress.js');
    return this.quiet ? SILENT : progressOn(process.stderr, unit);
  }

  /** One of many things as they come: with `json` a line of its own before the result. */
  item(value: object): void {
    this.result(value);
  }

  /** The line that ends stdout with `json`. */
  result(value: object): void {
    if (this.json) write(process.stdout, beijingJson(value));
  }

  /** Why a command failed: for people on stderr, with `json` on stdout too. @param beside what it has found all the same */
  failure({ code, message, hint, stack }: Failure, beside: object = {}): void {
    write(process.stderr, styleText('red', stack === undefined ? message : '程序出错，请把以下内容交给维护程序的人：', { stream: process.stderr }));
    if (stack !== undefined) write(process.stderr, stack);
    if (hint !== undefined) write(process.stderr, hint);
    this.result({ ...beside, error: { code, message, hint } });
  }
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`);
}
