import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { type Task, tasks } from '../../../projections/tasks.js';
import { causedBy } from '../../../src/event-store/cause.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { RaiseTask } from '../../../src/office/raise-task.command.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { NoteRefund } from '../../../src/payments/paying/note-refund.command.js';
import { TakePayment } from '../../../src/payments/paying/take-payment.command.js';
import { unknownOrderTask } from '../../../src/payments/paying/unknown-order-task.js';
import { readDailyFile } from '../../../src/payments/reconciliation/daily-file.js';
import type { Finding } from '../../../src/payments/reconciliation/reconciliation.events.js';
import { type Reconciliation, reconcile } from '../../../src/payments/reconciliation/reconciling.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { TestCentre } from '../../centre.js';
import { type DailyRow, dailyText, writeDaily } from './daily.js';

/** Before the days of all tests, so that their orders are open. */
const NOW = '2026-10-31T02:00:00.000Z';
const HOUR = 60 * 60 * 1000;
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
});
afterAll(() => centre.close());

let bills = 0;

/** A bill of 60 yuan with an order that was begun. */
async function ordered() {
  bills += 1;
  const bill = `9${String(bills).padStart(13, '0')}`;
  const candidateId = `candidate-${bills}`;
  const terms = { candidateId, bill, kind: 'enrolment', period: '2704', lines: [{ code: '03708', fen: 6_000 }], fen: 6_000 } as const;
  await centre.record(new IssueBill(centre.given(), { ...terms, createdAt: NOW, dueBy: '2026-12-22T02:00:00.000Z' }));
  await centre.record(new BeginPayment(centre.given(), bill, candidateId));
  return { bill, order: `${bill}01` };
}

const numbered = (name: string) => `T${name.padStart(16, '0')}`;

/** The movement of an order, as the platform lists it and as it tells it. */
function payment(order: string, name: string, date: string, fen = 6_000): DailyRow {
  return { order, transaction: numbered(name), fen, at: `${date}T02:05:00.000Z` };
}

/** The same money gone back an hour later. */
const refund = (row: DailyRow): DailyRow => ({ ...row, kind: 'refund', at: row.at.replace('T02', 'T03') });

const told = ({ order, transaction, fen = 6_000, at }: DailyRow) =>
  centre.record(new TakePayment(centre.given(), { order, transaction, fen, channel: 'alipay', paidAt: at }));

/** Reconciles a day of Beijing by the platform's file of it, by default once that is final. */
async function reconciled(date: string, rows: readonly DailyRow[], hoursAfter = 2): Promise<Reconciliation> {
  await centre.settled();
  const ends = new Date(Date.parse(`${date}T00:00:00+08:00`) + 24 * HOUR);
  const file = await readDailyFile(writeDaily(centre.folder, dailyText(ends.toISOString(), rows)));
  const ports = { commands: centre.get(CommandBus), events: centre.get(EventStore), readModels: centre.get(ReadModels) };
  const now = new Date(ends.getTime() + hoursAfter * HOUR);
  const found = await causedBy({ by: 'reconciliation', origin: 'office', correlation: randomUUID() }, () => reconcile(file, now, ports));
  await centre.settled();
  return found;
}

const typesOf = async (stream: string) => ((await centre.get(EventStore).streams([stream]))[0] ?? []).map(({ type }) => type);
const counts = ({ findings }: Reconciliation) =>
  Object.fromEntries(Object.entries(findings).flatMap(([finding, { count }]) => (count > 0 ? [[finding, count]] : []))) as Partial<Record<Finding, number>>;

async function openTasks(): Promise<readonly Task[]> {
  return (await centre.get(ReadModels).list(tasks, 'open', undefined, 1_000)).map(({ document }) => document);
}
/** The open tasks that are about a transaction, without what is the same in all. */
async function tasksAbout(transaction: string) {
  return (await openTasks()).filter(({ about }) => about.transaction === transaction).map(({ kind, proposal, about }) => ({ kind, proposal, about }));
}

/** That the same file again finds the same and records nothing. */
async function isSettled(date: string, rows: readonly DailyRow[], before: Reconciliation) {
  expect(await reconciled(date, rows)).toEqual({ ...before, recorded: 0 });
}

