import { log } from '../kernel/log.js';
import { pauseUnless } from '../kernel/pause.js';
import { inWorker, type Launch, Supervisor } from '../kernel/supervisor.js';
import { workerFile } from '../kernel/worker-file.js';
import type { Settings } from '../settings/settings.js';
import type { ActingProgress } from './progress.js';

/** Keeps reactors and timers at work beside the main process: when their thread died it is started again, later each time. */
export class ActingHost {
  private readonly reports = new Map<string, ActingProgress>();
  private readonly supervisor: Supervisor<ActingProgress>;

  /** @param hear is told what was reported */
  constructor(
    launch: Launch<ActingProgress>,
    private readonly hear: (progress: ActingProgress) => void = () => undefined,
    wait = pauseUnless,
  ) {
    const owner = {
      name: 'what acts by itself',
      onReport: (progress: ActingProgress) => this.take(progress),
      onDeath: () => this.reports.clear(),
    };
    this.supervisor = new Supervisor(launch, owner, wait);
  }

  /** Those of the settings' roles, in a worker of their own. */
  static start(settings: Settings, hear?: (progress: ActingProgress) => void): ActingHost {
    return new ActingHost(inWorker(workerFile('reactions/acting.worker.js'), settings), hear);
  }

  /** The last that each of them reported; nothing of one that has not begun or whose thread has died. */
  state(): readonly ActingProgress[] {
    return [...this.reports.values()];
  }

  /** Resolves when the commands in hand are done, the leases given up and the files closed. */
  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  private take(progress: ActingProgress): 'well' {
    const { kind, name, state } = progress;
    const before = this.reports.get(`${kind} ${name}`);
    this.reports.set(`${kind} ${name}`, progress);
    if (state !== before?.state) log.info({ kind, name, state }, 'acting by itself');
    this.hear(progress);
    return 'well';
  }
}
