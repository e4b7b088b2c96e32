import { abortableDelay } from '../kernel/abortable-delay.js';
import { Backoff } from '../kernel/backoff.js';
import { log } from '../kernel/log.js';
import type { MetricsSnapshot } from '../kernel/metrics.js';
import type { FromWebProcess, ToWebProcess } from './process-messages.js';

/** How a process exited. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running web process. */
export interface WebProcess {
  readonly pid: number | undefined;
  readonly exited: Promise<ExitStatus>;
  send(message: ToWebProcess): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Forks a web process.
 * @param slot from 1; a restarted process has the slot of its predecessor
 */
export type Fork = (slot: number, onMessage: (message: FromWebProcess) => void) => WebProcess;

/** A web process could not start to serve; the message says why. */
export class WebProcessStartFailed extends Error {
  override readonly name = 'NotServing';
}

/** Milliseconds for open requests to finish: a little longer than the server's request timeout. */
const STOP_TIMEOUT = 35_000;

/** Milliseconds that a process may take to send its metrics, so that one that hangs does not hide the others. */
const METRICS_TIMEOUT = 5_000;

/** Supervises the web processes that share a port. One that dies is restarted with backoff while the others serve. */
export class WebProcesses {
  private readonly stopping = new AbortController();
  private readonly processes = new Map<number, WebProcess>();
  private readonly listening = new Set<number>();
  private readonly supervised: Promise<void>[] = [];
  private readonly metricsRequests = new Map<number, (slot: number, measured: MetricsSnapshot) => void>();
  private requests = 0;
  private url = '';

  private constructor(
    private readonly fork: Fork,
    private readonly wait: typeof abortableDelay,
  ) {}

  /**
   * Resolves once all of them serve.
   * @throws WebProcessStartFailed when one cannot; all are stopped then
   */
  static async start(count: number, fork: Fork, wait = abortableDelay): Promise<WebProcesses> {
    const processes = new WebProcesses(fork, wait);
    try {
      // the first starts alone, so that a reason why none can start is logged once
      await processes.startOne(1);
      await Promise.all(Array.from({ length: count - 1 }, (_, at) => processes.startOne(at + 2)));
    } catch (error) {
      await processes.stop();
      throw error;
    }
    return processes;
  }

  /** Such as `http://127.0.0.1:3000`. */
  get address(): string {
    return this.url;
  }

  /** How many serve pages now. */
  get serving(): number {
    return this.listening.size;
  }

  /** The metrics of those processes that answer in time. */
  async measured(): Promise<readonly MetricsSnapshot[]> {
    const request = ++this.requests;
    const missing = new Set(this.listening);
    const answers: MetricsSnapshot[] = [];
    const all = Promise.withResolvers<void>();
    if (missing.size === 0) return answers;
    this.metricsRequests.set(request, (slot, measured) => {
      answers.push(measured);
      missing.delete(slot);
      if (missing.size === 0) all.resolve();
    });
    for (const slot of missing) this.processes.get(slot)?.send({ kind: 'measure', request });
    const over = new AbortController();
    await Promise.race([all.promise, this.wait(over.signal, METRICS_TIMEOUT)]);
    over.abort();
    this.metricsRequests.delete(request);
    if (missing.size > 0) log.warn({ missing: [...missing] }, 'web processes have not sent their metrics');
    return answers;
  }

  /** Resolves when all have exited: open requests finish first. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const all = [...this.processes.values()];
    for (const process of all) process.kill('SIGTERM');
    const over = new AbortController();
    const killing = this.wait(over.signal, STOP_TIMEOUT).then(() => {
      if (over.signal.aborted) return;
      log.error({ processes: this.processes.size }, 'web processes do not end and are killed');
      for (const process of this.processes.values()) process.kill('SIGKILL');
    });
    await Promise.all([...all.map(({ exited }) => exited), ...this.supervised]);
    over.abort();
    await killing;
  }

  /** Resolves when the process listens; from then on its slot is kept filled. */
  private async startOne(slot: number): Promise<void> {
    const { promise: listens, resolve, reject } = Promise.withResolvers<void>();
    const process = this.forkInto(slot, (message) => {
      if (message.kind === 'listening') resolve();
      else if (message.kind === 'failed') reject(new WebProcessStartFailed(message.message));
    });
    void process.exited.then(({ code, signal }) =>
      reject(new WebProcessStartFailed(`一个网页进程还没有开始服务就结束了（${signal ?? code}），原因见它的日志`)),
    );
    await listens;
    this.supervised.push(this.restartOnExit(slot, process));
  }

  private async restartOnExit(slot: number, first: WebProcess): Promise<void> {
    const { signal } = this.stopping;
    const backoff = new Backoff(undefined, this.wait);
    for (let process = first; ; process = this.forkInto(slot, () => undefined)) {
      const began = performance.now();
      const ending = await process.exited;
      if (signal.aborted) return;
      backoff.resetIfRanLong(began);
      log.error({ slot, process: process.pid, ...ending, delay: backoff.delay }, 'a web process ended and is started again');
      await backoff.pause(signal);
      if (signal.aborted) return;
    }
  }

  private forkInto(slot: number, alsoOnMessage: (message: FromWebProcess) => void): WebProcess {
    const process = this.fork(slot, (message) => {
      this.handle(slot, message);
      alsoOnMessage(message);
    });
    this.processes.set(slot, process);
    void process.exited.then(() => {
      this.listening.delete(slot);
      this.processes.delete(slot);
    });
    return process;
  }

  private handle(slot: number, message: FromWebProcess): void {
    if (message.kind === 'listening') {
      this.url = message.address;
      this.listening.add(slot);
      log.info({ slot, process: this.processes.get(slot)?.pid }, 'a web process serves');
    } else if (message.kind === 'measured') this.metricsRequests.get(message.request)?.(slot, message.measured);
    else if (message.kind === 'broadcast') for (const [other, process] of this.processes) if (other !== slot) process.send(message);
  }
}
