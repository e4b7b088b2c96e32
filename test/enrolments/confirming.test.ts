import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Command, CommandBus } from '@nestjs/cqrs';
import type { DeclarationEvent } from '../../src/declarations/declarations.events.js';
import { ConfirmEnrolment } from '../../src/enrolments/confirm-enrolment.command.js';
import { confirmEnrolment, type EnrolmentFacts, enrolment, freeEnrolment, settleEnrolment } from '../../src/enrolments/enrolment.decider.js';
import type { EnrolmentEvent } from '../../src/enrolments/enrolments.events.js';
import { enrolments } from '../../src/enrolments/enrolments.reactor.js';
import { FreeEnrolment } from '../../src/enrolments/free-enrolment.command.js';
import { SettleEnrolment } from '../../src/enrolments/settle-enrolment.command.js';
import type { Appended } from '../../src/event-store/append.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { bills as billsReactor } from '../../src/payments/bills/bills.reactor.js';
import { CancelBill } from '../../src/payments/bills/cancel-bill.command.js';
import { IssueBill } from '../../src/payments/bills/issue-bill.command.js';
import { TestCentre } from '../centre.js';
import { given } from '../given.js';
import { reactionTo } from '../reactions/reaction-to.js';

const at = '2026-12-01T02:00:00.000Z';
const dueBy = '2026-12-20T09:00:00.000Z';
const bill = '90000000000001';
const other = '20260000000002';
const of = { candidateId: 'c1', period: '2704' };
const command = new ConfirmEnrolment({ id: 'command', at }, 'c1', '2704');
const chosen = (course: string): EnrolmentEvent => ({ type: 'CourseEnrolled', data: { ...of, course } });
const withdrawn = (course: string): EnrolmentEvent => ({ type: 'CourseWithdrawn', data: { ...of, course } });
const confirmed = (...lines: { code: string; fen: number }[]): EnrolmentEvent => ({
  type: 'EnrolmentConfirmed',
  data: { ...of, bill, lines, fen: lines.reduce((sum, { fen }) => sum + fen, 0), createdAt: at, dueBy },
});
const freed = (why: 'expired' | 'cancelled', ...courses: string[]): EnrolmentEvent => ({ type: 'EnrolmentFreed', data: { ...of, bill, courses, why } });
const paidFor = (number: string, ...courses: string[]): EnrolmentEvent => ({ type: 'EnrolmentPaid', data: { ...of, bill: number, courses } });

const facts: EnrolmentFacts = {
  bill,
  papers: new Map([
    ['00015', { unit: 'A', fen: 4600 }],
    ['00018', { unit: 'B', fen: 4600 }],
    ['03708', { unit: 'B', fen: 4600 }],
    ['00019', { fen: 9000 }],
    ['00020', { unit: 'C' }],
  ]),
  window: 'open',
  dueBy,
  passed: new Set(),
  exempted: new Set(),
  exemptionPending: new Set(),
  bills: [],
};

