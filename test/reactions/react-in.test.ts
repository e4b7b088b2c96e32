import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { v4 as uuid } from 'uuid';
import { knownReactors } from '../../src/composition/known/reactors.js';
import type { Origin } from '../../src/event-store/event.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { TestCentre } from '../centre.js';
import { until } from '../until.js';
import { reactIn } from './react-in.js';

let centre: TestCentre;
let acting: { stop(): Promise<void> };
beforeEach(async () => {
  centre = await TestCentre.open('2026-03-01T02:00:00.000Z');
  acting = await reactIn(centre);
});
afterEach(async () => {
  await acting.stop();
  await centre.close();
});

const dueBy = '2026-03-10T10:00:00.000Z';
const typesOf = async (stream: string) => ((await centre.get(EventStore).streams([stream]))[0] ?? []).map(({ type }) => type);

async function record(stream: string, type: string, data: object, origin: Origin): Promise<void> {
  const metadata = { command: uuid(), correlation: uuid(), by: 'zhang', origin };
  await centre.get(EventStore).append([{ stream: { name: stream, subject: 'zhang' }, expected: 'no_stream', events: [{ id: uuid(), type, data, metadata }] }]);
}

function confirmed(period: string, bill: string) {
  return { candidateId: 'zhang', period, bill, lines: [{ code: '00261', fen: 4_600 }], fen: 4_600, createdAt: '2026-03-01T02:00:00.000Z', dueBy };
}

it('A bill expires when the clock says so and not before, and imported enrolments get no bill', async () => {
  await record('enrolment-zhang-2510', 'EnrolmentConfirmed', confirmed('2510', '25100000000001'), 'import');
  await record('enrolment-zhang-2604', 'EnrolmentConfirmed', confirmed('2604', '26040000000001'), 'person');
  await until('the bill to be issued', async () => (await typesOf('bill-26040000000001')).join() === 'BillIssued');
  await centre.settled();
  centre.clock.time = new Date(Date.parse(dueBy) - 1);
  await centre.settled();
  expect(await typesOf('bill-26040000000001')).toEqual(['BillIssued']);
  centre.clock.time = new Date(dueBy);
  await until('the courses to be free', async () => (await typesOf('enrolment-zhang-2604')).includes('EnrolmentFreed'));
  expect(await typesOf('bill-26040000000001')).toEqual(['BillIssued', 'BillExpired']);
  expect(await typesOf('bill-25100000000001')).toEqual([]);
});

it('A refused reaction becomes a task of the office', async () => {
  const bill = '26040000000001';
  await record('enrolment-zhang-2604', 'EnrolmentConfirmed', confirmed('2604', bill), 'person');
  await until('the bill to be issued', async () => (await typesOf(`bill-${bill}`)).length === 1);
  // another cause for the same number: only a fault could make it
  await record('enrolment-li-2604', 'EnrolmentConfirmed', { ...confirmed('2604', bill), candidateId: 'li', fen: 9_200 }, 'person');
  const raised = await until('the task to be raised', async () => (await centre.get(EventStore).read('', 100, { types: ['TaskRaised'] })).events[0]);
  expect(raised.data).toMatchObject({
    kind: 'refused_reaction',
    proposal: 'look',
    about: { reactor: 'bills', type: 'EnrolmentConfirmed', stream: 'enrolment-li-2604' },
  });
  expect(knownReactors.map(({ name }) => name)).toContain(raised.metadata.by);
});
