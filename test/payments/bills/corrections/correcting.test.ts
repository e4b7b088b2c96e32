import { describe, expect, it } from '@jest/globals';
import { bills } from '../../../../projections/bills.js';
import { paymentDues } from '../../../../projections/payment-dues.js';
import { sittings } from '../../../../projections/sittings.js';
import { enrolments } from '../../../../src/enrolments/enrolments.reactor.js';
import { WithdrawEnrolmentPayment } from '../../../../src/enrolments/withdraw-enrolment-payment.command.js';
import { bill } from '../../../../src/payments/bills/bill.decider.js';
import { isIssuedHere } from '../../../../src/payments/bills/bill-number.js';
import { billedCourses } from '../../../../src/payments/bills/billed-courses.js';
import { type BillStatus, billStatus, correctBill, voidBill } from '../../../../src/payments/bills/corrections/correct-bill.decider.js';
import type { PaymentEvent } from '../../../../src/payments/payments.events.js';
import { anyGiven, documentOf } from '../../../decided.js';
import { given } from '../../../given.js';
import { MemoryEventStore } from '../../../read-models/memory.event-store.js';
import * as a from '../../a-bill.js';

const candidateId = 'c1';
const { issued, ofBill, paidElsewhere, reopened, at } = a;
const values = { bill: a.terms.bill };
const cancelled: PaymentEvent = { type: 'BillCancelled', data: { ...ofBill, happenedAt: undefined } };
const refunded: PaymentEvent = { type: 'BillRefunded', data: { ...ofBill, happenedAt: undefined } };
const voided: PaymentEvent = { type: 'BillVoided', data: ofBill };
const correct =
  (status: BillStatus, whose = candidateId) =>
  (state: ReturnType<typeof bill.initial>) =>
    correctBill(state, { candidateId: whose, ...status });

describe('The correction of a bill', () => {
  it.each<[string, PaymentEvent[], BillStatus, PaymentEvent[]]>([
    ['due to paid', [issued], { state: 'paid', paidAt: at(5) }, [paidElsewhere(5)]],
    ['paid to due', [issued, paidElsewhere(5)], { state: 'due' }, [reopened]],
    ['another time of payment', [issued, paidElsewhere(5)], { state: 'paid', paidAt: at(6) }, [reopened, paidElsewhere(6)]],
    ['paid to refunded, with the time of payment that is known', [issued, paidElsewhere(5)], { state: 'refunded' }, [refunded]],
    ['expired here to paid', [issued, a.expired], { state: 'paid', paidAt: at(5) }, [reopened, paidElsewhere(5)]],
    ['cancelled here to due', [issued, a.cancelled], { state: 'due' }, [reopened]],
    ['paid to cancelled', [issued, paidElsewhere(5)], { state: 'cancelled' }, [reopened, cancelled]],
    ['nothing that is so already', [issued, paidElsewhere(5)], { state: 'paid' }, []],
  ])('The correction of a bill records %s', (_, before, status, after) => given(bill, before).when(correct(status)).then(after));

  it('The correction of a bill leaves the terms as they are, and ends in the state that is named', () => {
    const events = [issued, paidElsewhere(5), reopened, cancelled];
    expect(documentOf(bills, events)?.[a.terms.bill]).toMatchObject({ state: 'cancelled', lines: a.terms.lines, fen: 6000 });
    expect(billStatus(events.reduce((state, event) => bill.evolve(state, event), bill.initial()))).toEqual({ state: 'cancelled', paidAt: undefined });
  });

  it('The correction of a bill is refused for what the platform has said, or is still asked about', () => {
    const payment = a.payment(1, 5);
    for (const before of [
      [issued, a.begun(1), a.paid(payment)],
      [issued, a.begun(1)],
      [issued, a.begun(1), a.paid(payment), a.refundDueElsewhere(6)],
    ])
      given(bill, before)
        .when(correct({ state: 'cancelled' }))
        .refuses('bill.at_platform', values);
  });

  it('The correction of a bill needs the time of a payment, and takes none of another state', () => {
    given(bill, [issued])
      .when(correct({ state: 'paid' }))
      .refuses('bill.no_paid_at', values);
    given(bill, [issued])
      .when(correct({ state: 'due', paidAt: at(5) }))
      .refuses('bill.needless_paid_at', values);
  });

  it('The correction of a bill is refused for a bill of another candidate, and for none', () => {
    given(bill, [issued])
      .when(correct({ state: 'cancelled' }, 'c2'))
      .refuses('bill.unknown');
    given(bill, [])
      .when(correct({ state: 'cancelled' }))
      .refuses('bill.unknown');
  });
});

describe('A bill that should never have been recorded', () => {
  const take =
    (issuedHere = false) =>
    (state: ReturnType<typeof bill.initial>) =>
      voidBill(state, { candidateId }, issuedHere);

  it('A bill that should never have been recorded is voided, after it is reopened where it is paid, and can be recorded again', () => {
    given(bill, [issued]).when(take()).then([voided]);
    given(bill, [issued, paidElsewhere(5)])
      .when(take())
      .then([reopened, voided]);
    given(bill, [issued, a.cancelled]).when(take(true)).then([voided]);
    given(bill, [issued, voided]).when(take()).refuses('bill.unknown');
    given(bill, [issued, voided])
      .when(correct({ state: 'cancelled' }))
      .refuses('bill.unknown');
  });

  it('A bill that should never have been recorded stays while an enrolment or a declaration waits for it, with attempts at the platform, and with a receipt', () => {
    const receipt: PaymentEvent = { type: 'ReceiptIssued', data: { candidateId, bill: a.terms.bill, code: '11060126', number: '1', checkCode: 'a' } };
    given(bill, [issued]).when(take(true)).refuses('bill.not_ended', values);
    given(bill, [issued, a.begun(1), a.failed(1)])
      .when(take())
      .refuses('bill.at_platform', values);
    given(bill, [issued, paidElsewhere(5), receipt])
      .when(take())
      .refuses('bill.has_receipt', values);
    expect([isIssuedHere('90000000000001'), isIssuedHere('20260000000001')]).toEqual([true, false]);
  });

  it('A bill that should never have been recorded is in no document and among no billed courses', async () => {
    const events = [issued, paidElsewhere(5), reopened, voided];
    expect(documentOf(bills, events)).toEqual({});
    expect(documentOf(paymentDues, events)).toBeUndefined();
    expect(documentOf(sittings, events)).toMatchObject({ '2704': { '00015': { paid: false } } });
    const log = new MemoryEventStore();
    log.tell(events.map((event) => ({ ...event, subject: candidateId })));
    expect(billedCourses(await log.subject(candidateId), '2704')).toEqual([]);
  });
});

it.each(['BillReopened', 'BillRefunded'] as const)('An enrolment follows %s of its bill, and of no other', (type) => {
  const react = enrolments.on[type] as (event: unknown, given: unknown) => unknown;
  expect(react({ type, data: ofBill }, anyGiven)).toEqual(new WithdrawEnrolmentPayment(anyGiven, 'c1', '2704', a.terms.bill));
  expect(react({ type, data: { ...ofBill, kind: 'thesis' } }, anyGiven)).toBeUndefined();
});
