import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ProjectorState } from '../../src/read-models/projecting/projector.js';
import { run } from '../cli/run.js';
import { limitFiles } from '../file-limit.js';
import { until } from '../until.js';

/** How soon another has to take over, in milliseconds, not counting time without a free core. */
const TAKEOVER = 10_000;

/** pino's level from which lines report a problem. */
const ERROR = 50;
/** How long a start or a takeover may take on a machine that runs other tests beside it, in milliseconds. */
export const PATIENCE = 120_000;

interface Line {
  readonly level: number;
  readonly time: string;
  readonly pid: number;
  readonly state?: ProjectorState;
}

/** The built centre with the role of projector alone, in a process of its own. */
export class ProjectorProcess {
  private readonly process: ReturnType<typeof run>;
  private said = '';
  private gone = false;

  constructor(environment: Readonly<Record<string, string>>) {
    this.process = run(['start'], { ...environment, ROLES: 'projector' });
    this.process.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.said += chunk;
    });
    void this.process.ended.then(() => {
      this.gone = true;
    });
  }

  /** When it took the lease, in milliseconds since 1970, if it still holds it. */
  get holdsSince(): number | undefined {
    const states = this.lines.filter(({ state }) => state !== undefined);
    const without = states.findLastIndex(({ state }) => state === 'waiting' || state === 'failed');
    const taken = states.slice(without + 1).find(({ state }) => state === 'catching-up');
    return taken && Date.parse(taken.time);
  }

  /** Resolves with when it took the lease. */
  atWork(): Promise<number> {
    return this.until('take the lease', () => this.holdsSince);
  }

  /**
   * Resolves when it has taken the lease of a process that went silent, with the milliseconds since it could, and how many of them were
   * `late` because no core was free.
   * @throws Error in `npm run soak` when that takes too long; beside other tests it would test the machine
   */
  async takenOver(silent: number): Promise<{ readonly took: number; readonly late: number }> {
    const waiting = await this.until('wait for the lease', () => this.lines.find(({ state }) => state === 'waiting'));
    const before = waitedForCore(waiting.pid);
    const taken = await this.atWork();
    const took = taken - Math.max(silent, Date.parse(waiting.time));
    const late = waitedForCore(waiting.pid) - before;
    if (process.env.SOAK_ROUNDS && took - late >= TAKEOVER) throw new Error(`it took over after ${took} ms, of which it waited ${late} ms for a core`);
    return { took, late };
  }

  /** Resolves once it has reported after an instant that another holds the lease. */
  async waits(since: number): Promise<void> {
    await this.until('wait for the lease', () => this.lines.some(({ state, time }) => state === 'waiting' && Date.parse(time) >= since));
  }

  /** The problems that it has logged. */
  get faults(): readonly string[] {
    return this.lines.filter(({ level }) => level >= ERROR).map((line) => JSON.stringify(line));
  }

  /** Limits the size of its files, until called without a number. Does nothing after it has ended. */
  limitFiles(bytes?: number): Promise<void> {
    return limitFiles(this.process.child, bytes);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.process.child.kill(signal);
  }

  /** Kills it. Returns when, in milliseconds since 1970. */
  async kill(): Promise<number> {
    const at = Date.now();
    this.process.child.kill('SIGKILL');
    await this.process.ended;
    return at;
  }

  /** Lets it finish. Returns its exit code. */
  async end(): Promise<number | null> {
    this.process.child.kill('SIGTERM');
    return (await this.process.ended).code;
  }

  /** The complete lines that it has logged. */
  private get lines(): readonly Line[] {
    const whole = this.said.split('\n').slice(0, -1);
    return whole.filter((line) => line.startsWith('{"level"')).map((line) => JSON.parse(line) as Line);
  }

  private until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
    const still = () => {
      if (this.gone) throw new Error(`the projector has ended, and did not ${what}: ${this.said}`);
      return undefined;
    };
    return until(`a projector to ${what}`, () => condition() || still(), PATIENCE);
  }
}

/** Milliseconds in which a process's threads were ready to run while no core was free, as far as the system reports it. */
function waitedForCore(pid: number): number {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return 0;
  const waited = readdirSync(threads).map((thread) => Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e6);
  return Math.round(waited.reduce((total, each) => total + each, 0));
}
