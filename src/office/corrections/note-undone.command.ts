import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { correctionProposal, noteUndone } from './correction-proposal.decider.js';
import { correctionStream } from './corrections.streams.js';

/** Notes that another correction has taken this one back. */
export class NoteUndone extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly correction: string,
    /** The id of the other one. */
    readonly undo: string,
  ) {
    super();
  }
}

export const NoteUndoneHandler = handler(NoteUndone, {
  stream: ({ correction }) => correctionStream(correction),
  decider: correctionProposal,
  decide: (state, { correction, undo }) => noteUndone(state, correction, undo),
});
