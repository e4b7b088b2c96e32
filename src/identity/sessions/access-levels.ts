import { Injectable } from '@nestjs/common';
import { type Candidate, candidate as candidates } from '../../../projections/candidate.js';
import { type Position, START } from '../../event-store/event.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { assertCandidatesCaughtUp } from '../sign-in/assert-caught-up.js';

/** What a candidate's sessions may see: nothing, the pages for the unconfirmed, or all pages. */
export type AccessLevel = 'none' | 'limited' | 'full';

/** The events that change a level. */
export const ACCESS_LEVEL_EVENTS: readonly RegistrationEvent['type'][] = [
  'SiteConfirmed',
  'SiteConfirmationWithdrawn',
  'AccountStateChanged',
  'RegistrationVoided',
  'CandidateForgotten',
];

const MOST_REMEMBERED = 50_000;

/** Caches the access levels of candidates with sessions until an event says that one may have changed. */
@Injectable()
export class AccessLevels {
  private readonly known = lruCache<AccessLevel>(MOST_REMEMBERED);
  private changedAt: Position = START;

  constructor(
    private readonly readModels: ReadModels,
    private readonly lag: ReadModelLag,
  ) {}

  /** From memory; undefined when it must be read. */
  cached(id: string): AccessLevel | undefined {
    return this.known.get(id);
  }

  /** @throws StillUpdating when the candidate is not in the read model yet: the session may be valid */
  async of(id: string): Promise<AccessLevel> {
    const known = this.known.get(id);
    if (known) return known;
    let [position, document] = await this.read(id);
    if (!document.person) {
      await assertCandidatesCaughtUp(this.lag);
      [position, document] = await this.read(id);
    }
    const { person, accountState, confirmed } = document;
    const level = !person || accountState === 'closed' ? 'none' : confirmed ? 'full' : 'limited';
    // a document that may be older than a known change is used once and not cached
    if (level !== 'none' && position >= this.changedAt) this.known.set(id, level);
    return level;
  }

  private async read(id: string): Promise<readonly [Position, Candidate]> {
    return [await this.readModels.position([candidates]), await this.readModels.get(candidates, id)];
  }

  /** An event of ACCESS_LEVEL_EVENTS was recorded: the next request of the candidate reads the level again. */
  changed(id: string, position: Position): void {
    this.known.delete(id);
    this.changedAt = position;
  }
}
