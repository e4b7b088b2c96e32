import { reactor } from '../../reactions/reactor.js';
import { RaiseTask } from '../raise-task.command.js';
import { ApplyCorrection } from './apply-correction.command.js';
import type { CorrectionEvent } from './corrections.events.js';
import { NoteUndone } from './note-undone.command.js';

/** Applies what is approved, chunk after chunk: a killed process leaves the chunk that it was at to the next. */
export const corrections = reactor<CorrectionEvent>({
  name: 'corrections',
  on: {
    CorrectionApproved: ({ data: { correction } }, given) => new ApplyCorrection(given, correction, 0),
    CorrectionApplied: ({ data: { correction, chunk, isLast, undoes } }, given) => {
      if (!isLast) return new ApplyCorrection(given, correction, chunk + 1);
      return undoes === undefined ? undefined : new NoteUndone(given, undoes, correction);
    },
  },
});

/** Raises a task where documents are not as the preview said. */
export const correctionTasks = reactor<CorrectionEvent>({
  name: 'correction-tasks',
  on: {
    CorrectionApplied: ({ id, data: { correction, differing } }, given) =>
      differing === 0
        ? undefined
        : new RaiseTask(given, { task: id, kind: 'correction_differs', proposal: 'look', about: { correction, rows: String(differing) } }),
  },
});
