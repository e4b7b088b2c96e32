import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Columns } from '../../../src/office/corrections/correction.js';
import type { CorrectionName } from '../../../src/office/corrections/corrections.events.js';
import { TestCentre } from '../../centre.js';
import { addOfficer } from '../office-browser.js';
import { everythingToCorrect, ONE, PERIOD } from './everything-to-correct.js';
import { ProposalDesk } from './proposal-desk.js';

let centre: TestCentre;
let desk: ProposalDesk;
let number: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  number = await everythingToCorrect(centre);
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  desk = new ProposalDesk(centre);
});
afterAll(() => centre.close());

const sitting = { period: PERIOD, course: '00015' };

/** Of each kind a correction, and a later one of the same fact. */
const corrected: readonly (readonly [kind: CorrectionName, row: Columns, later: Columns])[] = [
  ['score', { ...sitting, score: '61' }, { ...sitting, score: '62' }],
  ['person', { name: '李四' }, { name: '王五' }],
  ['seat', { ...sitting, room: '061' }, { ...sitting, room: '062' }],
  ['confirmation', { confirmed: 'N' }, { confirmed: 'Y' }],
  ['account', { state: 'frozen' }, { state: 'suspended' }],
  ['major', { major: '01B0302', state: 'left' }, { major: '01B0302', state: 'graduated' }],
  ['payment', { state: 'paid', paid_at: '2026-07-20T09:00:00+08:00' }, { state: 'paid', paid_at: '2026-07-21T09:00:00+08:00' }],
  ['declaration', { id: 'D-1', state: 'rejected', remark: '第一次' }, { id: 'D-1', remark: '第二次' }],
  ['application', { id: 'S-1', state: 'rejected', remark: '第一次' }, { id: 'S-1', remark: '第二次' }],
  ['enrolment', { ...sitting, state: 'withdrawn' }, { ...sitting, state: 'enrolled' }],
];

async function apply(correction: string): Promise<string> {
  await desk.approve(correction);
  await desk.apply(correction);
  return correction;
}

async function correct(kind: CorrectionName, columns: Columns): Promise<string> {
  return apply(await desk.propose(kind, [[ONE, kind === 'payment' ? { ...columns, bill_no: number } : columns]]));
}

it.each(corrected)(
  'An undo of a correction of the kind %s leaves what was recorded later, and takes it back once that is taken back',
  async (kind, row, later) => {
    const correction = await correct(kind, row);
    const undo = await desk.undo(correction);
    expect(await desk.preview(undo)).toMatchObject({ changes: 1, refused: 0 });
    const second = await correct(kind, later);
    const { changes, reasons } = await desk.preview(undo);
    // a kind with two values is as it was before the correction
    expect([changes, reasons]).toEqual(kind === 'confirmation' || kind === 'enrolment' ? [0, []] : [0, [{ text: '之后又有改动，不能改回去。', rows: 1 }]]);
    await apply(await desk.undo(second));
    expect(await desk.preview(undo)).toMatchObject({ changes: 1, refused: 0 });
    await apply(undo);
    expect(await desk.recorded(ONE, undo)).toHaveLength(1);
  },
);

it('An undo leaves another value of the same fact that was corrected later', async () => {
  const undo = await desk.undo(await correct('seat', { ...sitting, room: '071' }));
  await correct('seat', { ...sitting, seat: '17' });
  expect(await desk.preview(undo)).toMatchObject({ changes: 0, refused: 1 });
});
