import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { viewingStream } from './office.streams.js';
import { recordViewing, viewing } from './viewing.decider.js';

/** Records that somebody of the office looks at people, before they are shown. */
export class RecordViewing extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateIds: readonly string[],
    /** What is shown, such as `show candidate`. */
    readonly what: string,
    readonly reason: string,
  ) {
    super();
  }
}

export const RecordViewingHandler = handler(RecordViewing, {
  stream: ({ given }) => viewingStream(given.id),
  decider: viewing,
  decide: (isRecorded, { given, candidateIds, what, reason }) => recordViewing(isRecorded, { viewing: given.id, candidateIds, what, reason }),
});
