import { Injectable } from '@nestjs/common';
import { periodStream } from '../../catalogue/catalogue.streams.js';
import { EventStore } from '../../event-store/event-store.js';
import { Clock } from '../../kernel/clock.js';
import type { CandidateRights } from '../scope/candidate-rights.js';
import { FileDocuments } from './file-documents.js';
import { FileWords } from './file-words.js';
import { type Interval, releasedIntervals } from './seen.js';
import { shownFrom } from './shown-on-pages.js';
import { whyView } from './why.view.js';

/** How a field of a candidate's document came to be what it is, as an officer may see it. */
@Injectable()
export class FieldHistory {
  constructor(
    private readonly documents: FileDocuments,
    private readonly words: FileWords,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Undefined where the candidate has no such document, or the document never had such a field. @throws StoreUnavailable */
  async of(candidate: CandidateRights, { model, key, field }: { readonly model: string; readonly key: string; readonly field: string }) {
    const document = (await this.documents.of(candidate)).find(({ projection, key: of }) => projection.name === model && of === key);
    if (!document) return undefined;
    const [words, released, agrees] = await Promise.all([this.words.of(candidate), this.released(model, field), this.documents.agrees(candidate.id, document)]);
    const view = { ...whyView(document, field, words, released), agrees, isDifferent: agrees === false, events: document.events.length };
    return view.steps.length === 0 && view.value === undefined ? undefined : view;
  }

  private async released(model: string, field: string): Promise<readonly Interval[] | 'recorded' | undefined> {
    const from = shownFrom(model, field);
    if (from === undefined || from === 'recorded') return from;
    const [history = []] = await this.store.streams([periodStream(from.period).name]);
    return releasedIntervals(history, from.type, this.clock.instant());
  }
}
