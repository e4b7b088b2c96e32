import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sittings } from '../../projections/sittings.js';
import { ArrangeSeat } from '../../src/enrolments/arrangements/arrange-seat.command.js';
import { arrangements } from '../../src/enrolments/arrangements/arrangements.import.js';
import type { EnrolmentState } from '../../src/enrolments/enrolment.decider.js';
import {
  arrangeSeat,
  correctEnrolment,
  correctSeat,
  enrolment,
  recordEnrolment,
  settleEnrolment,
  withdrawCourse,
  withdrawEnrolmentPayment,
} from '../../src/enrolments/enrolment.decider.js';
import type { EnrolmentEvent, Seat } from '../../src/enrolments/enrolments.events.js';
import { enrolments } from '../../src/enrolments/enrolments.import.js';
import { RecordEnrolment } from '../../src/enrolments/record-enrolment.command.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { rowsOf } from '../file-rows.js';
import { given } from '../given.js';

const about = { candidateId: 'c1', period: '2610', course: '00015' };
const enrolled: EnrolmentEvent = { type: 'CourseEnrolled', data: about };
const withdrawn: EnrolmentEvent = { type: 'CourseWithdrawn', data: about };
const anotherCourse: EnrolmentEvent = { type: 'CourseEnrolled', data: { ...about, course: '00018' } };

describe('An enrolment decided elsewhere', () => {
  const record = (state: EnrolmentState) => new RecordEnrolment(anyGiven, 'c1', '2610', '00015', state);

  it.each<[string, EnrolmentEvent[], EnrolmentState, EnrolmentEvent[]]>([
    ['is recorded', [anotherCourse], 'enrolled', [enrolled]],
    ['is recorded once', [enrolled], 'enrolled', []],
    ['is withdrawn', [enrolled], 'withdrawn', [withdrawn]],
    ['is withdrawn once', [enrolled, withdrawn], 'withdrawn', []],
    ['is withdrawn also where it was never recorded', [], 'withdrawn', [withdrawn]],
    ['is enrolled in again', [enrolled, withdrawn], 'enrolled', [enrolled]],
  ])('An enrolment decided elsewhere %s', (_, before, state, after) =>
    given(enrolment, before)
      .when((known) => recordEnrolment(known, record(state)))
      .then(after),
  );

  it('An enrolment decided elsewhere ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: enrolment,
      decide: recordEnrolment,
      commands: fc.constantFrom<EnrolmentState>('enrolled', 'withdrawn').map(record),
      shown: (events) => documentOf(sittings, events),
    }));
});

describe('The payment of an enrolment', () => {
  const bill = '20260000000001';
  const paid: EnrolmentEvent = { type: 'EnrolmentPaid', data: { candidateId: 'c1', period: '2610', bill, courses: ['00015'] } };
  const unpaid: EnrolmentEvent = { type: 'EnrolmentPaymentWithdrawn', data: { candidateId: 'c1', period: '2610', bill } };
  const of = { candidateId: 'c1', period: '2610', bill };

  it('The payment of an enrolment is taken back where the bill is not paid after all, once, and frees the course', () => {
    given(enrolment, [enrolled, paid])
      .when((state) => withdrawEnrolmentPayment(state, of))
      .then([unpaid]);
    for (const before of [[enrolled], [enrolled, paid, unpaid]])
      given(enrolment, before)
        .when((state) => withdrawEnrolmentPayment(state, of))
        .then([]);
    given(enrolment, [enrolled, paid, unpaid])
      .when((state) => withdrawCourse(state, about, { window: 'open', bills: [] }))
      .then([withdrawn]);
    given(enrolment, [enrolled, paid, unpaid])
      .when((state) => settleEnrolment(state, { ...of, courses: ['00015'] }))
      .then([paid]);
  });
});

describe('The correction of an enrolment', () => {
  const of = { candidateId: 'c1', period: '2610', course: '00015' };
  const due = { bill: '20260000000001', courses: ['00015'], due: true };
  const confirmed: EnrolmentEvent = {
    type: 'EnrolmentConfirmed',
    data: { candidateId: 'c1', period: '2610', bill: '20260000000002', lines: [{ code: '00015', fen: 3_000 }], fen: 3_000, createdAt: anyGiven.at },
  };

  it.each<[string, EnrolmentEvent[], EnrolmentState, EnrolmentEvent[]]>([
    ['enrols', [], 'enrolled', [enrolled]],
    ['withdraws', [enrolled], 'withdrawn', [withdrawn]],
    ['withdraws nothing that was never enrolled', [anotherCourse], 'withdrawn', []],
    ['enrols once', [enrolled], 'enrolled', []],
  ])('The correction of an enrolment %s', (_, before, state, after) =>
    given(enrolment, before)
      .when((known) => correctEnrolment(known, { ...of, state }, { bills: [] }))
      .then(after),
  );

  it('The correction of an enrolment is refused while a due bill has the course, which was issued here or elsewhere', () => {
    given(enrolment, [enrolled])
      .when((known) => correctEnrolment(known, { ...of, state: 'withdrawn' }, { bills: [due] }))
      .refuses('enrolment.on_due_bill', { course: '00015', bill: due.bill });
    given(enrolment, [enrolled, confirmed])
      .when((known) => correctEnrolment(known, { ...of, state: 'withdrawn' }, { bills: [] }))
      .refuses('enrolment.on_due_bill', { course: '00015', bill: '20260000000002' });
  });

  it('The correction of an enrolment is allowed while a due bill has another course, or the bill is paid', () => {
    for (const bill of [
      { ...due, courses: ['00018'] },
      { ...due, due: false },
    ])
      given(enrolment, [enrolled])
        .when((known) => correctEnrolment(known, { ...of, state: 'withdrawn' }, { bills: [bill] }))
        .then([withdrawn]);
  });
});

