import { expect, it } from '@jest/globals';
import {
  approveAfterwards,
  approveCorrection,
  assertUndoable,
  correctionProposal,
  noteApplied,
  noteUndone,
  proposeCorrection,
  returnCorrection,
  withdrawCorrection,
} from '../../../src/office/corrections/correction-proposal.decider.js';
import type { CorrectionEvent, ProposalTerms } from '../../../src/office/corrections/corrections.events.js';
import { given } from '../../given.js';

const terms: ProposalTerms = { correction: 'k1', kind: 'score', by: 'zhou', reason: '登分有误', rows: 3, chunks: 2, leftOut: 0 };
const proposed: CorrectionEvent = { type: 'CorrectionProposed', data: terms };
const approved: CorrectionEvent = { type: 'CorrectionApproved', data: { correction: 'k1', approval: 'a1', by: 'he', fingerprint: 'f1' } };
const emergency: CorrectionEvent = { type: 'CorrectionApproved', data: { ...approved.data, by: 'zhou', emergency: true } };
const returned: CorrectionEvent = { type: 'CorrectionReturned', data: { correction: 'k1', by: 'he', note: '缺依据' } };
const withdrawn: CorrectionEvent = { type: 'CorrectionWithdrawn', data: { correction: 'k1', by: 'zhou' } };
const outcome = { chunk: 0, rows: 2, recorded: 2, refused: 0, differing: 0 };
const applied = (chunk: number, isLast: boolean): CorrectionEvent => ({ type: 'CorrectionApplied', data: { correction: 'k1', ...outcome, chunk, isLast } });

const facts = { isApprover: true, mayPropose: true, fingerprint: 'f1', changes: 3, second: '成绩已经发布' };
const approval = { correction: 'k1', approval: 'a1', by: 'he', fingerprint: 'f1', emergency: false };
const approve = (before: CorrectionEvent[], by: Partial<typeof approval> = {}, known: Partial<Parameters<typeof approveCorrection>[2]> = {}) =>
  given(correctionProposal, before).when((state) => approveCorrection(state, { ...approval, ...by }, { ...facts, ...known }));

it('A correction is proposed once, with at least one row', () => {
  given(correctionProposal, [])
    .when((state) => proposeCorrection(state, terms))
    .then([proposed]);
  given(correctionProposal, [proposed])
    .when((state) => proposeCorrection(state, terms))
    .then([]);
  given(correctionProposal, [])
    .when((state) => proposeCorrection(state, { ...terms, rows: 0 }))
    .refuses('correction.no_rows');
});

it('A correction is approved by a second person who has seen the preview as it is now', () => {
  approve([proposed]).then([approved]);
  approve([proposed], { fingerprint: 'f0' }).refuses('correction.expired');
  approve([proposed], {}, { isApprover: false }).refuses('correction.not_approver');
  approve([proposed], {}, { changes: 0 }).refuses('correction.nothing');
  approve([]).refuses('correction.unknown', { correction: 'k1' });
});

it('A correction is approved by who proposed it only where no second person is needed', () => {
  approve([proposed], { by: 'zhou' }).refuses('correction.own', { why: '成绩已经发布' });
  approve([proposed], { by: 'zhou' }, { second: undefined, isApprover: false }).then([{ ...approved, data: { ...approved.data, by: 'zhou' } }]);
});

it('A correction is not approved by who proposed it and may not propose its kind any more', () => {
  approve([proposed], { by: 'zhou' }, { second: undefined, mayPropose: false }).refuses('correction.not_allowed');
  approve([proposed], { by: 'zhou', emergency: true }, { mayPropose: false }).refuses('correction.not_allowed');
  approve([proposed], {}, { mayPropose: false }).then([approved]);
});

it('An undo is not approved of a correction that another one has taken back', () => {
  const undoing: CorrectionEvent = { type: 'CorrectionProposed', data: { ...terms, undoes: 'k0' } };
  const original = { state: 'applied' as const, terms, awaitsSecond: false, applied: 2, recorded: 4 };
  approve([undoing], {}, { undone: original }).then([approved]);
  approve([undoing], {}, { undone: { ...original, state: 'undone' } }).refuses('correction.undone');
  approve([undoing, approved], {}, { undone: { ...original, state: 'undone' } }).refuses('correction.not_open', { state: '批准' });
});

