import { log } from '../kernel/log.js';
import type { Measured } from '../kernel/metrics.js';
import { pauseUnless } from '../kernel/pause.js';
import type { FromWebProcess, ToWebProcess } from './words.js';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A web process at work. */
export interface WebProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  tell(message: ToWebProcess): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Puts a web process to work.
 * @param place 1 and so on; one that is started again has the place of the one before
 */
export type Fork = (place: number, hear: (message: FromWebProcess) => void) => WebProcess;

/** A web process could not begin to serve; the message says why. */
export class NotServing extends Error {
  override readonly name = 'NotServing';
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** How long requests in hand may take to finish, in milliseconds: a little longer than the server waits for one to come whole. */
const LONGEST_STOP = 35_000;

/** How long a process may take to say what it has measured, in milliseconds: one that hangs must not hide the others. */
const LONGEST_MEASURING = 5_000;

/** The web processes that share a port. One that dies is started again, later each time; the others serve meanwhile. */
export class WebProcesses {
  private readonly stopping = new AbortController();
  private readonly processes = new Map<number, WebProcess>();
  private readonly listening = new Set<number>();
  private readonly kept: Promise<void>[] = [];
  private readonly asked = new Map<number, (place: number, measured: Measured) => void>();
  private requests = 0;
  private at = '';

  private constructor(
    private readonly fork: Fork,
    private readonly wait: typeof pauseUnless,
  ) {}

  /**
   * Resolves once all of them serve.
   * @throws NotServing when one cannot; none is left then
   */
  static async start(count: number, fork: Fork, wait = pauseUnless): Promise<WebProcesses> {
    const processes = new WebProcesses(fork, wait);
    try {
      // the first alone: where it cannot, it says why, and once
      await processes.begin(1);
      await Promise.all(Array.from({ length: count - 1 }, (_, at) => processes.begin(at + 2)));
    } catch (error) {
      await processes.stop();
      throw error;
    }
    return processes;
  }

  /** Such as `http://127.0.0.1:3000`. */
  get address(): string {
    return this.at;
  }

  /** How many can be asked for pages now. */
  get serving(): number {
    return this.listening.size;
  }

  /** What those that answer have measured. */
  async measured(): Promise<readonly Measured[]> {
    const request = ++this.requests;
    const missing = new Set(this.listening);
    const answers: Measured[] = [];
    const all = Promise.withResolvers<void>();
    if (missing.size === 0) return answers;
    this.asked.set(request, (place, measured) => {
      answers.push(measured);
      missing.delete(place);
      if (missing.size === 0) all.resolve();
    });
    for (const place of missing) this.processes.get(place)?.tell({ kind: 'measure', request });
    const over = new AbortController();
    await Promise.race([all.promise, this.wait(over.signal, LONGEST_MEASURING)]);
    over.abort();
    this.asked.delete(request);
    if (missing.size > 0) log.warn({ missing: [...missing] }, 'web processes did not say what they have measured');
    return answers;
  }

  /** Resolves when all are gone: requests in hand finish first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const all = [...this.processes.values()];
    for (const process of all) process.kill('SIGTERM');
    const over = new AbortController();
    const late = this.wait(over.signal, LONGEST_STOP).then(() => {
      if (over.signal.aborted) return;
      log.error({ processes: this.processes.size }, 'web processes do not end and are killed');
      for (const process of this.processes.values()) process.kill('SIGKILL');
    });
    await Promise.all([...all.map(({ ended }) => ended), ...this.kept]);
    over.abort();
    await late;
  }

  /** Resolves when the process listens, and keeps its place filled from then on. */
  private async begin(place: number): Promise<void> {
    const { promise: listens, resolve, reject } = Promise.withResolvers<void>();
    const process = this.forked(place, (message) => {
      if (message.kind === 'listening') resolve();
      else if (message.kind === 'failed') reject(new NotServing(message.message));
    });
    void process.ended.then(({ code, signal }) => reject(new NotServing(`a web process ended with ${signal ?? code} before it could serve`)));
    await listens;
    this.kept.push(this.keepServing(place, process));
  }

  private async keepServing(place: number, first: WebProcess): Promise<void> {
    const { signal } = this.stopping;
    let process = first;
    for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      const began = performance.now();
      const ending = await process.ended;
      if (signal.aborted) return;
      if (performance.now() - began > LONGEST_DELAY) delay = FIRST_DELAY;
      log.error({ place, process: process.pid, ...ending, delay }, 'a web process ended and is started again');
      await this.wait(signal, delay);
      if (signal.aborted) return;
      process = this.forked(place, () => undefined);
    }
  }

  private forked(place: number, heard: (message: FromWebProcess) => void): WebProcess {
    const process = this.fork(place, (message) => {
      this.hear(place, message);
      heard(message);
    });
    this.processes.set(place, process);
    void process.ended.then(() => {
      this.listening.delete(place);
      this.processes.delete(place);
    });
    return process;
  }

  private hear(place: number, message: FromWebProcess): void {
    if (message.kind === 'listening') {
      this.at = message.address;
      this.listening.add(place);
      log.info({ place, process: this.processes.get(place)?.pid }, 'a web process serves');
    } else if (message.kind === 'measured') this.asked.get(message.request)?.(place, message.measured);
    else if (message.kind === 'told') for (const [other, process] of this.processes) if (other !== place) process.tell(message);
  }
}
