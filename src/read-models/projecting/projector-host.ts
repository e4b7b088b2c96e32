import { START } from '../../event-store/event.js';
import { log } from '../../kernel/log.js';
import { pauseUnless } from '../../kernel/pause.js';
import { inline as inlineWork, inWorker, type Launch, Supervisor } from '../../kernel/supervisor.js';
import { workerFile } from '../../kernel/worker-file.js';
import { type StoreSettings, storeSettings } from '../../settings/settings.js';
import type { Progress, Projector, ProjectorSettings, ProjectorState } from './projector.js';

/** After these it makes no sense to start it again: the same log and the same code would end the same. */
const FOR_GOOD: readonly ProjectorState[] = ['needs-rebuild', 'stopped'];

/** Keeps a projector at work beside the main process: one that died is started again, later each time. */
export class ProjectorHost {
  private progress: Progress = { state: 'starting', position: START, lag: 0, stopped: {}, quarantined: {} };
  private readonly kept: Supervisor<Progress>;

  constructor(launch: Launch<Progress>, wait = pauseUnless) {
    const owner = {
      name: 'the projector',
      hear: (progress: Progress) => this.hear(progress),
      died: (error: unknown) => {
        this.progress = { ...this.progress, state: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
      },
    };
    this.kept = new Supervisor(launch, owner, wait);
  }

  /** A projector in a worker of its own, on the stores that the settings choose. */
  static async start(settings: StoreSettings): Promise<ProjectorHost> {
    return new ProjectorHost(inWorker(workerFile('read-models/projecting/projector.worker.js'), storeSettings(settings)));
  }

  state(): Progress {
    return this.progress;
  }

  /** Resolves when the batch in hand is written, the lease given up and the files closed. */
  stop(): Promise<void> {
    return this.kept.stop();
  }

  private hear(progress: Progress): 'well' | 'for-good' | undefined {
    const before = this.progress;
    this.progress = progress;
    const { state, position, reason } = progress;
    const isOver = FOR_GOOD.includes(state);
    if (state !== before.state) log[isOver ? 'error' : 'info']({ state, position, reason }, 'projector');
    for (const [name, why] of Object.entries(progress.stopped)) {
      if (before.stopped[name] !== why) log.error({ readModel: name, reason: why }, 'a read model goes no further');
    }
    if (isOver) return 'for-good';
    return state === 'live' ? 'well' : undefined;
  }
}

/** A projector on this very event loop, for tests and short commands. */
export function inline(made: (settings: Required<Pick<ProjectorSettings, 'report'>>) => Projector): Launch<Progress> {
  return inlineWork((report, signal) => made({ report }).run(signal));
}
