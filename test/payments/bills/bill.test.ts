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

describe('An imported bill', () => {
  it.each<[string, PaymentEvent[], RecordBill, PaymentEvent[]]>([
    ['is issued as due where it is new', [], record('due'), [issued]],
    ['is issued and paid where it is new and paid', [], record('paid', paidAt), [issued, paid()]],
    ['is issued and expired where it is new and expired', [], record('expired'), [issued, expired]],
    ['is issued and cancelled where it is new and cancelled', [], record('cancelled'), [issued, cancelled]],
    ['is issued, paid and refunded where it is new and refunded', [], record('refunded', paidAt), [issued, paid(), refunded]],
    ['is issued and refunded where nobody knows when it was paid', [], record('refunded'), [issued, refunded]],
    ['is issued once', [issued], record('due'), []],
    ['is paid when it was due', [issued], record('paid', paidAt), [paid()]],
    ['is paid once', [issued, paid()], record('paid', paidAt), []],
    ['is reopened and paid when the time of payment differs', [issued, paid()], record('paid', later), [reopened, paid(later)]],
    ['is refunded when it was paid', [issued, paid()], record('refunded', paidAt), [refunded]],
    ['is refunded once', [issued, paid(), refunded], record('refunded', paidAt), []],
    ['is reopened and paid when it was refunded', [issued, paid(), refunded], record('paid', paidAt), [reopened, paid()]],
    ['is reopened when it was paid and is due', [issued, paid()], record('due'), [reopened]],
    ['is reopened once', [issued, paid(), reopened], record('due'), []],
    ['is paid again after it was reopened', [issued, paid(), reopened], record('paid', paidAt), [paid()]],
    ['expires when it was due', [issued], record('expired'), [expired]],
    ['is reopened and paid when it had expired', [issued, expired], record('paid', paidAt), [reopened, paid()]],
    ['is cancelled when it was due', [issued], record('cancelled'), [cancelled]],
    ['is reopened and cancelled when it was paid', [issued, paid()], record('cancelled'), [reopened, cancelled]],
  ])('An imported bill %s', (_, before, command, after) =>
    given(bill, before)
      .when((state) => recordBill(state, command))
      .then(after),
  );
});

describe('A bill that is recorded again', () => {
  it.each<[string, PaymentEvent[], RecordBill, PaymentEvent[]]>([
    ['is corrected while it is due', [issued], record('due', undefined, otherCourses), [correctedTo(otherCourses)]],
    ['is corrected and paid', [issued], record('paid', paidAt, { fen: 6001 }), [correctedTo({ fen: 6001 }), paid()]],
    ['is corrected, and stays paid', [issued, paid()], record('paid', paidAt, { createdAt: later }), [correctedTo({ createdAt: later })]],
    [
      'is reopened, corrected and paid when it is for other courses',
      [issued, paid()],
      record('paid', paidAt, otherCourses),
      [reopened, correctedTo(otherCourses), { type: 'BillPaid', data: { ...ofBill, codes: ['03708'], happenedAt: paidAt } }],
    ],
    [
      'is reopened and corrected when it expired at another time',
      [issued, expired],
      record('expired', undefined, { dueBy: later }),
      [reopened, correctedTo({ dueBy: later }), { type: 'BillExpired', data: { ...ofBill, happenedAt: later } }],
    ],
  ])('A bill that is recorded again %s', (_, before, command, after) =>
    given(bill, before)
      .when((state) => recordBill(state, command))
      .then(after),
  );

  it("A bill that is recorded again cannot become another candidate's", () =>
    given(bill, [issued])
      .when((state) => recordBill(state, record('due', undefined, { candidateId: 'c2' })))
      .refuses('bill.of_another', { bill: '20260000000002' }));
});

describe('Of any sequence of records of a bill the last one holds', () => {
  const commands = fc
    .record({
      state: fc.constantFrom<BillState>('due', 'paid', 'expired', 'cancelled', 'refunded'),
      at: fc.constantFrom(paidAt, later),
      changes: fc.constantFrom<Partial<BillTerms>>({}, otherCourses, { dueBy: undefined }, { period: '2604' }, { kind: 'thesis', ...otherCourses }),
    })
    .map(({ state, at, changes }) => record(state, state === 'paid' || state === 'refunded' ? at : undefined, changes));
  const decide = recordBill;

  it('Of any sequence of records of a bill the last one holds in the read model of bills', () =>
    lastRecordedWins({ decider: bill, decide, commands, shown: (events) => documentOf(bills, events) }));

  it('Of any sequence of records of a bill the last one holds in the list of paid courses', () =>
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

  it('After any sequence of records of a bill a course that another bill has paid stays paid', () => {
    const another: PaymentEvent = { type: 'BillPaid', data: { ...ofBill, bill: '20260000000009', codes: ['00015'] } };
    const document = documentOf(sittings, [another, issued, paid(), refunded]);
    expect(document?.['2610']?.['00015']?.paid).toBe(true);
    expect(document?.['2610']?.['00018']?.paid).toBe(false);
  });
});
