import { knownCommands } from '../../src/cli/known-commands.js';
import { main } from '../../src/cli/program/program.js';
import { type Ended, withoutProgress } from './run.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let isRunning = false;

/**
 * Runs the command line here, which takes a tenth of the work of a process of its own (`run`): with this environment alone, its output
 * captured and its log silent. It is for commands that end by themselves, one at a time.
 */
export async function told(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  if (isRunning) throw new Error('another command runs here: one of them needs a process of its own');
  isRunning = true;
  const { PATH = '', LOG_LEVEL = '' } = process.env;
  const before = { ...process.env };
  const listeners = SIGNALS.map((signal) => process.listeners(signal));
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  setEnvironment({ PATH, LOG_LEVEL, ...environment });
  try {
    const code = await main(args, knownCommands);
    return { code, signal: null, stdout: stdout.end(), stderr: withoutProgress(stderr.end()) };
  } finally {
    stdout.end();
    stderr.end();
    setEnvironment(before);
    for (const [at, signal] of SIGNALS.entries()) {
      for (const listener of process.listeners(signal)) if (!listeners[at]?.includes(listener)) process.removeListener(signal, listener);
    }
    isRunning = false;
  }
}

/** Of the process itself: threads begin with a copy of it. */
function setEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

/** Keeps what is written until `end`, which answers it. */
function capture(stream: NodeJS.WriteStream): { end(): string } {
  const written: Uint8Array[] = [];
  const { write } = stream;
  stream.write = (chunk: string | Uint8Array, ...[encoding, done]: unknown[]) => {
    written.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    for (const callback of [encoding, done]) if (typeof callback === 'function') callback();
    return true;
  };
  const end = () => {
    stream.write = write;
    return Buffer.concat(written).toString('utf8');
  };
  return { end };
}
