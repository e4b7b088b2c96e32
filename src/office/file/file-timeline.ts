import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import { EventStore } from '../../event-store/event-store.js';
import { Clock } from '../../kernel/clock.js';
import type { Role } from '../officers/officers.events.js';
import { mayDo } from '../rights/rights.js';
import { CandidateEvents } from './candidate-events.js';
import { FileWords } from './file-words.js';
import { batchesOf } from './import-batches.js';
import { releasesFor } from './releases.js';
import { type TimelineFilter, timelineView } from './timeline.view.js';

/** The timeline of a candidate as an officer may see it. */
@Injectable()
export class FileTimeline {
  constructor(
    private readonly candidateEvents: CandidateEvents,
    private readonly store: EventStore,
    private readonly words: FileWords,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** @param searched the position of the event that was searched for @throws StoreUnavailable */
  async of(id: string, roles: readonly Role[], filter: TimelineFilter, searched?: string) {
    const [events, words] = await Promise.all([this.candidateEvents.of(id, roles), this.words.of(id, roles)]);
    const source = {
      events,
      words,
      releases: releasesFor(events, this.catalogue, this.clock.now()),
      batches: await batchesOf(events, this.store),
      searched,
      raw: mayDo(roles, 'see_raw_events'),
    };
    return timelineView(source, filter);
  }
}
