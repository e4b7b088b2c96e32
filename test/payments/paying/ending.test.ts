import { describe, expect, it } from '@jest/globals';
import { evolved } from '../../../src/event-store/decider.js';
import { bill, cancelBill, expireBill, issueBill, recordReceipt } from '../../../src/payments/bills/bill.decider.js';
import type { BillTerms, PaymentEvent, Receipt } from '../../../src/payments/payments.events.js';
import { given } from '../../given.js';
import {
  at,
  begun,
  cancelled,
  corrected,
  expired,
  failed,
  issued,
  paid,
  paidElsewhere,
  payment,
  refundDue,
  refundedElsewhere,
  reopened,
  terms,
  unresolved,
} from '../a-bill.js';

const paying = paid(payment(1, 5));

describe('Issuing a bill', () => {
  const issue = (before: PaymentEvent[], changes: Partial<BillTerms> = {}) => given(bill, before).when((state) => issueBill(state, { ...terms, ...changes }));

  it('Issuing a bill records the terms of its event', () => issue([]).then([issued]));
  it('Issuing a bill records nothing twice, whatever the state of the bill', () => {
    for (const before of [[issued], [issued, paying], [issued, expired], [issued, cancelled]]) issue(before).then([]);
  });
  it('Issuing a bill never takes a number that another bill has', () => issue([issued], { period: '2710' }).refuses('bill.number_taken', { bill: terms.bill }));
});

describe('The deadline', () => {
  const comes = (before: PaymentEvent[], minute = 60) => given(bill, before).when((state) => expireBill(state, at(minute)));

  it('The deadline of a bill ends an unpaid bill when it has come, and not before', () => {
    comes([issued], 59.999).then([]);
    comes([issued]).then([expired]);
  });
  it('The deadline of a bill is recorded with its own time, however late the timer runs', () => comes([issued], 3_000).then([expired]));
  it('The deadline of a bill ends no bill whose order may have been paid', () => comes([issued, begun(1, 50)]).then([]));
  it('The deadline of a bill ends no bill whose order is a task of the office', () => comes([issued, begun(1, 50), unresolved], 3_000).then([]));
  it('The deadline of a bill ends a bill once the platform has said that its order was not paid', () =>
    comes([issued, begun(1, 50), failed()], 70).then([expired]));
  it('The deadline of a bill ends a bill whose only payment is refunded', () =>
    comes([issued, begun(1, 50), refundDue(payment(1, 61), 'late')], 70).then([expired]));
  it.each<[string, PaymentEvent[]]>([
    ['paid', [issued, begun(), paying]],
    ['paid elsewhere', [issued, paidElsewhere(5)]],
    ['expired already', [issued, expired]],
    ['cancelled', [issued, cancelled]],
    ['refunded', [issued, paidElsewhere(5), refundedElsewhere]],
  ])('The deadline of a bill ends no bill that is %s', (_, before) => comes(before).then([]));
  it('The deadline of a bill counts as it was last moved', () => comes([issued, corrected({ dueBy: at(120) })]).then([]));
  it('The deadline of a bill may be missing', () => comes([issued, corrected({ dueBy: undefined })], 3_000).then([]));
  it('The deadline of a bill is refused for a bill that was never issued', () => comes([]).refuses('bill.unknown'));
});

describe('Cancelling a bill', () => {
  const cancel = (before: PaymentEvent[], { by = 'c1', minute = 10 } = {}) => given(bill, before).when((state) => cancelBill(state, by, at(minute)));

  it('Cancelling a bill ends it', () => cancel([issued]).then([cancelled]));
  it('Cancelling a bill ends it once', () => cancel([issued, cancelled]).then([]));
  it('Cancelling a bill ends it after an order that was not paid', () => cancel([issued, begun(), failed()], { minute: 20 }).then([cancelled]));
  it('Cancelling a bill waits for an order that may be paid', () => cancel([issued, begun()]).refuses('payment.begun', { bill: terms.bill }));
  it.each<[string, PaymentEvent[], number, string]>([
    ['paid', [issued, begun(), paying], 10, 'bill.paid'],
    ['expired', [issued, expired], 70, 'bill.expired'],
    ['past its deadline, though the timer has not come', [issued], 60, 'bill.expired'],
    ['refunded', [issued, paidElsewhere(5), refundedElsewhere], 10, 'bill.refunded'],
  ])('Cancelling a bill is refused when the bill is %s', (_, before, minute, code) => cancel(before, { minute }).refuses(code, { bill: terms.bill }));
  it('Cancelling a bill is refused for a bill of another candidate', () => {
    cancel([issued], { by: 'c2' }).refuses('bill.unknown');
    cancel([issued, cancelled], { by: 'c2' }).refuses('bill.unknown');
    cancel([]).refuses('bill.unknown');
  });
});

describe('A receipt', () => {
  const receipt: Receipt = { code: '11010124', number: '0012345678', checkCode: 'a1b2c3', issuedAt: at(200) };
  const recorded = (of: Receipt): PaymentEvent => ({ type: 'ReceiptIssued', data: { candidateId: 'c1', bill: terms.bill, ...of } });
  const arrives = (before: PaymentEvent[], of = receipt) => given(bill, before).when((state) => recordReceipt(state, of));

  it('A receipt is issued for a paid bill', () => arrives([issued, begun(), paying]).then([recorded(receipt)]));
  it('A receipt stays with a bill that was refunded', () => arrives([issued, paidElsewhere(5), refundedElsewhere]).then([recorded(receipt)]));
  it('A receipt is recorded once', () => arrives([issued, begun(), paying, recorded(receipt)]).then([]));
  it('A receipt replaces the previous one', () => {
    const second = { ...receipt, number: '0012345679' };
    arrives([issued, begun(), paying, recorded(receipt)], second).then([recorded(second)]);
  });
  it.each<[string, PaymentEvent[]]>([
    ['due', [issued]],
    ['expired', [issued, expired]],
    ['cancelled', [issued, cancelled]],
    ['due again', [issued, paidElsewhere(5), reopened]],
  ])('A receipt is refused for a bill that is %s', (_, before) => arrives(before).refuses('receipt.unpaid', { bill: terms.bill }));
  it('A receipt is refused for an unknown bill', () => arrives([]).refuses('bill.unknown'));
});

it('An attempt is open until the platform has reported its outcome', () => {
  const stateOf = (events: PaymentEvent[]) => Array.from(evolved(bill, events).attempts.values(), ({ state }) => state);
  expect(stateOf([issued, begun()])).toEqual(['open']);
  expect(stateOf([issued, begun(), failed(), begun(2, 20)])).toEqual(['failed', 'open']);
  expect(stateOf([issued, begun(), failed(), begun(2, 20), paid(payment(1, 14))])).toEqual(['paid', 'open']);
});
