import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { START } from '../event-store/event.js';
import { log } from '../log.js';
import { type StoreSettings, storeSettings } from '../stores.js';
import { pauseUnless } from './pause.js';
import type { Progress, Projector, ProjectorSettings, ProjectorState } from './projector.js';

/** A projector at work: `ended` is kept when it has ended by itself or after `stop`, and broken when it died. */
export interface AtWork {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Puts a projector to work, which reports how it is getting on. */
export type PutToWork = (report: (progress: Progress) => void) => AtWork;

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** How long a worker may take to write the batch in hand once it is told to stop, in milliseconds. */
const LONGEST_STOP = 10_000;

/** After these it makes no sense to start it again: the same log and the same code would end the same. */
const FOR_GOOD: readonly ProjectorState[] = ['needs-rebuild', 'stopped'];

/** Keeps a projector at work beside the main process: one that died is started again, later each time. */
export class ProjectorHost {
  private readonly stopping = new AbortController();
  private progress: Progress = { state: 'starting', position: START, lag: 0, stopped: {}, quarantined: {} };
  private atWork: AtWork | undefined;
  private readonly ended: Promise<void>;

  constructor(
    private readonly putToWork: PutToWork,
    private readonly wait = pauseUnless,
  ) {
    this.ended = this.keepAtWork();
  }

  /** A projector in a worker of its own, on the stores that the settings choose. */
  static async start(settings: StoreSettings): Promise<ProjectorHost> {
    return new ProjectorHost(inWorker(storeSettings(settings)));
  }

  state(): Progress {
    return this.progress;
  }

  /** Resolves when the batch in hand is written, the lease given up and the files closed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.atWork?.stop();
    await this.ended;
  }

  private async keepAtWork(): Promise<void> {
    let delay = FIRST_DELAY;
    while (!this.stopping.signal.aborted) {
      try {
        this.atWork = this.putToWork((progress) => {
          if (progress.state === 'live') delay = FIRST_DELAY;
          this.hear(progress);
        });
        await this.atWork.ended;
        if (this.stopping.signal.aborted || FOR_GOOD.includes(this.progress.state)) return;
        throw new Error('it ended without being told to');
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        log.error({ err: error, delay }, 'the projector died and is started again');
        this.progress = { ...this.progress, state: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
      }
      await this.wait(this.stopping.signal, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY);
    }
  }

  private hear(progress: Progress): void {
    const before = this.progress;
    this.progress = progress;
    const { state, position, reason } = progress;
    if (state !== before.state) log[FOR_GOOD.includes(state) ? 'error' : 'info']({ state, position, reason }, 'projector');
    for (const [name, why] of Object.entries(progress.stopped)) {
      if (before.stopped[name] !== why) log.error({ readModel: name, reason: why }, 'a read model goes no further');
    }
  }
}

/** A projector on this very event loop, for tests and short commands. */
export function inline(made: (settings: Required<Pick<ProjectorSettings, 'report'>>) => Projector): PutToWork {
  return (report) => {
    const stopping = new AbortController();
    return { ended: made({ report }).run(stopping.signal), stop: () => stopping.abort() };
  };
}

function inWorker(settings: StoreSettings): PutToWork {
  return (report) => {
    const worker = new Worker(workerFile(), { workerData: settings });
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

/** Beside this file once built; while the sources themselves run, as in tests, the built one serves. */
function workerFile(): URL {
  const beside = new URL('./projector.worker.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../../dist/src/read-models/projector.worker.js', import.meta.url);
}
