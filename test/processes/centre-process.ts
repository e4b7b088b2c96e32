import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { type Ended, run } from '../cli/run.js';
import { limitFiles } from '../file-limit.js';
import { until } from '../until.js';

/** The output of `start --json` when the centre is usable. */
export interface Started {
  readonly address: string;
  readonly sandboxes: readonly { readonly name: string; readonly address: string }[];
  readonly officers: readonly { readonly account: string; readonly role: string; readonly code?: string }[];
  readonly demo: readonly { readonly label: string; readonly admissionNo: string; readonly citizenNo?: string; readonly password: string }[];
}

/** Milliseconds that a start may take on a busy machine. */
const PATIENCE = 120_000;

const folders: string[] = [];
const running: CentreProcess[] = [];
afterEach(async () => {
  for (const centre of running.splice(0)) await centre.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'process-'));
  folders.push(made);
  return made;
}

/** The built centre in its own process, on a free port. */
export class CentreProcess {
  private readonly child;
  readonly ended: Promise<Ended>;
  private readonly lines: string[] = [''];
  private over: Ended | undefined;

  /** @param program another release's program */
  constructor(environment: Readonly<Record<string, string>>, program?: string) {
    const { child, ended } = run(['start', '--json'], { PORT: '0', DEMO: 'false', ...environment }, program);
    this.child = child;
    this.ended = ended;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const [first = '', ...more] = chunk.split('\n');
      this.lines.push((this.lines.pop() ?? '') + first, ...more);
    });
    void ended.then((over) => {
      this.over = over;
    });
    running.push(this);
  }

  /** Resolves when it listens. */
  started(): Promise<Started> {
    return until(
      'the centre to listen',
      () => {
        const said = this.lines.slice(0, -1).find((line) => line.startsWith('{"address"'));
        if (said) return JSON.parse(said) as Started;
        if (this.over) throw new Error(`it ended with ${this.over.code}: ${this.over.stderr}${this.over.stdout}`);
        return undefined;
      },
      PATIENCE,
    );
  }

  /** Its log lines so far, without the line of `--json`. */
  get logged(): readonly string[] {
    return this.lines.filter((line) => line.startsWith('{"level"'));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Limits the size of its files, until it is called without a number. */
  limitFiles(bytes?: number): Promise<void> {
    return limitFiles(this.child, bytes);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when it has exited. */
  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }
}

const KILL_AT = fileURLToPath(new URL('kill-at.mjs', import.meta.url));

/** The environment for a process that kills itself at a moment of kill-at.mjs, such as `after commit of BillPaid`. */
export function killedAt(moment: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${KILL_AT}`, KILL_AT: moment };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends GET, or POST with a form, like a browser. Does not follow redirects. */
export async function ask(address: string, path: string, { cookie, form }: { cookie?: string; form?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  const answer = await fetch(`${address}${path}`, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

/** Signs in and returns the session's cookie. */
export async function signIn(address: string, account: string, password: string): Promise<string> {
  const { status, headers } = await ask(address, '/login', { form: { account, password } });
  if (status !== 303) throw new Error(`signing in answered ${status}`);
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Resolves when the process at an address is ready. */
export async function ready(address: string): Promise<void> {
  await until('the process to be ready', async () => (await ask(address, '/health/ready')).status === 200);
}
