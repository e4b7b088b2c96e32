import type { EventStore } from '../event-store/event-store.js';
import type { Metrics } from '../kernel/metrics.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import { exposeReactionMetrics } from '../metrics/reactions.js';
import { ActingHost } from '../reactions/acting-host.js';
import type { ActingStore } from '../reactions/acting-store.js';
import type { ActingProgress } from '../reactions/progress.js';
import { beginReactors } from '../reactions/reactor-checkpoint.js';
import type { Settings } from '../settings/settings.js';
import { actorsFor } from './known-actors.js';
import { knownReactors } from './known-reactors.js';
import { openActingStore } from './stores.js';

/** What acts by itself in one process, if its roles ask for any. */
export class ActingRole {
  private host: ActingHost | undefined;
  private hear: ((progress: ActingProgress) => void) | undefined;

  private constructor(
    private readonly settings: Settings,
    private readonly store: ActingStore,
  ) {}

  /** To be done before the process records anything, whatever its roles: all that is recorded from then on is reacted to. */
  static async prepare(settings: Settings, events: EventStore, metrics: Metrics | undefined): Promise<ActingRole> {
    const store = await openActingStore(settings);
    const role = new ActingRole(settings, store);
    try {
      await retryUntilAvailable('the store of what acts', () => beginReactors(events, store, knownReactors));
    } catch (error) {
      await store.close();
      throw error;
    }
    if (metrics) role.hear = exposeReactionMetrics(metrics, events, store, actorsFor(settings).reactors, () => role.host);
    return role;
  }

  /** Nobody waits for it: what is recorded meanwhile it finds in the log. */
  start(): void {
    const { reactors, timers } = actorsFor(this.settings);
    if (reactors.length + timers.length > 0) this.host = ActingHost.start(this.settings, this.hear);
  }

  /** Resolves when the commands in hand are done. */
  async stop(): Promise<void> {
    await this.host?.stop();
    await this.store.close();
  }
}
