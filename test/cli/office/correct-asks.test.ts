import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { runCorrect } from '../../../src/cli/office/correct.js';
import { CommandRefused } from '../../../src/cli/program/errors.js';
import { Output } from '../../../src/cli/program/output.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';
import { addOfficer } from '../../office/office-browser.js';
import { announce } from '../../web/announced.js';

const ONE = '119988000001';
const score = (points: string) => ({ admission_no: ONE, period: '2604', course: '00015', score: points });
let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  await addOfficer(centre, 'shi-1', ['city']);
  id = await centre.candidate(ONE);
  await centre.rows('scores', score('59'));
});
afterAll(() => centre.close());

/** Corrects the score to 81, with somebody who answers the question. */
const correct = (confirm: (question: string) => Promise<void>) =>
  runCorrect(
    { kind: 'score', admissionNo: ONE, values: ['period=2604', 'course=00015', 'score=81'], by: 'shi-1', reason: '登分有误', ticket: undefined },
    { settings: centre.settings, out: new Output({ json: true, quiet: true }), signal: new AbortController().signal, confirm, commands: [] },
  );
const lastEvent = async () => (await centre.get(EventStore).subject(id)).at(-1);

it('A correction records nothing until the question is answered, and nothing where the answer is no', async () => {
  const answer = jest.fn(async (_question: string) => {
    expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded' });
    throw new CommandRefused('not_confirmed', '没有做');
  });
  await expect(correct(answer)).rejects.toThrow('没有做');
  expect(answer).toHaveBeenCalledWith('确定更正吗？');
  expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded', data: { result: { score: 59 } } });
});

it('A correction is refused where what was shown is not so any more once it is confirmed', async () => {
  await expect(correct(() => centre.rows('scores', score('60')))).rejects.toMatchObject({ code: 'changed_meanwhile' });
  expect(await lastEvent()).toMatchObject({ type: 'ScoreCorrected', data: { result: { score: 60 } } });
});

it('A correction that is confirmed is recorded, and asks nothing where it is so already', async () => {
  expect(await correct(async () => undefined)).toMatchObject({ json: { values: [{ before: '60', after: '81' }], events: 1 } });
  const answer = jest.fn(async () => undefined);
  expect(await correct(answer)).toMatchObject({ json: { values: [], events: 0 } });
  expect(answer).not.toHaveBeenCalled();
});
