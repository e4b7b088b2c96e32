import { Worker } from 'node:worker_threads';
import { abortableDelay } from './abortable-delay.js';
import { Backoff } from './backoff.js';
import { log } from './log.js';
import { assertSameBuild } from './program-build.js';

/** One at work: `ended` is kept when it has ended by itself or after `stop`, and broken when it died. */
export interface SupervisedWorker {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Puts one to work, which reports how it is getting on. */
export type Launch<Report> = (report: (report: Report) => void) => SupervisedWorker;

/** Who hears what is reported. */
export interface SupervisorListener<Report> {
  /** What is at work, for the log. */
  readonly name: string;
  /** `well`: the next delay is a short one; `for-good`: it ends by itself now and makes no sense to be started again. */
  onReport(report: Report): 'well' | 'for-good' | undefined;
  /** It died, and is started again. */
  onCrash(error: unknown): void;
}

/** How long a worker may take to finish what it has in hand once it is told to stop, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** Keeps one at work beside the main process: when it died it is started again, later each time. */
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

  /** Resolves when what it has in hand is done and its files are closed. */
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
          const heard = this.listener.onReport(report);
          if (heard === 'well') backoff.reset();
          isOver = heard === 'for-good';
        });
        await this.worker.ended;
        if (this.stopping.signal.aborted || isOver) return;
        throw new Error('it ended without being told to');
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        log.error({ err: error, delay: backoff.delay }, `${this.listener.name} died and is started again`);
        this.listener.onCrash(error);
      }
      await backoff.pause(this.stopping.signal);
    }
  }
}

/** In a thread of its own, whose messages are its reports, and which ends by itself after any message. */
export function launchWorkerThread<Report>(file: URL, workerData: unknown): Launch<Report> {
  return (report) => {
    assertSameBuild();
    const worker = new Worker(file, { workerData });
    worker.on('message', report);
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    worker.once('error', reject);
    let overdue: NodeJS.Timeout | undefined;
    worker.once('exit', (code) => {
      clearTimeout(overdue);
      if (code === 0) resolve();
      else reject(new Error(`its thread exited with ${code}`));
    });
    const stop = () => {
      worker.postMessage('stop');
      overdue = setTimeout(() => worker.terminate(), STOP_TIMEOUT).unref(); // a thread that still runs keeps the process alive by itself
    };
    return { ended, stop };
  };
}
