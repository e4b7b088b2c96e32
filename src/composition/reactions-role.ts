import type { EventStore } from '../event-store/event-store.js';
import type { Metrics } from '../kernel/metrics.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import { exposeReactionMetrics } from '../metrics/reactions.js';
import type { ReactionProgress } from '../reactions/progress.js';
import { ReactionHost } from '../reactions/reaction-host.js';
import type { ReactionStore } from '../reactions/reaction-store.js';
import { initializeReactors } from '../reactions/reactor-checkpoint.js';
import type { Settings } from '../settings/settings.js';
import { reactionsFor } from './known/reactions.js';
import { knownReactors } from './known/reactors.js';
import { openReactionStore } from './stores.js';

/** The reactors and timers of a process, if its roles include any. */
export class ReactionsRole {
  private host: ReactionHost | undefined;
  private onProgress: ((progress: ReactionProgress) => void) | undefined;

  private constructor(
    private readonly settings: Settings,
    private readonly store: ReactionStore,
  ) {}

  /** To be called before the process records anything, whatever its roles, so that reactors miss no event. */
  static async prepare(settings: Settings, events: EventStore, metrics: Metrics | undefined): Promise<ReactionsRole> {
    const store = await openReactionStore(settings);
    const role = new ReactionsRole(settings, store);
    try {
      await retryUntilAvailable('the store of reactions', () => initializeReactors(events, store, knownReactors));
    } catch (error) {
      await store.close();
      throw error;
    }
    if (metrics) role.onProgress = exposeReactionMetrics(metrics, events, store, reactionsFor(settings).reactors, () => role.host);
    return role;
  }

  /** Starts in the background: events recorded meanwhile are found in the log. */
  start(): void {
    const { reactors, timers } = reactionsFor(this.settings);
    if (reactors.length + timers.length > 0) this.host = ReactionHost.start(this.settings, this.onProgress);
  }

  /** Resolves when the commands under way are done. */
  async stop(): Promise<void> {
    await this.host?.stop();
    await this.store.close();
  }
}
