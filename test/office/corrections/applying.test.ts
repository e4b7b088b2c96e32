import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { corrections } from '../../../projections/corrections.js';
import { sittings } from '../../../projections/sittings.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
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
