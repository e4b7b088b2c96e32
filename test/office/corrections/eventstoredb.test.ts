import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { corrections } from '../../../projections/corrections.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { TestCentre } from '../../centre.js';
import { TestCluster } from '../../event-store/eventstoredb/test-server/test-cluster.js';
import { announce } from '../../web/announced.js';
import { addOfficer } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const NUMBERS = ['119988000001', '119988000002'];
const score = (points: string) => NUMBERS.map((admission_no) => ({ admission_no, period: '2604', course: '00015', score: points }));
const to = (points: string) => NUMBERS.map((number) => [number, { period: '2604', course: '00015', score: points }] as const);

let cluster: TestCluster;
let centre: TestCentre;
let desk: ProposalDesk;
beforeAll(async () => {
  cluster = await TestCluster.start();
  centre = await TestCentre.open(undefined, { EVENT_STORE_URL: cluster.url });
  await announce(centre);
  for (const number of NUMBERS) await centre.candidate(number);
  await centre.rows('scores', ...score('58'));
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  desk = new ProposalDesk(centre);
});
afterAll(async () => {
  await centre.close();
  await cluster.close();
});

it('A correction on EventStoreDB is recorded as it was previewed, and taken back', async () => {
  const correction = await desk.propose('score', to('68'));
  expect(await desk.preview(correction)).toMatchObject({ changes: 2, toPassed: 2, refused: 0 });
  await desk.approve(correction);
  await desk.apply(correction);
  expect(await centre.get(ReadModels).get(corrections, correction)).toMatchObject({ state: 'applied', recorded: 2, refused: 0, differing: 0 });
  const undo = await desk.undo(correction);
  await desk.approve(undo);
  await desk.apply(undo);
  for (const number of NUMBERS) expect(await desk.recorded(number, undo)).toMatchObject([{ type: 'ScoreCorrected', data: { result: { score: 58 } } }]);
});

it('A correction on EventStoreDB refuses rows of whom something else was recorded since the approval', async () => {
  const correction = await desk.propose('score', to('70'));
  await desk.approve(correction);
  await centre.rows('scores', ...score('71').slice(0, 1));
  await desk.apply(correction);
  expect(await centre.get(ReadModels).get(corrections, correction)).toMatchObject({ state: 'applied', recorded: 1, refused: 1, differing: 0 });
});