describe('ConfirmEnrolment', () => {
  const confirm = (before: EnrolmentEvent[], changes: Partial<EnrolmentFacts> = {}) =>
    given(enrolment, before).when((state) => confirmEnrolment(state, command, { ...facts, ...changes }));
  const both = [chosen('00015'), chosen('00019')];
  const billed = confirmed({ code: '00015', fen: 4600 }, { code: '00019', fen: 9000 });

  it('ConfirmEnrolment bills the fee of each chosen course', () => confirm(both).then([billed]));
  it('ConfirmEnrolment does not bill a withdrawn course', () => confirm([...both, withdrawn('00019')]).then([confirmed({ code: '00015', fen: 4600 })]));
  it('ConfirmEnrolment is refused outside the window', () => {
    confirm(both, { window: 'not_open' }).refuses('enrolment.not_open', { period: '2704' });
    confirm(both, { window: 'closed' }).refuses('enrolment.closed', { period: '2704' });
  });
  it('ConfirmEnrolment is refused from the deadline of the bill on', () => confirm(both, { dueBy: at }).refuses('enrolment.closed', { period: '2704' }));
  it('ConfirmEnrolment makes a bill without a deadline where none is set', () =>
    confirm([chosen('00015')], { dueBy: undefined }).then([
      { type: 'EnrolmentConfirmed', data: { ...of, bill, lines: [{ code: '00015', fen: 4600 }], fen: 4600, createdAt: at, dueBy: undefined } },
    ]));
  it('ConfirmEnrolment is refused without courses', () => {
    confirm([]).refuses('enrolment.no_courses', { period: '2704' });
    confirm([chosen('00015'), withdrawn('00015')]).refuses('enrolment.no_courses', { period: '2704' });
  });
  it('ConfirmEnrolment is refused for a course without a paper or a fee, and for two courses in a unit', () => {
    confirm([chosen('99999')]).refuses('enrolment.not_examined', { course: '99999' });
    confirm([chosen('00020')]).refuses('enrolment.no_fee', { course: '00020' });
    confirm([chosen('00018'), chosen('03708')]).refuses('enrolment.unit_taken', { unit: 'B', course: '00018', other: '03708' });
  });
  it('ConfirmEnrolment is refused for a course in the unit of a paid course', () =>
    confirm([chosen('00018'), paidFor(bill, '00018'), chosen('03708')]).refuses('enrolment.unit_taken', { unit: 'B', course: '00018', other: '03708' }));
  it.each<[string, Partial<EnrolmentFacts>, string]>([
    ['passed', { passed: new Set(['00015']) }, 'enrolment.passed'],
    ['exempted', { exempted: new Set(['00015']) }, 'enrolment.exempted'],
    ['asked to be exempted', { exemptionPending: new Set(['00015']) }, 'enrolment.exemption_pending'],
  ])('ConfirmEnrolment is refused for a course that is %s', (_, changes, code) => confirm(both, changes).refuses(code, { course: '00015' }));
  it('ConfirmEnrolment is refused while a bill is due, issued here or elsewhere', () => {
    confirm([...both, billed]).refuses('enrolment.bill_due', { bill });
    confirm(both, { bills: [{ bill: other, courses: ['00015'], due: true }] }).refuses('enrolment.bill_due', { bill: other });
  });
  it('ConfirmEnrolment leaves out courses that are paid, here or elsewhere', () => {
    confirm([...both, paidFor(bill, '00015')]).then([confirmed({ code: '00019', fen: 9000 })]);
    confirm(both, { bills: [{ bill: other, courses: ['00015'], due: false }] }).then([confirmed({ code: '00019', fen: 9000 })]);
    confirm(both, { bills: [{ bill: other, courses: ['00015', '00019'], due: false }] }).refuses('enrolment.no_courses', { period: '2704' });
  });
  it('ConfirmEnrolment leaves out a paid course also when it is passed', () =>
    confirm([...both, paidFor(bill, '00015')], { passed: new Set(['00015']) }).then([confirmed({ code: '00019', fen: 9000 })]));
  it('ConfirmEnrolment is possible again after the bill ended unpaid', () => confirm([...both, billed, freed('expired', '00015', '00019')]).then([billed]));
});

