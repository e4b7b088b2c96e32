import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { type Ended, run } from '../cli/run.js';
import { limitFiles } from '../file-limit.js';
import { until } from '../until.js';

/** What `start --json` says once the centre can be used. */
export interface Started {
  readonly address: string;
  readonly sandboxes: readonly { readonly name: string; readonly address: string }[];
  readonly demo: readonly { readonly label: string; readonly admissionNo: string; readonly citizenNo?: string; readonly password: string }[];
}

/** How long a start may take on a machine that runs other tests beside it, in milliseconds. */
const PATIENCE = 120_000;

const folders: string[] = [];
const running: CentreProcess[] = [];
afterEach(async () => {
  for (const centre of running.splice(0)) await centre.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'process-'));
  folders.push(made);
  return made;
}

/** The built centre in a process of its own, on a free port. */
export class CentreProcess {
  private readonly child;
  readonly ended: Promise<Ended>;
  private readonly lines: string[] = [''];
  private over: Ended | undefined;

  /** @param program of another release than this one */
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

  /** Resolves once it listens. */
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

  /** What it has logged so far: the lines of JSON, but for the one that `--json` asks for. */
  get logged(): readonly string[] {
    return this.lines.filter((line) => line.startsWith('{"level"'));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Until it is called without a number, its files can have no more bytes. */
  limitFiles(bytes?: number): Promise<void> {
    return limitFiles(this.child, bytes);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves once it is gone. */
  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }
}

const KILL_AT = fileURLToPath(new URL('kill-at.mjs', import.meta.url));

/** The environment of a process that ends by SIGKILL at a moment that kill-at.mjs knows, such as `after commit of BillPaid`. */
export function killedAt(moment: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${KILL_AT}`, KILL_AT: moment };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** GET, or POST where there is a form, as a browser would ask; redirects are not followed. */
export async function ask(address: string, path: string, { cookie, form }: { cookie?: string; form?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  const answer = await fetch(`${address}${path}`, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

/** Signs in and answers the session's cookie. */
export async function signIn(address: string, account: string, password: string): Promise<string> {
  const { status, headers } = await ask(address, '/login', { form: { account, password } });
  if (status !== 303) throw new Error(`signing in answered ${status}`);
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Resolves when the process at an address says that it is ready. */
export async function ready(address: string): Promise<void> {
  await until('the process to be ready', async () => (await ask(address, '/health/ready')).status === 200);
}
