import { describe, expect, it } from '@jest/globals';
import type { Cause } from '../../../src/event-store/cause.js';
import { causedBy } from '../../../src/event-store/cause.js';
import type { Event } from '../../../src/event-store/event.js';
import { bill } from '../../../src/payments/bills/bill.decider.js';
import { IssueBill, IssueBillHandler } from '../../../src/payments/bills/issue-bill.command.js';
import { AskPayment, AskPaymentHandler } from '../../../src/payments/paying/ask-payment.command.js';
import { AskRefund, AskRefundHandler } from '../../../src/payments/paying/ask-refund.command.js';
import { BeginPayment, BeginPaymentHandler } from '../../../src/payments/paying/begin-payment.command.js';
import { noteRefund } from '../../../src/payments/paying/payment.decider.js';
import { TakePayment, TakePaymentHandler } from '../../../src/payments/paying/take-payment.command.js';
import type { PaymentEvent } from '../../../src/payments/payments.events.js';
import { PlatformUnavailable, type RefundStatus } from '../../../src/payments/platform/payment-platform.js';
import { given } from '../../given.js';
import {
  at,
  begun,
  issued,
  order,
  paid,
  payment,
  refundAsked,
  refundDone,
  refundDue,
  refundDueElsewhere,
  refundRefused,
  refundRequested,
  terms,
} from '../a-bill.js';
import { KeptEvents } from '../kept-events.js';
import { RememberedPlatform } from '../platform/remembered-platform.js';

describe('A refund', () => {
  const late = payment(1, 61);
  const due = [issued, begun(1, 50), refundDue(late, 'late')];
  const answers = (before: PaymentEvent[], standing: RefundStatus, { minute = 91, transaction = late.transaction } = {}) =>
    given(bill, before).when((state) => noteRefund(state, transaction, standing, at(minute)));
  const done: RefundStatus = { state: 'done', refundedAt: at(90) };

  it('A refund is being processed by the platform', () => answers(due, { state: 'processing' }).then([refundRequested(91)]));
  it('A refund is requested again', () => answers([...due, refundRequested(70)], { state: 'processing' }).then([refundAsked(91)]));
  it('A refund is done, at once or later', () => {
    answers(due, done).then([refundRequested(91), refundDone]);
    answers([...due, refundRequested(70), refundAsked(80)], done).then([refundDone]);
  });
  it('A refund is refused, at once or later, and becomes a task of the office', () => {
    const refused: RefundStatus = { state: 'refused', why: 'too old' };
    answers(due, refused).then([refundRequested(91), refundRefused]);
    answers([...due, refundRequested(70)], refused).then([refundRefused]);
  });
  it('A refund ends only once', () => {
    answers([...due, refundRequested(70), refundDone], done).then([]);
    answers([...due, refundRequested(70), refundRefused], done).then([]);
  });
  it('A refund is refused for the payment that pays the bill and for an unknown payment', () => {
    answers([issued, begun(), paid(payment(1, 5))], done).then([]);
    answers([issued], done).then([]);
    answers([issued, paid(payment(1, 5)), refundDueElsewhere(7)], done, { transaction: 'T0000008' }).then([]);
  });
});

describe('A query at the platform', () => {
  const cause: Cause = { origin: 'reaction', by: 'payments', correlation: 'a test' };
  let now = at(0);
  const open = async () => {
    now = at(0);
    const events = new KeptEvents(() => now);
    const platform = new RememberedPlatform(() => now);
    let commands = 0;
    const id = () => ({ id: `command ${++commands}`, at: now });
    const told = (from: number) => events.log.slice(from).map(({ type }: Event) => type);
    /** The types of the events that were recorded. */
    const does = async (work: () => Promise<unknown>) => {
      const before = events.log.length;
      await causedBy(cause, work);
      return told(before);
    };
    await does(() => new IssueBillHandler(events).execute(new IssueBill(id(), terms)));
    await does(() => new BeginPaymentHandler(events).execute(new BeginPayment(id(), terms.bill, 'c1')));
    const ask = () => does(() => new AskPaymentHandler(events, platform).execute(new AskPayment(id(), order(1))));
    const take = (money: ReturnType<typeof payment>) => does(() => new TakePaymentHandler(events).execute(new TakePayment(id(), money)));
    const refund = (transaction: string) => does(() => new AskRefundHandler(events, events, platform).execute(new AskRefund(id(), terms.bill, transaction)));
    return { platform, ask, take, refund };
  };

  it('A query at the platform about an order that was never presented gives no outcome until a minute after its end', async () => {
    const { ask } = await open();
    for (const minute of [1, 15, 15.9]) {
      now = at(minute);
      expect(await ask()).toEqual(['PaymentAsked']);
    }
    now = at(16);
    expect(await ask()).toEqual(['PaymentFailed']);
  });

  it('A query at the platform about an open order gives no outcome, and about a closed one that it was not paid', async () => {
    const { ask, platform } = await open();
    platform.opens(order(1), at(15));
    now = at(14);
    expect(await ask()).toEqual(['PaymentAsked']);
    now = at(15);
    expect(await ask()).toEqual(['PaymentFailed']);
  });

  it('A query at the platform about an order that was paid twice records one payment, and the other is refunded', async () => {
    const { ask, platform } = await open();
    now = at(5);
    platform.takes(order(1), 6000);
    platform.takes(order(1), 6000);
    expect(await ask()).toEqual(['BillPaid', 'RefundDue']);
    expect(await ask()).toEqual([]);
  });

  it('A query at the platform records a payment although the platform calls the order closed', async () => {
    const { ask, platform } = await open();
    platform.query = async () => ({ state: 'closed', payments: [payment(1, 5)] });
    expect(await ask()).toEqual(['BillPaid']);
  });

  it('A query at the platform gives no outcome when the answer is paid without a payment, or with one that belongs to another order', async () => {
    const { ask, take, platform } = await open();
    platform.query = async () => ({ state: 'paid', payments: [] });
    expect(await ask()).toEqual(['PaymentAsked']);
    expect(await take({ ...payment(1, 5), order: order(2) })).toEqual(['RefundDue']);
    platform.query = async () => ({ state: 'paid', payments: [payment(1, 5)] });
    expect(await ask()).toEqual(['PaymentAsked']);
  });

  it('A query at the platform records nothing while the platform is unavailable', async () => {
    const { ask, refund, take, platform } = await open();
    await take(payment(1, 61));
    platform.isDown = true;
    await expect(ask()).rejects.toBeInstanceOf(PlatformUnavailable);
    await expect(refund('T0000001')).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('A query at the platform for a refund is repeated until the refund is done', async () => {
    const { refund, platform, ask } = await open();
    now = at(61);
    platform.takes(order(1), 6000);
    expect(await ask()).toEqual(['RefundDue']);
    const [first, second, third] = [await refund('T00000001'), await refund('T00000001'), await refund('T00000001')];
    expect([first, second, third]).toEqual([['RefundRequested'], ['RefundAsked'], ['RefundDone']]);
    platform.isDown = true; // it would throw
    expect(await refund('T00000001')).toEqual([]);
  });

  it('A query at the platform never requests a refund of the payment that pays the bill', async () => {
    const { take, refund, platform } = await open();
    await take(payment(1, 5));
    platform.isDown = true;
    expect(await refund('T0000001')).toEqual([]);
  });
});
