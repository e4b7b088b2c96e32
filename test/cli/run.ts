import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/personal-centre.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without lines of progress, which a command shows only where it is slow. */
  readonly stderr: string;
}

/** A line that says how far a command is, as src/cli/program/progress.ts writes it. */
const PROGRESS = /^\S.* \d+%，\d+ \S+，\d+ \S+\/秒，剩余 .+\n/gm;

export function withoutProgress(stderr: string): string {
  return stderr.replace(PROGRESS, '');
}

/** Runs the built command line, or that of another release, in a process of its own. */
export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program = PROGRAM,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr: withoutProgress(stderr) }));
  });
  return { child, ended };
}

/** The line of JSON that ends the output. */
export function jsonOf<Answer = Record<string, unknown>>({ stdout }: Ended): Answer {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
