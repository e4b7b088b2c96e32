import type { Channel } from '../../src/payments/payments.events.js';
import type { OrderState, PlatformStore, SandboxOrder, SandboxPayment } from './platform-store.js';

/** How the sandbox pays: correctly, or with one of the faults of real platforms. */
export const WAYS = ['once', 'twice', 'late notice', 'notice twice', 'wrong notice', 'other amount'] as const;
export type Way = (typeof WAYS)[number];

/** Milliseconds. */
const LATE = 60_000;
const OUTAGE = 60_000;
const REFUNDING = 3_000;

/** The order number was used for another order. */
export class OtherOrder extends Error {
  override readonly name = 'OtherOrder';
}

export type RefundAnswer = { state: 'processing' } | { state: 'done'; refunded_at: string } | { state: 'refused'; why: string };

/** The sandbox platform's orders and payments. Their notifications are stored in the same transaction. */
export class Platform {
  constructor(
    private readonly store: PlatformStore,
    private readonly merchant: string,
    private readonly now: () => Date,
  ) {}

  /** Registers the order with which a phone arrives. @throws OtherOrder when its number belongs to another order */
  arrive(order: SandboxOrder): OrderState {
    return this.store.transaction(() => {
      const known = this.store.order(order.order);
      if (known) {
        const isSame = known.fen === order.fen && known.title === order.title && known.begun === order.begun && known.ends === order.ends;
        if (!isSame) throw new OtherOrder();
        return known.state === 'open' && this.isOver(order.ends) ? 'closed' : known.state;
      }
      const state = this.isOver(order.ends) ? 'closed' : 'open';
      this.store.addOrder(order, state);
      return state;
    });
  }

  /** Takes the money for an open order. Returns the order's state. */
  pay({ order, fen }: SandboxOrder, channel: Channel, way: Way): OrderState {
    return this.ifOpen(order, () => {
      this.store.setState(order, 'paid');
      for (let payments = way === 'twice' ? 2 : 1; payments > 0; payments--) {
        const payment = this.store.addPayment(order, way === 'other amount' ? fen - 1 : fen, channel, this.text(0));
        const notificationBody = this.notificationBody(way === 'wrong notice' ? { ...payment, fen: fen + 1 } : payment);
        for (let notices = way === 'notice twice' ? 2 : 1; notices > 0; notices--) {
          this.store.addNotification(notificationBody, this.text(way === 'late notice' ? LATE : 0));
        }
      }
    });
  }

  /** Closes the order because the payment failed. */
  fail(order: string): OrderState {
    return this.ifOpen(order, () => this.close(order));
  }

  /** Closes the orders whose end has passed. */
  closeOverdue(): void {
    if (this.store.overdue(this.text(0)).length === 0) return;
    this.store.transaction(() => {
      for (const order of this.store.overdue(this.text(0))) this.close(order);
    });
  }

  query(order: string): { readonly state: OrderState | 'unknown'; readonly payments: readonly SandboxPayment[] } {
    this.closeOverdue();
    return { state: this.store.order(order)?.state ?? 'unknown', payments: this.store.paymentsOf(order) };
  }

  refund(transaction: string, order: string, fen: number): RefundAnswer {
    const payment = this.store.payment(transaction);
    if (payment?.order !== order) return { state: 'refused', why: 'unknown_transaction' };
    if (payment.fen !== fen) return { state: 'refused', why: 'other_amount' };
    const { doneAt } = this.store.refund(transaction, this.text(REFUNDING));
    return doneAt <= this.text(0) ? { state: 'done', refunded_at: doneAt } : { state: 'processing' };
  }

  goDown(): void {
    this.store.setValue('down until', this.text(OUTAGE));
  }

  get isDown(): boolean {
    return (this.store.value('down until') ?? '') > this.text(0);
  }

  private ifOpen(order: string, work: () => void): OrderState {
    return this.store.transaction(() => {
      const known = this.store.order(order);
      if (known?.state === 'open' && !this.isOver(known.ends)) work();
      const after = this.store.order(order)?.state ?? 'closed';
      return after === 'open' ? 'closed' : after; // its end has passed; `closeOverdue` closes it soon
    });
  }

  private close(order: string): void {
    this.store.setState(order, 'closed');
    this.store.addNotification({ kind: 'closed', merchant: this.merchant, order }, this.text(0));
  }

  private notificationBody({ transaction, order, fen, channel, paidAt }: SandboxPayment): object {
    return { kind: 'paid', merchant: this.merchant, order, transaction, fen, channel, paid_at: paidAt };
  }

  private isOver(ends: string): boolean {
    return ends <= this.text(0);
  }

  /** The instant some milliseconds from now. */
  private text(ahead: number): string {
    return new Date(this.now().getTime() + ahead).toISOString();
  }
}