it('A correction is approved alone by an approver in an emergency, and by another one afterwards', () => {
  const alone = { by: 'zhou', emergency: true };
  approve([proposed], alone).then([emergency]);
  approve([proposed], alone, { isApprover: false }).refuses('correction.not_approver');
  approve([proposed], alone, { second: undefined }).refuses('correction.no_emergency');
  approve([proposed], { emergency: true }).refuses('correction.no_emergency');
  const afterwards = (before: CorrectionEvent[], by: string, isApprover = true) =>
    given(correctionProposal, before).when((state) => approveAfterwards(state, { correction: 'k1', by }, { isApprover }));
  const second: CorrectionEvent = { type: 'CorrectionApprovedAfterwards', data: { correction: 'k1', by: 'sun' } };
  afterwards([proposed, emergency, applied(0, false)], 'sun').then([second]);
  afterwards([proposed, emergency, second], 'sun').then([]);
  afterwards([proposed, emergency], 'zhou').refuses('correction.own_emergency');
  afterwards([proposed, emergency], 'li', false).refuses('correction.not_approver');
  afterwards([proposed, approved], 'sun').refuses('correction.not_emergency');
  afterwards([], 'sun').refuses('correction.unknown', { correction: 'k1' });
});

it('A correction is decided once: approved, returned or withdrawn', () => {
  approve([proposed, approved]).refuses('correction.not_open', { state: '批准' });
  approve([proposed, returned]).refuses('correction.not_open', { state: '退回' });
  approve([proposed, withdrawn]).refuses('correction.not_open', { state: '撤回' });
  given(correctionProposal, [proposed, approved])
    .when((state) => withdrawCorrection(state, { correction: 'k1', by: 'zhou' }))
    .refuses('correction.not_open', { state: '批准' });
  given(correctionProposal, [proposed, withdrawn])
    .when((state) => returnCorrection(state, { correction: 'k1', by: 'he', note: '缺依据' }, facts))
    .refuses('correction.not_open', { state: '撤回' });
});

it('A correction is withdrawn by who proposed it and returned by an approver', () => {
  const withdraw = (by: string) => given(correctionProposal, [proposed]).when((state) => withdrawCorrection(state, { correction: 'k1', by }));
  withdraw('zhou').then([withdrawn]);
  withdraw('he').refuses('correction.not_own');
  const giveBack = (by: string, isApprover = true) =>
    given(correctionProposal, [proposed]).when((state) => returnCorrection(state, { correction: 'k1', by, note: '缺依据' }, { isApprover }));
  giveBack('he').then([returned]);
  giveBack('zhou').refuses('correction.own_return');
  giveBack('he', false).refuses('correction.not_approver');
});

it('A correction is applied chunk by chunk in order, each once, and names what it undoes with the last', () => {
  const note = (before: CorrectionEvent[], chunk: number) => given(correctionProposal, before).when((state) => noteApplied(state, 'k1', { ...outcome, chunk }));
  note([proposed, approved], 0).then([applied(0, false)]);
  note([proposed, approved, applied(0, false)], 0).then([]);
  note([proposed, approved, applied(0, false)], 1).then([applied(1, true)]);
  note([proposed, approved, applied(0, false), applied(1, true)], 1).then([]);
  expect(() => note([proposed], 0).then([])).toThrow('not the next');
  expect(() => note([proposed, approved], 1).then([])).toThrow('not the next');
  const undoing: CorrectionEvent = { type: 'CorrectionProposed', data: { ...terms, chunks: 1, undoes: 'k0' } };
  note([undoing, approved], 0).then([{ type: 'CorrectionApplied', data: { correction: 'k1', ...outcome, isLast: true, undoes: 'k0' } }]);
});

it('An undo of which all rows were refused when it was applied takes nothing back', () => {
  const undoing: CorrectionEvent = { type: 'CorrectionProposed', data: { ...terms, undoes: 'k0' } };
  const none = { ...outcome, recorded: 0, refused: 2 };
  const chunk = (more: typeof outcome): CorrectionEvent => ({ type: 'CorrectionApplied', data: { correction: 'k1', ...more, isLast: false } });
  const last = (before: CorrectionEvent) =>
    given(correctionProposal, [undoing, approved, before]).when((state) => noteApplied(state, 'k1', { ...none, chunk: 1 }));
  last(chunk(none)).then([{ type: 'CorrectionApplied', data: { correction: 'k1', ...none, chunk: 1, isLast: true } }]);
  last(chunk(outcome)).then([{ type: 'CorrectionApplied', data: { correction: 'k1', ...none, chunk: 1, isLast: true, undoes: 'k0' } }]);
});

it('A correction is undone once, after it was applied as a whole', () => {
  const done = [proposed, approved, applied(0, false), applied(1, true)];
  const undone: CorrectionEvent = { type: 'CorrectionUndone', data: { correction: 'k1', undo: 'k2' } };
  const note = (before: CorrectionEvent[]) => given(correctionProposal, before).when((state) => noteUndone(state, 'k1', 'k2'));
  note(done).then([undone]);
  note([...done, undone]).then([]);
  const ask = (before: CorrectionEvent[]) =>
    given(correctionProposal, before).when((state) => {
      expect(assertUndoable(state, 'k1')).toEqual(terms);
      return [];
    });
  ask(done).then([]);
  ask([...done, undone]).refuses('correction.undone');
  ask([proposed, approved, applied(0, false)]).refuses('correction.not_applied');
  ask([]).refuses('correction.unknown', { correction: 'k1' });
});