describe('A seat', () => {
  const seat: Seat = { site: '第6示范中学', address: '石景山区考点路6号', room: '040', seat: '12' };
  const arrange = (where: Seat | 'cancelled') => new ArrangeSeat(anyGiven, 'c1', '2610', '00015', where);
  const arranged: EnrolmentEvent = { type: 'SeatArranged', data: { ...about, ...seat } };
  const moved: EnrolmentEvent = { type: 'SeatArranged', data: { ...about, ...seat, room: '041' } };
  const cancelled: EnrolmentEvent = { type: 'SeatCancelled', data: about };

  it.each<[string, EnrolmentEvent[], Seat | 'cancelled', EnrolmentEvent[]]>([
    ['is arranged', [enrolled], seat, [arranged]],
    ['is arranged whether or not the enrolment is known', [], seat, [arranged]],
    ['is arranged once', [arranged], { ...seat }, []],
    ['is changed', [arranged], { ...seat, room: '041' }, [moved]],
    ['is changed back', [arranged, moved], seat, [arranged]],
    ['is cancelled', [arranged], 'cancelled', [cancelled]],
    ['is cancelled once', [arranged, cancelled], 'cancelled', []],
    ['is cancelled also where it was never recorded', [], 'cancelled', [cancelled]],
    ['is arranged again', [arranged, cancelled], seat, [arranged]],
  ])('A seat %s', (_, before, where, after) =>
    given(enrolment, before)
      .when((state) => arrangeSeat(state, arrange(where)))
      .then(after),
  );

  it('A seat ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: enrolment,
      decide: arrangeSeat,
      commands: fc.constantFrom<Seat | 'cancelled'>(seat, { ...seat, seat: '13' }, { ...seat, site: '第42示范中学' }, 'cancelled').map(arrange),
      shown: (events) => documentOf(sittings, events),
    }));

  it('A seat is corrected in what is named, and keeps the rest', () => {
    given(enrolment, [arranged])
      .when((state) => correctSeat(state, { ...about, changes: { room: '041' } }))
      .then([moved]);
    given(enrolment, [arranged])
      .when((state) => correctSeat(state, { ...about, changes: { seat: seat.seat } }))
      .then([]);
  });

  it('A seat is refused as a correction in part where there is none to correct', () => {
    for (const before of [[], [arranged, cancelled]])
      given(enrolment, before)
        .when((state) => correctSeat(state, { ...about, changes: { room: '041' } }))
        .refuses('seat.incomplete');
    given(enrolment, [cancelled])
      .when((state) => correctSeat(state, { ...about, changes: seat }))
      .then([arranged]);
  });
});

describe('A row of enrolments.csv', () => {
  const rows = rowsOf(enrolments, { admission_no: '103000000003', period: '2610', course: '00015', state: 'enrolled' });

  it('A row of enrolments.csv becomes RecordEnrolment', () =>
    expect(rows.command({ state: 'withdrawn' })).toMatchObject({ candidateId: 'c1', period: '2610', course: '00015', state: 'withdrawn' }));

  it('A row of enrolments.csv refers to its candidate, its period and its course', () =>
    expect(rows.references()).toEqual(['admission_no: candidate 103000000003', 'period: period 2610', 'course: course 00015']));

  it.each([
    ['admission_no', ''],
    ['period', '26-10'],
    ['course', ''],
    ['course', '000 15'],
    ['state', 'paid'],
  ])('A row of enrolments.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of enrolments.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of arrangements.csv', () => {
  const rows = rowsOf(arrangements, {
    admission_no: '103000000003',
    period: '2610',
    course: '00015',
    site: '第6示范中学',
    address: '石景山区考点路6号',
    room: '040',
    seat: '12',
    state: 'arranged',
  });

  it('A row of arrangements.csv becomes ArrangeSeat, also for a cancelled seat', () => {
    expect(rows.command()).toMatchObject({
      candidateId: 'c1',
      period: '2610',
      course: '00015',
      seat: { site: '第6示范中学', address: '石景山区考点路6号', room: '040', seat: '12' },
    });
    expect(rows.command({ state: 'cancelled' })).toMatchObject({ seat: 'cancelled' });
  });

  it('A row of arrangements.csv needs site, address, room and seat unless it is cancelled', () => {
    const nowhere = { site: '', address: '', room: '', seat: '' };
    expect(rows.faulted(nowhere)).toEqual(['site', 'address', 'room', 'seat']);
    expect(rows.faulted({ ...nowhere, state: 'cancelled' })).toEqual([]);
  });

  it.each([
    ['room', '40'],
    ['room', '0400'],
    ['room', '04A'],
    ['seat', '1'],
    ['seat', '123'],
    ['state', ''],
  ])('A row of arrangements.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of arrangements.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});
