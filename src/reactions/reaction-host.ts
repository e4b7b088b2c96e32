import { abortableDelay } from '../kernel/abortable-delay.js';
import { log } from '../kernel/log.js';
import { type Launch, launchWorkerThread, Supervisor } from '../kernel/supervisor.js';
import { workerFile } from '../kernel/worker-file.js';
import type { Settings } from '../settings/settings.js';
import type { ReactionProgress } from './progress.js';

/** Supervises the thread of reactors and timers, which is restarted with backoff when it crashes. */
export class ReactionHost {
  private readonly reports = new Map<string, ReactionProgress>();
  private readonly supervisor: Supervisor<ReactionProgress>;

  /** @param onProgress receives each report */
  constructor(
    launch: Launch<ReactionProgress>,
    private readonly onProgress: (progress: ReactionProgress) => void = () => undefined,
    wait = abortableDelay,
  ) {
    const owner = {
      name: 'the thread of reactors and timers',
      onReport: (progress: ReactionProgress) => this.handleReport(progress),
      onCrash: () => this.reports.clear(),
    };
    this.supervisor = new Supervisor(launch, owner, wait);
  }

  /** Starts the reactors and timers of the settings' roles in a worker thread. */
  static start(settings: Settings, hear?: (progress: ReactionProgress) => void): ReactionHost {
    return new ReactionHost(launchWorkerThread(workerFile('reactions/reactions.worker.js'), settings), hear);
  }

  /** The last report of each reactor and timer that has reported since the thread started. */
  state(): readonly ReactionProgress[] {
    return [...this.reports.values()];
  }

  /** Resolves when running commands are done, leases released and files closed. */
  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  private handleReport(progress: ReactionProgress): 'well' {
    const { kind, name, state } = progress;
    const before = this.reports.get(`${kind} ${name}`);
    this.reports.set(`${kind} ${name}`, progress);
    if (state !== before?.state) log.info({ kind, name, state }, 'a reactor or timer has changed its state');
    this.onProgress(progress);
    return 'well';
  }
}
