import { expect, it } from '@jest/globals';
import type { Recorded } from '../../../src/event-store/event.js';
import { ApplyCorrection } from '../../../src/office/corrections/apply-correction.command.js';
import type { CorrectionEvent } from '../../../src/office/corrections/corrections.events.js';
import { corrections, correctionTasks } from '../../../src/office/corrections/corrections.reactor.js';
import { NoteUndone } from '../../../src/office/corrections/note-undone.command.js';
import { RaiseTask } from '../../../src/office/raise-task.command.js';
import type { Reactor } from '../../../src/reactions/reactor.js';

const given = { id: 'g1', at: '2026-11-22T02:00:00.000Z' };
const applied = { correction: 'k1', chunk: 0, rows: 500, recorded: 500, refused: 0, differing: 0, isLast: false };

function reaction(reactor: Reactor, event: CorrectionEvent) {
  const recorded = { ...event, id: 'e1', stream: 'correction-k1', revision: 0, position: '1', recordedAt: given.at } as Recorded;
  return reactor.on[event.type]?.(recorded, given);
}

it('An approval leads to the first chunk, each applied chunk to the next, and the last to none', () => {
  const approved: CorrectionEvent = { type: 'CorrectionApproved', data: { correction: 'k1', approval: 'a1', by: 'he', fingerprint: 'f1' } };
  expect(reaction(corrections, approved)).toEqual(new ApplyCorrection(given, 'k1', 0));
  expect(reaction(corrections, { type: 'CorrectionApplied', data: { ...applied, chunk: 3 } })).toEqual(new ApplyCorrection(given, 'k1', 4));
  expect(reaction(corrections, { type: 'CorrectionApplied', data: { ...applied, isLast: true } })).toBeUndefined();
});

it('The last chunk of an undo is noted at the correction that it takes back', () => {
  expect(reaction(corrections, { type: 'CorrectionApplied', data: { ...applied, isLast: true, undoes: 'k0' } })).toEqual(new NoteUndone(given, 'k0', 'k1'));
});

it('Documents that are not as the preview said are a task of the office', () => {
  expect(reaction(correctionTasks, { type: 'CorrectionApplied', data: applied })).toBeUndefined();
  expect(reaction(correctionTasks, { type: 'CorrectionApplied', data: { ...applied, differing: 2 } })).toEqual(
    new RaiseTask(given, { task: 'e1', kind: 'correction_differs', proposal: 'look', about: { correction: 'k1', rows: '2' } }),
  );
});