// each test has a day of its own, so that what others have recorded is no part of it
describe('Reconciling a day', () => {
  it('Reconciling a day matches what both sides have, and records that once', async () => {
    const row = payment((await ordered()).order, 'match', '2026-11-01');
    await told(row);
    const found = await reconciled('2026-11-01', [row]);
    expect(found).toMatchObject({ day: '2026-11-01', final: true, fen: 6_000, recorded: 1, shown: [] });
    expect(counts(found)).toEqual({ matched: 1 });
    await isSettled('2026-11-01', [row], found);
    expect(await typesOf('reconciliation-2026-11-01')).toEqual(['DayReconciled']);
  });

  it('Reconciling a day records a payment that only the platform knew as if it had been notified', async () => {
    const { bill, order } = await ordered();
    const row = payment(order, 'theirs', '2026-11-02');
    const found = await reconciled('2026-11-02', [row]);
    expect(counts(found)).toEqual({ theirs_only: 1 });
    expect(await typesOf(`bill-${bill}`)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
    expect(await tasksAbout(row.transaction)).toEqual([]);
    await isSettled('2026-11-02', [row], found);
  });

  it('Reconciling a day refunds the second of two payments of one bill, whichever was reported first', async () => {
    const { bill, order } = await ordered();
    const [first, second] = [payment(order, 'twice1', '2026-11-03'), payment(order, 'twice2', '2026-11-03')];
    const rows = [{ ...second, at: '2026-11-03T02:06:00.000Z' }, first];
    const found = await reconciled('2026-11-03', rows);
    expect(counts(found)).toEqual({ theirs_only: 1, paid_twice: 1 });
    expect(await typesOf(`bill-${bill}`)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid', 'RefundDue']);
    expect(found.shown.map(({ movement, finding }) => [movement.transaction, finding])).toEqual([
      [first.transaction, 'theirs_only'],
      [second.transaction, 'paid_twice'],
    ]);
    await isSettled('2026-11-03', rows, found);

    const other = await ordered();
    const both = [payment(other.order, 'twice3', '2026-11-04'), payment(other.order, 'twice4', '2026-11-04')];
    for (const row of both) await told(row);
    expect(counts(await reconciled('2026-11-04', both))).toEqual({ matched: 1, paid_twice: 1 });
  });

  it('Reconciling a day makes one task of a payment for an unknown order, however it was reported', async () => {
    const known = payment('8888888888888801', 'nobody1', '2026-11-05');
    const { order, transaction, fen = 0, at } = known;
    await centre.record(new RaiseTask(centre.given(), unknownOrderTask({ order, transaction, fen, channel: 'alipay', paidAt: at })));
    const rows = [known, payment('8888888888888901', 'nobody2', '2026-11-05')];
    const found = await reconciled('2026-11-05', rows);
    expect(counts(found)).toEqual({ unknown_order: 2 });
    for (const row of rows) expect(await tasksAbout(row.transaction)).toMatchObject([{ kind: 'unknown_order', proposal: 'refund', about: { fen: 6_000 } }]);
    await isSettled('2026-11-05', rows, found);
  });

  it('Reconciling a day settles the task of an unknown order by the refund of that payment only', async () => {
    const row = payment('8888888888889001', 'nobody3', '2026-11-06');
    const rows = [row, refund(row)];
    const found = await reconciled('2026-11-06', rows);
    expect(counts(found)).toEqual({ unknown_order: 1, refund_matched: 1 });
    expect(await tasksAbout(row.transaction)).toEqual([]);
    await isSettled('2026-11-06', rows, found);

    const other = payment('8888888888889101', 'nobody4', '2026-11-07');
    await reconciled('2026-11-07', [other]);
    expect(counts(await reconciled('2026-11-08', [{ ...refund({ ...other, at: '2026-11-08T02:00:00Z' }), fen: 1 }]))).toEqual({ refund_differs: 1 });
    expect((await tasksAbout(other.transaction)).map(({ kind }) => kind).sort()).toEqual(['refund_differs', 'unknown_order']);
  });

  it('Reconciling a day makes a task of a different amount, and leaves the books unchanged', async () => {
    const { bill, order } = await ordered();
    const row = payment(order, 'amount', '2026-11-09');
    await told(row);
    const rows = [{ ...row, fen: 6_001 }];
    const found = await reconciled('2026-11-09', rows);
    expect(counts(found)).toEqual({ amount_differs: 1 });
    expect(await tasksAbout(row.transaction)).toMatchObject([
      { kind: 'amount_differs', proposal: 'ask_platform', about: { order, fen: 6_001, ourFen: 6_000, day: '2026-11-09', movement: 'payment' } },
    ]);
    expect(await typesOf(`bill-${bill}`)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
    await isSettled('2026-11-09', rows, found);
  });

  it('Reconciling a day never counts one transaction for two bills', async () => {
    const [one, other] = [await ordered(), await ordered()];
    const row = payment(one.order, 'moved', '2026-11-10');
    await told(row);
    const rows = [{ ...row, order: other.order }];
    const found = await reconciled('2026-11-10', rows);
    expect(counts(found)).toEqual({ misplaced: 1 });
    expect(await tasksAbout(row.transaction)).toMatchObject([{ kind: 'theirs_only', about: { order: other.order, ourBill: one.bill } }]);
    expect(await typesOf(`bill-${other.bill}`)).toEqual(['BillIssued', 'PaymentBegun']);
    await isSettled('2026-11-10', rows, found);

    const again = { ...rows[0], order: `${one.bill}02`, transaction: numbered('attempt'), at: '2026-11-11T02:05:00.000Z' };
    await told({ ...again, order: one.order });
    expect(counts(await reconciled('2026-11-11', [again]))).toEqual({ misplaced: 1 });
  });

  it('Reconciling a day makes tasks of what the file lacks: payments, payments recorded for two bills, and refunds', async () => {
    const [paid, twice, other, back] = [await ordered(), await ordered(), await ordered(), await ordered()];
    const lacking = payment(paid.order, 'ours', '2026-11-12');
    const both = payment(twice.order, 'given2', '2026-11-12');
    const kept = payment(back.order, 'kept', '2026-11-12');
    const second = payment(back.order, 'second', '2026-11-12');
    for (const row of [lacking, both, { ...both, order: other.order }, kept, second]) await told(row);
    await centre.record(new NoteRefund(centre.given(), back.bill, second.transaction, { state: 'done', refundedAt: '2026-11-12T05:00:00.000Z' }));
    const rows = [both, kept, second];
    const found = await reconciled('2026-11-12', rows);
    expect(counts(found)).toEqual({ matched: 2, paid_twice: 1, ours_only: 3 });
    expect(await tasksAbout(lacking.transaction)).toMatchObject([{ kind: 'ours_only', proposal: 'ask_platform', about: { movement: 'payment', fen: 6_000 } }]);
    expect(await tasksAbout(both.transaction)).toMatchObject([{ kind: 'ours_only', about: { order: other.order } }]);
    expect(await tasksAbout(second.transaction)).toMatchObject([{ kind: 'ours_only', about: { movement: 'refund' } }]);
    await isSettled('2026-11-12', rows, found);
  });

  it('Reconciling a day ends its days at midnight in Beijing', async () => {
    const [before, after] = [await ordered(), await ordered()];
    const late = { ...payment(before.order, 'late', '2026-11-13'), at: '2026-11-13T15:59:59.999Z' };
    const early = { ...payment(after.order, 'early', '2026-11-13'), at: '2026-11-13T16:00:00.000Z' };
    for (const row of [late, early]) await told(row);
    expect(counts(await reconciled('2026-11-13', [late]))).toEqual({ matched: 1 });
    expect(counts(await reconciled('2026-11-14', [early]))).toEqual({ matched: 1 });
  });

  it('Reconciling a day reports nothing as missing while the day is not over, and says so', async () => {
    const [paid, taken] = [await ordered(), await ordered()];
    await told(payment(paid.order, 'goeson1', '2026-11-15'));
    const rows = [payment(taken.order, 'goeson2', '2026-11-15')];
    const early = await reconciled('2026-11-15', rows, 0.9);
    expect(early).toMatchObject({ final: false, recorded: 1 });
    expect(counts(early)).toEqual({ theirs_only: 1 });
    expect(await typesOf('reconciliation-2026-11-15')).toEqual([]);
    expect(counts(await reconciled('2026-11-15', rows, 1))).toEqual({ theirs_only: 1, ours_only: 1 });
  });

  it('Reconciling a day records a refund, also of a payment that was not known, and makes a task of one that belongs to nothing', async () => {
    const [due, unheard, paid] = [await ordered(), await ordered(), await ordered()];
    const [first, second] = [payment(due.order, 'back1', '2026-11-16'), payment(due.order, 'back2', '2026-11-16')];
    const [third, fourth] = [payment(unheard.order, 'back3', '2026-11-16'), payment(unheard.order, 'back4', '2026-11-16')];
    const fifth = payment(paid.order, 'back5', '2026-11-16');
    for (const row of [first, second, fifth]) await told(row);
    const nothing = refund(payment(paid.order, 'back6', '2026-11-16'));
    const rows = [first, second, third, fourth, fifth, refund(second), refund(fourth), refund(fifth), nothing];
    const found = await reconciled('2026-11-16', rows);
    expect(counts(found)).toEqual({ matched: 2, paid_twice: 2, theirs_only: 1, refund_noted: 2, refund_differs: 2 });
    expect(await typesOf(`bill-${due.bill}`)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid', 'RefundDue', 'RefundRequested', 'RefundDone']);
    expect(await typesOf(`bill-${unheard.bill}`)).toContain('RefundDone');
    for (const row of [fifth, nothing]) expect(await tasksAbout(row.transaction)).toMatchObject([{ kind: 'refund_differs' }]);
    await isSettled('2026-11-16', rows, found);
    const sum = Object.values(found.findings).reduce((total, { count }) => total + count, 0);
    expect(sum).toBe(rows.length);
  });

  it('Reconciling a day is recorded again when a later file differs', async () => {
    const { order } = await ordered();
    const row = payment(order, 'other', '2026-11-17');
    await told(row);
    const lacking = await reconciled('2026-11-17', []);
    expect(counts(lacking)).toEqual({ ours_only: 1 });
    expect(counts(await reconciled('2026-11-17', [row]))).toEqual({ matched: 1 });
    expect(await typesOf('reconciliation-2026-11-17')).toEqual(['DayReconciled', 'DayReconciled']);
  });
});
