import { setTimeout as pause } from 'node:timers/promises';
import { type Ended, run } from '../cli/run.js';
import { until } from '../until.js';
import { PATIENCE } from './projector-process.js';

/** Milliseconds between two attempts to sign in. */
const EVERY = 50;
/** The number of client addresses, few enough that they repeat. */
const ADDRESSES = 40;
const PASSWORD = 'not the right one';

/**
 * The built centre's pages in a process of its own, where strangers try to sign in continuously. Each attempt reads the vault and the
 * read models, and writes the login tallies.
 */
export class WebProcess {
  /** Attempts with an unexpected answer. */
  readonly wrong: string[] = [];
  private answered = 0;
  private readonly process: ReturnType<typeof run>;
  private readonly going: Promise<void>;
  private said = '';
  private over: Ended | undefined;
  private stopping = false;

  constructor(environment: Readonly<Record<string, string>>) {
    this.process = run(['start', '--json'], { ...environment, ROLES: 'web', PORT: '0', TRUST_PROXY: '1' });
    this.process.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.said += chunk;
    });
    void this.process.ended.then((over) => {
      this.over = over;
    });
    this.going = this.goOn();
  }

  /** Resolves once attempts are answered. */
  async visited(): Promise<void> {
    await until('an attempt to sign in to be answered', () => this.answered > 0 || this.wrong.length > 0, PATIENCE);
  }

  kill(): void {
    this.process.child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.stopping = true;
    await this.going;
    this.process.child.kill('SIGTERM');
    await this.process.ended;
  }

  private async goOn(): Promise<void> {
    try {
      const address = await until('pages', () => this.stopping || this.address(), PATIENCE);
      for (let at = 0; !this.stopping && typeof address === 'string'; at++) {
        await this.attempt(address, at);
        await pause(EVERY);
      }
    } catch (error) {
      this.wrong.push(`nobody can sign in any more: ${error}`);
    }
  }

  private address(): string | undefined {
    if (this.over) throw new Error(`the web process ended with ${this.over.code}: ${this.over.stderr}`);
    const line = this.said
      .split('\n')
      .slice(0, -1)
      .find((each) => each.startsWith('{"address"'));
    return line && (JSON.parse(line) as { address: string }).address;
  }

  private async attempt(address: string, at: number): Promise<void> {
    const answer = await fetch(`${address}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `198.51.100.${at % ADDRESSES}` },
      body: new URLSearchParams({ account: String(980_000_000_000 + (at % (3 * ADDRESSES))), password: PASSWORD }),
    });
    await answer.text();
    if (EXPECTED.has(answer.status)) this.answered++;
    else this.wrong.push(`an attempt to sign in was answered ${answer.status}`);
  }
}

/** The expected answers: wrong, too many, or not now because read models are not loaded or a store is busy. */
const EXPECTED: ReadonlySet<number> = new Set([422, 429, 503]);
