import { Injectable } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import type { Recorded } from '../../event-store/event.js';
import { EventStore } from '../../event-store/event-store.js';
import { Clock } from '../../kernel/clock.js';
import { isMasked } from '../../results/unreleased-scores.js';
import type { CandidateRights } from '../scope/candidate-rights.js';
import { CandidateEvents } from './candidate-events.js';
import { FileWords } from './file-words.js';
import { batchesOf } from './import-batches.js';
import { releasesFor } from './releases.js';
import { type TimelineFilter, type TimelineSource, timelineView } from './timeline.view.js';

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
  async of(candidate: CandidateRights, filter: TimelineFilter, searched?: string) {
    const [events, words] = await Promise.all([this.candidateEvents.of(candidate), this.words.of(candidate)]);
    const source = {
      events,
      words,
      releases: releasesFor(events, this.catalogue, this.clock.now()),
      batches: withoutReasons(await batchesOf(events, this.store), events),
      searched,
      raw: candidate.may('see_raw_events'),
    };
    return timelineView(source, filter);
  }
}

/** Scores stand in the reasons of imports too: an import that recorded a masked result has none. */
function withoutReasons(batches: Awaited<ReturnType<typeof batchesOf>>, events: readonly Recorded[]): TimelineSource['batches'] {
  const masked = new Set(events.filter(isMasked).map(({ metadata: { correlation } }) => correlation));
  return new Map(Array.from(batches, ([correlation, { account, reason }]) => [correlation, { account, reason: masked.has(correlation) ? undefined : reason }]));
}
