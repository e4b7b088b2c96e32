import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import type { Recorded } from '../../event-store/event.js';
import { EventStore } from '../../event-store/event-store.js';
import { Clock } from '../../kernel/clock.js';
import { withoutUnreleasedScores } from '../../results/unreleased-scores.js';
import type { CandidateRights } from '../scope/candidate-rights.js';

/**
 * The events about a candidate as an officer may see them. All that a file shows of events is made of these, so that no view can show a
 * result before its release to whoever may not see it.
 */
@Injectable()
export class CandidateEvents {
  constructor(
    private readonly events: EventStore,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** In the log's order. @throws StoreUnavailable */
  async of(candidate: CandidateRights): Promise<readonly Recorded[]> {
    const events = await this.events.subject(candidate.id);
    if (candidate.may('see_unreleased_scores')) return events;
    const now = this.clock.now();
    return withoutUnreleasedScores(events, (period) => this.catalogue.resultsReleased(period, now));
  }
}
