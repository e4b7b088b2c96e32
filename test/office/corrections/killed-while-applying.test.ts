import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { corrections } from '../../../projections/corrections.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite/event-store.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { addOfficer } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const NUMBERS = ['119988000001', '119988000002', '119988000003'];
const COURSES = ['00015', '00227'];

let centre: TestCentre;
let desk: ProposalDesk;
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  for (const number of NUMBERS) await centre.candidate(number);
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  desk = new ProposalDesk(centre);
});
afterAll(() => centre.close());

/** Fails the append of that number and all later ones, as a process that dies there: `before` it is written, or `after`. */
function dieAt(step: number, when: 'before' | 'after'): jest.SpiedFunction<SqliteEventStore['append']> {
  const { append } = SqliteEventStore.prototype;
  let count = 0;
  return jest.spyOn(SqliteEventStore.prototype, 'append').mockImplementation(async function (this: SqliteEventStore, appends) {
    count += 1;
    if (count === step && when === 'after') await append.call(this, appends);
    if (count >= step) throw new StoreUnavailable('the process has died');
    return append.call(this, appends);
  });
}

async function score(points: string): Promise<void> {
  await centre.rows('scores', ...NUMBERS.flatMap((admission_no) => COURSES.map((course) => ({ admission_no, period: '2604', course, score: points }))));
}

it('A correction that is killed at any of its writes goes on where it was, and records each row once, as it was previewed', async () => {
  let kills = 0;
  for (let [step, isOver] = [1, false]; !isOver; step++) {
    for (const when of ['before', 'after'] as const) {
      await score(String(step % 50));
      const rows = NUMBERS.flatMap((number) => COURSES.map((course) => [number, { period: '2604', course, score: String(60 + (step % 40)) }] as const));
      const correction = await desk.propose('score', rows);
      await desk.approve(correction);
      const spy = dieAt(step, when);
      try {
        await desk.apply(correction);
        isOver = true;
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable);
        kills += 1;
      } finally {
        spy.mockRestore();
      }
      centre.clock.time = new Date(centre.clock.now().getTime() + 60_000);
      await desk.apply(correction);
      await centre.settled();
      for (const number of NUMBERS) expect([step, when, (await desk.recorded(number, correction)).length]).toEqual([step, when, COURSES.length]);
      const known = await centre.get(ReadModels).get(corrections, correction);
      expect([step, when, known]).toEqual([step, when, expect.objectContaining({ state: 'applied', done: 6, recorded: 6, refused: 0, differing: 0 })]);
    }
  }
  expect(kills).toBeGreaterThan(5);
});

it('A correction that was killed refuses the rows of a candidate of whom something else was recorded before it went on', async () => {
  await score('40');
  const correction = await desk.propose(
    'score',
    NUMBERS.map((number) => [number, { period: '2604', course: '00015', score: '95' }]),
  );
  await desk.approve(correction);
  const spy = dieAt(2, 'before'); // the chunk is begun, and no row is recorded
  await expect(desk.apply(correction)).rejects.toThrow(StoreUnavailable);
  spy.mockRestore();
  await centre.rows('scores', { admission_no: NUMBERS[0] as string, period: '2604', course: '00015', score: '41' });
  await desk.apply(correction);
  expect(await desk.recorded(NUMBERS[0] as string, correction)).toEqual([]);
  expect(await centre.get(ReadModels).get(corrections, correction)).toMatchObject({ state: 'applied', recorded: 2, refused: 1, differing: 0 });
});

it('A correction that two processes apply at once is recorded once', async () => {
  await score('42');
  const correction = await desk.propose(
    'score',
    NUMBERS.map((number) => [number, { period: '2604', course: '00015', score: '96' }]),
  );
  await desk.approve(correction);
  await Promise.all([desk.apply(correction), desk.apply(correction)]);
  for (const number of NUMBERS) expect(await desk.recorded(number, correction)).toHaveLength(1);
  const [history = []] = await centre.get(EventStore).streams([`correction-${correction}`]);
  expect(history.filter(({ type }) => type === 'CorrectionApplied')).toHaveLength(1);
});
