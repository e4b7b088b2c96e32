import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate } from '../candidate.decider.js';
import type { MajorChanges } from '../corrections/correcting.decider.js';
import { correctMajor } from '../corrections/correcting.decider.js';
import { candidateStream } from '../registrations.streams.js';

/** Corrects what is named of a candidate's major; the rest of it stays. */
export class CorrectMajor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly major: string,
    readonly changes: MajorChanges,
  ) {
    super();
  }
}

export const CorrectMajorHandler = handler(CorrectMajor, {
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: correctMajor,
});
