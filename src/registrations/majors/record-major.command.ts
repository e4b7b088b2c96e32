import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { StudyState } from '../candidate.decider.js';
import { candidate, recordMajor } from '../candidate.decider.js';
import { candidateStream } from '../registrations.streams.js';

/** Records the state of a candidate's major, and the period in which it was added. */
export class RecordMajor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly major: string,
    readonly state: StudyState,
    readonly period: string,
  ) {
    super();
  }
}

export const RecordMajorHandler = handler(RecordMajor, {
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: recordMajor,
});