describe('The bill of an enrolment', () => {
  const before = [chosen('00015'), confirmed({ code: '00015', fen: 4600 })];
  const settle = (events: EnrolmentEvent[], number = bill, courses = ['00015']) =>
    given(enrolment, events).when((state) => settleEnrolment(state, { ...of, bill: number, courses }));
  const free = (events: EnrolmentEvent[], number = bill) =>
    given(enrolment, events).when((state) => freeEnrolment(state, { ...of, bill: number, why: 'cancelled' }));

  it('The bill of an enrolment is recorded as paid once', () => {
    settle(before).then([paidFor(bill, '00015')]);
    settle([...before, paidFor(bill, '00015')]).then([]);
  });
  it('The bill of an enrolment is recorded as paid also where it was issued elsewhere', () => settle([chosen('00015')], other).then([paidFor(other, '00015')]));
  it('The bill of an enrolment is recorded as paid also after the courses were freed', () =>
    settle([...before, freed('expired', '00015')]).then([paidFor(bill, '00015')]));
  it('The bill of an enrolment is refused as paid when the course is on another open bill by now', () =>
    settle(before, other).refuses('enrolment.held_by_another', { bill: other, other: bill }));
  it('The bill of an enrolment is recorded as paid beside an open bill for other courses', () =>
    settle(before, other, ['00018']).then([paidFor(other, '00018')]));
  it('The bill of an enrolment frees its courses once', () => {
    free(before).then([freed('cancelled', '00015')]);
    free([...before, freed('cancelled', '00015')]).then([]);
  });
  it('The bill of an enrolment frees nothing where it is not the open bill', () => {
    free(before, other).then([]);
    free([...before, paidFor(bill, '00015')]).then([]);
  });

  it.each<[string, unknown]>([
    ['BillPaid', new SettleEnrolment(command.given, 'c1', '2704', bill, ['00015'])],
    ['BillExpired', new FreeEnrolment(command.given, 'c1', '2704', bill, 'expired')],
    ['BillCancelled', new FreeEnrolment(command.given, 'c1', '2704', bill, 'cancelled')],
  ])('The bill of an enrolment is followed up on %s of an enrolment, and of nothing else', (type, expected) => {
    const react = enrolments.on[type as keyof typeof enrolments.on] as (event: unknown, given: unknown) => unknown;
    const data = { ...of, bill, kind: 'enrolment', codes: ['00015'] };
    expect(react({ type, data }, command.given)).toEqual(expected);
    expect(react({ type, data: { ...data, kind: 'thesis' } }, command.given)).toBeUndefined();
  });
  it('The bill of an enrolment is issued for what was confirmed', () =>
    expect(reactionTo<EnrolmentEvent | DeclarationEvent>(billsReactor, confirmed({ code: '00015', fen: 4600 }), command.given)).toEqual(
      new IssueBill(command.given, {
        candidateId: 'c1',
        bill,
        kind: 'enrolment',
        period: '2704',
        lines: [{ code: '00015', fen: 4600 }],
        fen: 4600,
        createdAt: at,
        dueBy,
      }),
    ));
});

