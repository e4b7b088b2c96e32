import { expect, it } from '@jest/globals';
import { knownImportFiles } from '../../../src/composition/known/import-files.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { RowsOfEvents } from '../../../src/imports/changes/row-changes.js';

const rows = new RowsOfEvents(knownImportFiles);

/** Events of one stream, the last of which is meant. */
function historyOf(...events: readonly { readonly type: string; readonly data: object }[]): readonly Recorded[] {
  return events.map((event, at) => ({
    ...event,
    id: `event-${at}`,
    stream: 'stream',
    revision: at,
    position: String(at).padStart(8, '0'),
    recordedAt: '2026-11-22T02:00:00.000Z',
    metadata: { by: 'cli', origin: 'import', command: `command-${at}`, correlation: 'batch' },
  })) as readonly Recorded[];
}

const changesAt = (history: readonly Recorded[]) =>
  rows.changes(history, (event) => event === history.at(-1)).map(({ file, before, after, now }) => ({ file: file.name, before, after, now }));

const candidateId = 'zhang';
const major = { candidateId, major: '01B0901' };
const added = { type: 'MajorAdded', data: { ...major, period: '2604' } };
const voided = { type: 'RegistrationVoided', data: { candidateId } };

it('The former value of a major is none after the registration was taken back with its majors', () => {
  const [change] = changesAt(historyOf(added, { type: 'MajorLeft', data: major }, voided, { ...added, data: { ...major, period: '2610' } }));
  const studying = { major: '01B0901', state: 'studying', added_period: '2610' };
  expect(change).toEqual({ file: 'candidate_majors', before: undefined, after: studying, now: studying });
});

it('A registration that is taken back changes the rows of its majors, but for those that were taken back before', () => {
  const other = { candidateId, major: '01B0902' };
  const history = historyOf(added, { type: 'MajorAdded', data: { ...other, period: '2604' } }, { type: 'MajorWithdrawn', data: other }, voided);
  const changes = changesAt(history).filter(({ file }) => file === 'candidate_majors');
  expect(changes).toEqual([
    { file: 'candidate_majors', before: { major: '01B0901', state: 'studying', added_period: '2604' }, after: undefined, now: undefined },
  ]);
});

it('The former value of a receipt is none after its bill was taken back', () => {
  const receipt = { bill: '20260000000001', code: '11010126', number: '0000000001', checkCode: 'abcdef', issuedAt: '2026-11-22T02:00:00.000Z', candidateId };
  const issued = { type: 'ReceiptIssued', data: receipt };
  const [change] = changesAt(historyOf(issued, { type: 'BillVoided', data: { candidateId, bill: receipt.bill } }, issued));
  expect(change).toMatchObject({ file: 'receipts', before: undefined, after: { receipt_no: '0000000001' } });
});
