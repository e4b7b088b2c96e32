import { START } from '../../event-store/event.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { log } from '../../kernel/log.js';
import { type Launch, launchWorkerThread, Supervisor } from '../../kernel/supervisor.js';
import { workerFile } from '../../kernel/worker-file.js';
import { type StoreSettings, storeSettings } from '../../settings/settings.js';
import type { ProjectorProgress, ProjectorState } from './projector.js';

/** A restart after these is useless: the same log and the same code would end the same. */
const FINAL_STATES: readonly ProjectorState[] = ['needs-rebuild', 'stopped'];

/** Supervises a projector: one that died is restarted with backoff. */
export class ProjectorHost {
  private progress: ProjectorProgress = { state: 'starting', position: START, lag: 0, stopped: {}, quarantined: {} };
  private readonly supervisor: Supervisor<ProjectorProgress>;

  constructor(launch: Launch<ProjectorProgress>, wait = abortableDelay) {
    const owner = {
      name: 'the projector',
      onReport: (progress: ProjectorProgress) => this.hear(progress),
      onCrash: (error: unknown) => {
        this.progress = { ...this.progress, state: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
      },
    };
    this.supervisor = new Supervisor(launch, owner, wait);
  }

  /** A projector in its own worker thread, on the stores that the settings choose. */
  static async start(settings: StoreSettings): Promise<ProjectorHost> {
    return new ProjectorHost(launchWorkerThread(workerFile('read-models/projecting/projector.worker.js'), storeSettings(settings)));
  }

  state(): ProjectorProgress {
    return this.progress;
  }

  /** Resolves when the batch in hand is written, the lease given up and the files closed. */
  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  private hear(progress: ProjectorProgress): 'well' | 'for-good' | undefined {
    const before = this.progress;
    this.progress = progress;
    const { state, position, reason } = progress;
    const isOver = FINAL_STATES.includes(state);
    if (state !== before.state) log[isOver ? 'error' : 'info']({ state, position, reason }, 'projector');
    for (const [name, why] of Object.entries(progress.stopped)) {
      if (before.stopped[name] !== why) log.error({ readModel: name, reason: why }, 'a read model goes no further');
    }
    if (isOver) return 'for-good';
    return state === 'live' ? 'well' : undefined;
  }
}
