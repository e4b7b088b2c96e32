import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { corrections } from '../../../projections/corrections.js';
import { sittings } from '../../../projections/sittings.js';
import { givenAt } from '../../../src/event-store/given.js';
import { ApproveAfterwards } from '../../../src/office/corrections/approve-afterwards.command.js';
import { NoteUndone } from '../../../src/office/corrections/note-undone.command.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { addOfficer } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const ONE = '119988000001';
const TWO = '119988000002';
const score = (number: string, points: string) => ({ admission_no: number, period: '2604', course: '00015', score: points });
const to = (points: string, more = {}) => ({ period: '2604', course: '00015', score: points, ...more });

let centre: TestCentre;
let desk: ProposalDesk;
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  await centre.candidate(ONE);
  await centre.candidate(TWO);
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  await addOfficer(centre, 'fang', ['city', 'approver']);
  await addOfficer(centre, 'qu', ['district'], ['西城区']);
  desk = new ProposalDesk(centre);
});
afterAll(() => centre.close());

const known = async (correction: string) => centre.get(ReadModels).get(corrections, correction);

it('A proposed correction is previewed in full while nothing is recorded, and recorded as it was previewed once it is approved', async () => {
  await centre.rows('scores', score(ONE, '58'));
  const correction = await desk.propose('score', [[ONE, to('68')]]);
  const preview = await desk.preview(correction);
  expect(preview).toMatchObject({ rows: 1, changes: 1, refused: 0, toPassed: 1, toFailed: 0, events: { ScoreCorrected: 1 } });
  expect(preview.values).toEqual([{ before: '58', after: '68', rows: 1 }]);
  expect(Object.keys(preview.documents)).toEqual(['sittings']);
  expect(await desk.recorded(ONE, correction)).toEqual([]);

  await desk.approve(correction);
  await desk.apply(correction);
  expect(await desk.recorded(ONE, correction)).toMatchObject([
    { type: 'ScoreCorrected', data: { result: { score: 68 } }, metadata: { by: 'office:zhou', why: '登分有误', origin: 'office' } },
  ]);
  expect(await known(correction)).toMatchObject({ state: 'applied', done: 1, recorded: 1, refused: 0, differing: 0, decidedBy: 'he' });
});

it('A proposed correction is applied once, however often that is repeated', async () => {
  await centre.rows('scores', score(ONE, '40'));
  const correction = await desk.propose('score', [[ONE, to('41')]]);
  await desk.approve(correction);
  await desk.apply(correction);
  await desk.apply(correction);
  expect(await desk.recorded(ONE, correction)).toHaveLength(1);
});

it('A proposed correction expires when something else is recorded after its preview', async () => {
  await centre.rows('scores', score(ONE, '50'));
  const correction = await desk.propose('score', [[ONE, to('70')]]);
  const { fingerprint } = await desk.preview(correction);
  await centre.rows('scores', score(ONE, '51'));
  await expect(desk.approve(correction, 'he', { fingerprint })).rejects.toMatchObject({ code: 'correction.expired' });
  expect(await known(correction)).toMatchObject({ state: 'proposed' });
});

it('A proposed correction refuses the rows of candidates of whom something is recorded after the approval, and records the others', async () => {
  await centre.rows('scores', score(ONE, '50'), score(TWO, '52'));
  const correction = await desk.propose('score', [
    [ONE, to('70')],
    [TWO, to('72')],
  ]);
  await desk.approve(correction);
  await centre.rows('scores', score(ONE, '55'));
  await desk.apply(correction);
  expect(await desk.recorded(ONE, correction)).toEqual([]);
  expect(await desk.recorded(TWO, correction)).toHaveLength(1);
  expect(await known(correction)).toMatchObject({ state: 'applied', done: 2, refused: 1, recorded: 1, differing: 0 });
});

it('A proposed correction is undone by a proposal of what was recorded before, which is previewed and approved as any other', async () => {
  await centre.rows('scores', score(ONE, '30'));
  const correction = await desk.propose('score', [[ONE, to('90')]]);
  await desk.approve(correction);
  await desk.apply(correction);
  const undo = await desk.undo(correction);
  expect((await desk.preview(undo)).values).toEqual([{ before: '90', after: '30', rows: 1 }]);
  await desk.approve(undo);
  await desk.apply(undo);
  const document = await centre.get(ReadModels).get(sittings, await centre.idOf(ONE));
  expect(JSON.stringify(document)).toContain('"score":30');
});

