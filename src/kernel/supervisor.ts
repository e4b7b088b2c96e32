import { Worker } from 'node:worker_threads';
import { abortableDelay } from './abortable-delay.js';
import { Backoff } from './backoff.js';
import { log } from './log.js';
import { assertSameBuild } from './program-build.js';

/** A running worker. `ended` resolves when it has ended by itself or after `stop`, and rejects when it has crashed. */
export interface SupervisedWorker {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts a worker, which sends reports. */
export type Launch<Report> = (report: (report: Report) => void) => SupervisedWorker;

/** Receives a worker's reports and crashes. */
export interface SupervisorListener<Report> {
  /** The worker's name in the log. */
  readonly name: string;
  /** `well` resets the backoff. `for-good` means that the worker ends now and is not to be restarted. */
  onReport(report: Report): 'well' | 'for-good' | undefined;
  /** The worker has crashed and will be restarted. */
  onCrash(error: unknown): void;
}

/** Milliseconds that a worker may take to finish its current work after `stop`. */
const STOP_TIMEOUT = 10_000;

/** Restarts a worker with backoff whenever it crashes. */
export class Supervisor<Report> {
  private readonly stopping = new AbortController();
  private worker: SupervisedWorker | undefined;
  private readonly ended: Promise<void>;

  constructor(
    private readonly launch: Launch<Report>,
    private readonly listener: SupervisorListener<Report>,
    private readonly wait = abortableDelay,
  ) {
    this.ended = this.superviseUntilStopped();
  }

  /** Resolves when the worker has finished its current work and closed its files. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.worker?.stop();
    await this.ended;
  }

  private async superviseUntilStopped(): Promise<void> {
    const backoff = new Backoff(undefined, this.wait);
    while (!this.stopping.signal.aborted) {
      let isOver = false;
      try {
        this.worker = this.launch((report) => {
          const verdict = this.listener.onReport(report);
          if (verdict === 'well') backoff.reset();
          isOver = verdict === 'for-good';
        });
        await this.worker.ended;
        if (this.stopping.signal.aborted || isOver) return;
        throw new Error('it ended without having been stopped');
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        log.error({ err: error, delay: backoff.delay }, `${this.listener.name} died and is started again`);
        this.listener.onCrash(error);
      }
      await backoff.pause(this.stopping.signal);
    }
  }
}

/** Launches a worker thread: its messages are its reports, and it ends by itself after receiving any message. */
export function launchWorkerThread<Report>(file: URL, workerData: unknown): Launch<Report> {
  return (report) => {
    assertSameBuild();
    const worker = new Worker(file, { workerData });
    worker.on('message', report);
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    worker.once('error', reject);
    let stopTimer: NodeJS.Timeout | undefined;
    worker.once('exit', (code) => {
      clearTimeout(stopTimer);
      if (code === 0) resolve();
      else reject(new Error(`its thread exited with ${code}`));
    });
    const stop = () => {
      worker.postMessage('stop');
      stopTimer = setTimeout(() => worker.terminate(), STOP_TIMEOUT).unref(); // the running thread keeps the process alive without the timer
    };
    return { ended, stop };
  };
}
