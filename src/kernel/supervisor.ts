import { Worker } from 'node:worker_threads';
import { Backoff } from './backoff.js';
import { log } from './log.js';
import { pauseUnless } from './pause.js';
import { assertSameBuild } from './program-build.js';

/** One at work: `ended` is kept when it has ended by itself or after `stop`, and broken when it died. */
export interface Supervised {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Puts one to work, which reports how it is getting on. */
export type Launch<Report> = (report: (report: Report) => void) => Supervised;

/** Who hears what is reported. */
export interface SupervisorListener<Report> {
  /** What is at work, for the log. */
  readonly name: string;
  /** `well`: the next delay is a short one; `for-good`: it ends by itself now and makes no sense to be started again. */
  onReport(report: Report): 'well' | 'for-good' | undefined;
  /** It died, and is started again. */
  onDeath(error: unknown): void;
}

/** How long a worker may take to finish what it has in hand once it is told to stop, in milliseconds. */
const LONGEST_STOP = 10_000;

/** Keeps one at work beside the main process: when it died it is started again, later each time. */
export class Supervisor<Report> {
  private readonly stopping = new AbortController();
  private atWork: Supervised | undefined;
  private readonly ended: Promise<void>;

  constructor(
    private readonly launch: Launch<Report>,
    private readonly owner: SupervisorListener<Report>,
    private readonly wait = pauseUnless,
  ) {
    this.ended = this.keep();
  }

  /** Resolves when what it has in hand is done and its files are closed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.atWork?.stop();
    await this.ended;
  }

  private async keep(): Promise<void> {
    const backoff = new Backoff(undefined, this.wait);
    while (!this.stopping.signal.aborted) {
      let isOver = false;
      try {
        this.atWork = this.launch((report) => {
          const heard = this.owner.onReport(report);
          if (heard === 'well') backoff.wentWell();
          isOver = heard === 'for-good';
        });
        await this.atWork.ended;
        if (this.stopping.signal.aborted || isOver) return;
        throw new Error('it ended without being told to');
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        log.error({ err: error, delay: backoff.delay }, `${this.owner.name} died and is started again`);
        this.owner.onDeath(error);
      }
      await backoff.pause(this.stopping.signal);
    }
  }
}

/** In a thread of its own, whose messages are its reports, and which ends by itself after any message. */
export function inWorker<Report>(file: URL, workerData: unknown): Launch<Report> {
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
      overdue = setTimeout(() => worker.terminate(), LONGEST_STOP).unref(); // a thread that still runs keeps the process alive by itself
    };
    return { ended, stop };
  };
}
