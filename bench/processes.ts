import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MASTER_KEY, SESSION_SECRET } from './sessions.js';

/* Everything measured runs in a process of its own, as in production, and not on the event loop that measures. */

const COMMAND_LINE = fileURLToPath(new URL('../src/cli.js', import.meta.url));
const LOOK_EVERY = 50;

/** The result of an import. */
export interface ImportRun {
  readonly rows: number;
  /** Events recorded. */
  readonly recorded: number;
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** The most memory that the process had at once, in MiB. */
  readonly peak: number;
}

/** A running server. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  /** Milliseconds of processor time that it has taken so far, in all its threads. */
  worked(): number;
  stop(): Promise<void>;
}

/** The result of a command: its last line, as JSON. */
export interface CommandRun<Answer> {
  readonly answer: Answer;
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** The most memory that the process had at once, in MiB. */
  readonly peak: number;
}

/**
 * Imports a folder by the command line.
 * @param settings in addition to those of every process here
 * @param program the command line of another build
 */
export async function importFolder(
  folder: string,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  program = COMMAND_LINE,
): Promise<ImportRun> {
  const { answer, ...took } = await runCommand<{ rows: number; recorded: number }>(['import', folder, '--json'], dataDir, settings, program);
  return { rows: answer.rows, recorded: answer.recorded, ...took };
}

/** Runs a command of the command line to its end; `given` includes `--json`. */
export async function runCommand<Answer>(
  given: readonly string[],
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
  program = COMMAND_LINE,
): Promise<CommandRun<Answer>> {
  const begun = performance.now();
  const child = started(program, given, dataDir, settings);
  let peak = 0;
  const looking = setInterval(() => {
    peak = Math.max(peak, peakOf(child));
  }, LOOK_EVERY);
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) last = line;
  if (child.exitCode === null) await once(child, 'exit');
  clearInterval(looking);
  if (child.exitCode !== 0) throw new Error(`${given[0]} ended with ${child.exitCode}: ${last}`);
  return { answer: JSON.parse(last) as Answer, seconds: (performance.now() - begun) / 1_000, peak };
}

/** The centre itself, with all its roles. @param settings in addition to those of every process here */
export function centre(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  return served(started(COMMAND_LINE, ['start', '--json'], dataDir, settings));
}

/** Starts a script that serves, and prints its address in a line `{"address": …}`. */
export function server(script: URL, dataDir: string): Promise<RunningServer> {
  return served(started(fileURLToPath(script), [], dataDir));
}

/** Sends a script one message and returns its one answer. */
export async function askProcess<Answer>(script: URL, message: object): Promise<Answer> {
  const child = ended(fork(script, { stdio: 'inherit' }));
  child.send(message);
  const answer = await Promise.race([once(child, 'message').then(([value]) => value as Answer), once(child, 'exit')]);
  if (Array.isArray(answer)) throw new Error(`${script} ended with ${child.exitCode} and no answer`);
  child.disconnect();
  return answer;
}

function started(script: string, given: readonly string[], dataDir: string, settings: Readonly<Record<string, string>> = {}) {
  const own = {
    NODE_ENV: 'production',
    ALLOW_PLAIN_HTTP: 'true',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    SESSION_SECRET,
    MASTER_KEY,
  };
  const env = { ...process.env, ...own, ...settings };
  return ended(spawn(process.execPath, [script, ...given], { env, stdio: ['ignore', 'pipe', 'inherit'] }));
}

async function served(child: ReturnType<typeof started>): Promise<RunningServer> {
  const { address } = await saidBy(child);
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  };
  return { address, worked: () => workedBy(child), stop };
}

/** The line of JSON that a server prints once it listens, whatever it prints before. */
async function saidBy(child: ReturnType<typeof started>): Promise<{ readonly address: string }> {
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) return JSON.parse(line);
  throw new Error('a server ended before it served');
}

/** Ends with this process. */
function ended<Child extends ChildProcess>(child: Child): Child {
  const end = () => child.kill();
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** Processor time by proc(5), which counts hundredths of a second. */
function workedBy({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14);
  return (Number(user) + Number(system)) * 10;
}

function peakOf({ pid, exitCode }: ChildProcess): number {
  if (exitCode !== null) return 0;
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) / 1024;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return 0; // it has just ended
    throw error;
  }
}