describe('ConfirmEnrolment in the whole centre', () => {
  const admission = '119900000001';
  let centre: TestCentre;
  let id: string;
  beforeEach(async () => {
    centre = await TestCentre.open(at);
    for (const [period, changes] of [
      ['2610', { results_released: '2026-11-20T00:00:00Z' }],
      ['2604', { results_released: '2027-01-01T00:00:00Z' }],
      ['2704', { enrolment_opens: '2026-11-20T08:00:00+08:00', enrolment_closes: '2026-12-20T08:00:00+08:00', payment_closes: '2026-12-20T17:00:00+08:00' }],
    ] as const) {
      await centre.rows('periods', { period, name: period, ...changes });
    }
    await centre.rows('units', ...['A', 'B'].map((unit) => ({ period: '2704', unit, date: '2027-04-10', starts: '09:00' })));
    await centre.rows(
      'timetable',
      { period: '2704', course: '00015', unit: 'A', form: 'written' },
      { period: '2704', course: '00018', unit: 'B', form: 'written' },
    );
    await centre.rows('timetable', { period: '2704', course: '00019', form: 'practical' });
    await centre.rows('fees', { kind: 'written', from_period: '2604', amount_fen: '4600' }, { kind: 'practical', from_period: '2604', amount_fen: '9000' });
    id = await centre.candidate(admission);
    await chooses('00015');
  });
  afterEach(() => centre.close());

  const chooses = (course: string, state = 'enrolled') => centre.rows('enrolments', { admission_no: admission, period: '2704', course, state });
  const execute = (what: Command<Appended>) => causedBy({ by: id, origin: 'person', correlation: 'a test' }, () => centre.get(CommandBus).execute(what));
  const confirm = (command = randomUUID()) => execute(new ConfirmEnrolment({ id: command, at: centre.clock.now().toISOString() }, id, '2704'));
  const confirmation = async () => {
    const [events = []] = await centre.get(EventStore).streams([`enrolment-${id}-2704`]);
    return events.filter(({ type }) => type === 'EnrolmentConfirmed').map(({ data }) => data as EnrolmentEvent['data'] & { bill: string; lines: unknown });
  };
  const billRow = (changes: Record<string, string>) =>
    centre.rows('payments', {
      bill_no: other,
      admission_no: admission,
      period: '2704',
      kind: 'enrolment',
      state: 'due',
      amount_fen: '4600',
      created_at: '2026-11-25T10:00:00+08:00',
      items: '00015:4600',
      ...changes,
    });

  it('ConfirmEnrolment in the whole centre makes a bill with a 14-digit number that the PC system does not use, the period’s fees and its payment deadline', async () => {
    await chooses('00019');
    await confirm();
    expect(await confirmation()).toEqual([
      {
        candidateId: id,
        period: '2704',
        bill: expect.stringMatching(/^9\d{13}$/),
        fen: 13_600,
        createdAt: at,
        dueBy,
        lines: [
          { code: '00015', fen: 4600 },
          { code: '00019', fen: 9000 },
        ],
      },
    ]);
  });

  it('ConfirmEnrolment in the whole centre confirms once when a click is repeated, also at the same time', async () => {
    const command = randomUUID();
    await Promise.all([confirm(command), confirm(command)]);
    await confirm(command);
    expect(await confirmation()).toHaveLength(1);
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.bill_due' });
  });

  it('ConfirmEnrolment in the whole centre confirms once when two phones confirm at the same time', async () => {
    const both = await Promise.allSettled([confirm(), confirm()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await confirmation()).toHaveLength(1);
  });

  it('ConfirmEnrolment in the whole centre opens and closes with the window to the millisecond', async () => {
    for (const [moment, code] of [
      ['2026-11-19T23:59:59.999Z', 'enrolment.not_open'],
      ['2026-12-20T00:00:00.000Z', 'enrolment.closed'],
    ] as const) {
      centre.clock.time = new Date(moment);
      await expect(confirm()).rejects.toMatchObject({ code });
    }
    centre.clock.time = new Date('2026-12-19T23:59:59.999Z');
    await confirm();
    expect(await confirmation()).toHaveLength(1);
  });

  it('ConfirmEnrolment in the whole centre does not reveal by a refusal a result that is not released', async () => {
    await centre.rows('scores', { admission_no: admission, period: '2604', course: '00015', score: '60' });
    await confirm();
    expect(await confirmation()).toHaveLength(1);
  });

  it('ConfirmEnrolment in the whole centre is refused for a passed course, and not for a failed one', async () => {
    await chooses('00018');
    await centre.rows('scores', { admission_no: admission, period: '2610', course: '00018', score: '60' });
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.passed', values: { course: '00018' } });
    await centre.rows('scores', { admission_no: admission, period: '2610', course: '00018', score: '59' });
    await confirm();
  });

  it('ConfirmEnrolment in the whole centre is refused for a pending or approved exemption, and not for a rejected one', async () => {
    const exemption = (state: string) => centre.rows('status_applications', { id: 'A-1', admission_no: admission, kind: 'exemption', state, detail: '00015' });
    await exemption('submitted');
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.exemption_pending' });
    await exemption('approved');
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.exempted' });
    await exemption('rejected');
    await confirm();
  });

  it('ConfirmEnrolment in the whole centre is refused while a bill of the PC system is due, and leaves out its courses once it is paid', async () => {
    await billRow({});
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.bill_due', values: { bill: other } });
    await billRow({ state: 'paid', paid_at: '2026-11-26T10:00:00+08:00' });
    await expect(confirm()).rejects.toMatchObject({ code: 'enrolment.no_courses' });
    await chooses('00018');
    await confirm();
    expect((await confirmation())[0]?.lines).toEqual([{ code: '00018', fen: 4600 }]);
  });

  it.each([
    ['was refunded', { state: 'refunded', paid_at: '2026-11-26T10:00:00+08:00' }],
    ['was cancelled there', { state: 'cancelled' }],
    ['turned out to be of another period', { period: '2610' }],
  ])('ConfirmEnrolment in the whole centre does not count a bill of the PC system that %s', async (_, changes) => {
    await billRow({});
    await billRow(changes);
    await confirm();
    expect(await confirmation()).toHaveLength(1);
  });

  it('ConfirmEnrolment in the whole centre does not count a bill cancelled here that the PC system still reports as due', async () => {
    await billRow({});
    await execute(new CancelBill({ id: randomUUID(), at }, other, id));
    await billRow({ due_by: '2026-12-19T17:00:00+08:00' });
    await confirm();
    expect(await confirmation()).toHaveLength(1);
  });
});
