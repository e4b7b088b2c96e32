import { Injectable } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { changedFields } from '../../read-models/differences/changed-fields.js';
import { bySubject } from '../../read-models/projection.js';
import { ProjectionCode } from '../../read-models/projection-code.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { CandidateRights } from '../scope/candidate-rights.js';
import { CandidateEvents } from './candidate-events.js';
import { documentAfter, documentsOf, type PersonDocument } from './person-documents.js';

/** The documents of all read models that a candidate's events make, folded from the events that an officer may see. */
@Injectable()
export class FileDocuments {
  constructor(
    private readonly candidateEvents: CandidateEvents,
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
    private readonly code: ProjectionCode,
  ) {}

  /** @throws StoreUnavailable */
  async of(candidate: CandidateRights): Promise<readonly PersonDocument[]> {
    return documentsOf(await this.candidateEvents.of(candidate), this.code.projections);
  }

  /**
   * Whether the document that pages read is what all of its events come to; undefined where events of others are in it too.
   * @throws StoreUnavailable
   */
  async agrees(id: string, { projection, key }: PersonDocument): Promise<boolean | undefined> {
    if (projection.key !== bySubject) return undefined;
    const [document] = documentsOf(await this.store.subject(id), [projection]);
    const folded = document && documentAfter(document, document.events.length).document;
    const stored = await this.readModels.get(projection, key);
    return changedFields(folded ?? projection.empty, stored).length === 0;
  }
}