it('An undo changes nothing that came after the correction, and a correction that is undone is not undone again', async () => {
  await centre.rows('scores', score(ONE, '31'), score(TWO, '32'));
  const rows = [
    [ONE, to('91')],
    [TWO, to('92')],
  ] as const;
  const correction = await desk.propose('score', rows);
  await desk.approve(correction);
  await desk.apply(correction);
  const [first, second, third] = [await desk.undo(correction), await desk.undo(correction), await desk.undo(correction)];
  await desk.approve(third);
  await centre.rows('scores', score(ONE, '95'));
  expect(await desk.preview(first)).toMatchObject({ changes: 1, refused: 1, reasons: [{ text: '之后又有改动，不能改回去。', rows: 1 }] });
  await desk.approve(first);
  await desk.apply(first);
  expect(await known(first)).toMatchObject({ state: 'applied', refused: 1, recorded: 1 });
  await desk.execute('reactor', new NoteUndone(givenAt(centre.clock.instant()), correction, first));
  await centre.rows('scores', score(TWO, '99'));
  expect(await desk.preview(second)).toMatchObject({ changes: 0, refused: 2 });
  await expect(desk.approve(second)).rejects.toMatchObject({ code: 'correction.undone' });
  await desk.apply(third); // approved before, and all of it has changed since
  expect(await known(third)).toMatchObject({ state: 'applied', refused: 2, recorded: 0 });
  const points = async (number: string) => JSON.stringify(await centre.get(ReadModels).get(sittings, await centre.idOf(number)));
  expect([await points(ONE), await points(TWO)]).toEqual([expect.stringContaining('"score":95'), expect.stringContaining('"score":99')]);
});

it('A proposed correction that is approved alone in an emergency is marked until another approver has agreed', async () => {
  await centre.rows('scores', score(ONE, '20'));
  const correction = await desk.propose('score', [[ONE, to('61')]], 'fang');
  await expect(desk.approve(correction, 'fang')).rejects.toMatchObject({ code: 'correction.own' });
  await desk.approve(correction, 'fang', { emergency: true });
  await desk.apply(correction);
  expect(await known(correction)).toMatchObject({ state: 'applied', emergency: true, awaitsSecond: true });
  const agree = (by: string) => desk.execute(by, new ApproveAfterwards(givenAt(centre.clock.instant()), correction, by));
  await expect(agree('fang')).rejects.toMatchObject({ code: 'correction.own_emergency' });
  await agree('he');
  expect(await known(correction)).toMatchObject({ secondBy: 'he' });
  expect(await known(correction)).not.toHaveProperty('awaitsSecond');
});

it('A proposed correction of an office of a district is of its own candidates alone', async () => {
  await centre.rows('districts', { name: '东城区', office: '东城区自考办', place: '一层', address: '北京市', phone: '010' });
  await centre.candidate('119988000003', { district: '东城区', registered_period: '2704', confirmed: 'N' });
  await centre.candidate('119988000004', { registered_period: '2704', confirmed: 'N' });
  const confirmed = { confirmed: 'Y' };
  const correction = await desk.propose(
    'confirmation',
    [
      ['119988000003', confirmed],
      ['119988000004', confirmed],
    ],
    'qu',
  );
  expect(await known(correction)).toMatchObject({ rows: 1, leftOut: 1 });
  await desk.approve(correction, 'qu');
  await desk.apply(correction);
  expect(await desk.recorded('119988000004', correction)).toMatchObject([{ type: 'SiteConfirmed' }]);
  await addOfficer(centre, 'qu-cai', ['district', 'finance'], ['西城区']);
  await expect(desk.propose('confirmation', [['119988000003', confirmed]], 'qu-cai')).rejects.toMatchObject({ code: 'correction.no_rows' });
  await expect(desk.propose('score', [[ONE, to('62')]], 'qu')).rejects.toMatchObject({ code: 'correction.not_allowed' });
});

it('A proposed correction of a candidate who was forgotten says nothing of the person any more, and is refused', async () => {
  const forgotten = await centre.candidate('119988000005');
  const correction = await desk.propose('person', [['119988000005', { name: '李四光' }]]);
  expect(await desk.preview(correction)).toMatchObject({ changes: 1 });
  await centre.get(Vault).forget(forgotten);
  expect(await desk.preview(correction)).toMatchObject({ changes: 0, refused: 1, reasons: [{ text: '这个考生的信息已经删除。', rows: 1 }] });
});

it('A proposed correction by which a course is passed no more names the declarations that may rest on it', async () => {
  const admission_no = '119988000006';
  await centre.candidate(admission_no);
  await centre.rows('scores', score(admission_no, '80'));
  const declared = { admission_no, kind: 'graduation', period: '2026A', major: '01B0302', university: '中国政法大学' };
  await centre.rows('declarations', { id: 'D-7', ...declared, state: 'submitted' }, { id: 'D-8', ...declared, state: 'rejected' });
  const { warnings } = await desk.preview(await desk.propose('score', [[admission_no, to('40')]]));
  expect(warnings.map(({ text }) => text)).toContain('考生的申报 D-7 可能以它为依据');
  expect(warnings.map(({ text }) => text)).not.toContain('考生的申报 D-8 可能以它为依据');
});
