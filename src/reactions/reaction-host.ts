import { abortableDelay } from '../kernel/abortable-delay.js';
import { log } from '../kernel/log.js';
import { type Launch, launchWorkerThread, Supervisor } from '../kernel/supervisor.js';
import { workerFile } from '../kernel/worker-file.js';
import type { Settings } from '../settings/settings.js';
import type { ReactionProgress } from './progress.js';

/** Supervises the thread of reactors and timers: when it died it is restarted with backoff. */
export class ReactionHost {
  private readonly reports = new Map<string, ReactionProgress>();
  private readonly supervisor: Supervisor<ReactionProgress>;

  /** @param hear receives each report */
  constructor(
    launch: Launch<ReactionProgress>,
    private readonly hear: (progress: ReactionProgress) => void = () => undefined,
    wait = abortableDelay,
  ) {
    const owner = {
      name: 'the thread of reactors and timers',
      onReport: (progress: ReactionProgress) => this.take(progress),
      onCrash: () => this.reports.clear(),
    };
    this.supervisor = new Supervisor(launch, owner, wait);
  }

  /** Starts those of the settings' roles in a worker thread. */
  static start(settings: Settings, hear?: (progress: ReactionProgress) => void): ReactionHost {
    return new ReactionHost(launchWorkerThread(workerFile('reactions/reactions.worker.js'), settings), hear);
  }

  /** The last report of each; none of one that has not started or whose thread has died. */
  state(): readonly ReactionProgress[] {
    return [...this.reports.values()];
  }

  /** Resolves when the commands under way are done, the leases released and the files closed. */
  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  private take(progress: ReactionProgress): 'well' {
    const { kind, name, state } = progress;
    const before = this.reports.get(`${kind} ${name}`);
    this.reports.set(`${kind} ${name}`, progress);
    if (state !== before?.state) log.info({ kind, name, state }, 'acting by itself');
    this.hear(progress);
    return 'well';
  }
}
