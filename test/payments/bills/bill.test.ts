import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bills } from '../../../projections/bills.js';
import { sittings } from '../../../projections/sittings.js';
import { bill } from '../../../src/payments/bills/bill.decider.js';
import { RecordBill } from '../../../src/payments/bills/record-bill.command.js';
import type { BillState } from '../../../src/payments/bills/record-bill.decider.js';
import { recordBill } from '../../../src/payments/bills/record-bill.decider.js';
import type { BillTerms, PaymentEvent } from '../../../src/payments/payments.events.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { given } from '../../given.js';

const dueBy = '2026-08-05T11:34:05.000Z';
const paidAt = '2026-07-15T13:34:05.000Z';
const later = '2026-07-16T13:34:05.000Z';
const terms: BillTerms = {
  candidateId: 'c1',
  bill: '20260000000002',
  kind: 'enrolment',
  period: '2610',
  lines: [
    { code: '00015', fen: 3000 },
    { code: '00018', fen: 3000 },
  ],
  fen: 6000,
  createdAt: '2026-07-15T12:34:05.000Z',
  dueBy,
};
const ofBill = { candidateId: 'c1', bill: terms.bill, kind: 'enrolment', period: '2610', codes: ['00015', '00018'] } as const;
const otherCourses = { lines: [{ code: '03708', fen: 3000 }], fen: 3000 };

const record = (state: BillState, at?: string, changes: Partial<BillTerms> = {}) => new RecordBill(anyGiven, { ...terms, ...changes }, state, at);
const issued: PaymentEvent = { type: 'BillIssued', data: terms };
const correctedTo = (changes: Partial<BillTerms>): PaymentEvent => ({ type: 'BillCorrected', data: { ...terms, ...changes } });
const paid = (happenedAt: string | undefined = paidAt): PaymentEvent => ({ type: 'BillPaid', data: { ...ofBill, happenedAt } });
const expired: PaymentEvent = { type: 'BillExpired', data: { ...ofBill, happenedAt: dueBy } };
const cancelled: PaymentEvent = { type: 'BillCancelled', data: { ...ofBill, happenedAt: undefined } };
const refunded: PaymentEvent = { type: 'BillRefunded', data: { ...ofBill, happenedAt: undefined } };
const reopened: PaymentEvent = { type: 'BillReopened', data: ofBill };

describe('what became of a bill', () => {
  it.each<[string, PaymentEvent[], RecordBill, PaymentEvent[]]>([
    ['is due at first', [], record('due'), [issued]],
    ['was paid before all records', [], record('paid', paidAt), [issued, paid()]],
    ['had expired before all records', [], record('expired'), [issued, expired]],
    ['was cancelled before all records', [], record('cancelled'), [issued, cancelled]],
    ['was paid and refunded before all records', [], record('refunded', paidAt), [issued, paid(), refunded]],
    ['was refunded, nobody knows when it was paid', [], record('refunded'), [issued, refunded]],
    ['is due once', [issued], record('due'), []],
    ['is paid', [issued], record('paid', paidAt), [paid()]],
    ['is paid once', [issued, paid()], record('paid', paidAt), []],
    ['was paid at another time', [issued, paid()], record('paid', later), [reopened, paid(later)]],
    ['is refunded', [issued, paid()], record('refunded', paidAt), [refunded]],
    ['is refunded once', [issued, paid(), refunded], record('refunded', paidAt), []],
    ['is paid rather than refunded', [issued, paid(), refunded], record('paid', paidAt), [reopened, paid()]],
    ['is due after all', [issued, paid()], record('due'), [reopened]],
    ['is due once after all', [issued, paid(), reopened], record('due'), []],
    ['is paid again after it was due after all', [issued, paid(), reopened], record('paid', paidAt), [paid()]],
    ['expires', [issued], record('expired'), [expired]],
    ['is paid although it had expired', [issued, expired], record('paid', paidAt), [reopened, paid()]],
    ['is cancelled', [issued], record('cancelled'), [cancelled]],
    ['is cancelled rather than paid', [issued, paid()], record('cancelled'), [reopened, cancelled]],
  ])('%s', (_, before, command, after) =>
    given(bill, before)
      .when((state) => recordBill(state, command))
      .then(after),
  );
});

describe('what a bill is', () => {
  it.each<[string, PaymentEvent[], RecordBill, PaymentEvent[]]>([
    ['is corrected while it is due', [issued], record('due', undefined, otherCourses), [correctedTo(otherCourses)]],
    ['is corrected and paid', [issued], record('paid', paidAt, { fen: 6001 }), [correctedTo({ fen: 6001 }), paid()]],
    ['is corrected, and stays paid', [issued, paid()], record('paid', paidAt, { createdAt: later }), [correctedTo({ createdAt: later })]],
    [
      'is for other courses than were paid',
      [issued, paid()],
      record('paid', paidAt, otherCourses),
      [reopened, correctedTo(otherCourses), { type: 'BillPaid', data: { ...ofBill, codes: ['03708'], happenedAt: paidAt } }],
    ],
    [
      'expired at another time',
      [issued, expired],
      record('expired', undefined, { dueBy: later }),
      [reopened, correctedTo({ dueBy: later }), { type: 'BillExpired', data: { ...ofBill, happenedAt: later } }],
    ],
  ])('%s', (_, before, command, after) =>
    given(bill, before)
      .when((state) => recordBill(state, command))
      .then(after),
  );

  it('is never of another candidate', () =>
    given(bill, [issued])
      .when((state) => recordBill(state, record('due', undefined, { candidateId: 'c2' })))
      .refuses('bill.of_another', { bill: '20260000000002' }));
});

describe('whatever was said of a bill before, what was said last holds', () => {
  const commands = fc
    .record({
      state: fc.constantFrom<BillState>('due', 'paid', 'expired', 'cancelled', 'refunded'),
      at: fc.constantFrom(paidAt, later),
      changes: fc.constantFrom<Partial<BillTerms>>({}, otherCourses, { dueBy: undefined }, { period: '2604' }, { kind: 'thesis', ...otherCourses }),
    })
    .map(({ state, at, changes }) => record(state, state === 'paid' || state === 'refunded' ? at : undefined, changes));
  const decide = recordBill;

  it('on the bill', () => lastRecordedWins({ decider: bill, decide, commands, shown: (events) => documentOf(bills, events) }));

  it('on what is paid', () =>
    lastRecordedWins({
      decider: bill,
      decide,
      commands,
      shown: (events) =>
        Object.entries(documentOf(sittings, events) ?? {}).flatMap(([period, courses]) =>
          Object.keys(courses)
            .filter((course) => courses[course]?.paid)
            .map((course) => `${period}/${course}`),
        ),
    }));

  it('and another bill that paid for the same course still does', () => {
    const another: PaymentEvent = { type: 'BillPaid', data: { ...ofBill, bill: '20260000000009', codes: ['00015'] } };
    const document = documentOf(sittings, [another, issued, paid(), refunded]);
    expect(document?.['2610']?.['00015']?.paid).toBe(true);
    expect(document?.['2610']?.['00018']?.paid).toBe(false);
  });
});
