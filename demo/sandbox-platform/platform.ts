import type { Channel } from '../../src/payments/payments.events.js';
import type { Book, OrderState, SandboxOrder, SandboxPayment } from './book.js';

/** How the sandbox pays: as it should, or with one of the faults of real platforms. */
export const WAYS = ['once', 'twice', 'late notice', 'notice twice', 'wrong notice', 'other amount'] as const;
export type Way = (typeof WAYS)[number];

/** Milliseconds. */
const LATE = 60_000;
const OUTAGE = 60_000;
const REFUNDING = 3_000;

/** The order number was used for something else. */
export class OtherOrder extends Error {
  override readonly name = 'OtherOrder';
}

export type RefundAnswer = { state: 'processing' } | { state: 'done'; refunded_at: string } | { state: 'refused'; why: string };

/** What the sandbox platform does with orders and money; the notifications that follow are put down with it, at once. */
export class Platform {
  constructor(
    private readonly book: Book,
    private readonly merchant: string,
    private readonly now: () => Date,
  ) {}

  /** The phone has come with an order. @throws OtherOrder when one of its number came before and was another */
  arrive(order: SandboxOrder): OrderState {
    return this.book.atOnce(() => {
      const known = this.book.order(order.order);
      if (known) {
        const isSame = known.fen === order.fen && known.title === order.title && known.begun === order.begun && known.ends === order.ends;
        if (!isSame) throw new OtherOrder();
        return known.state === 'open' && this.isOver(order.ends) ? 'closed' : known.state;
      }
      const state = this.isOver(order.ends) ? 'closed' : 'open';
      this.book.addOrder(order, state);
      return state;
    });
  }

  /** Takes the money for an open order; answers how the order stands then. */
  pay({ order, fen }: SandboxOrder, channel: Channel, way: Way): OrderState {
    return this.ifOpen(order, () => {
      this.book.setState(order, 'paid');
      for (let payments = way === 'twice' ? 2 : 1; payments > 0; payments--) {
        const payment = this.book.addPayment(order, way === 'other amount' ? fen - 1 : fen, channel, this.text(0));
        const told = this.told(way === 'wrong notice' ? { ...payment, fen: fen + 1 } : payment);
        for (let notices = way === 'notice twice' ? 2 : 1; notices > 0; notices--) {
          this.book.addNotification(told, this.text(way === 'late notice' ? LATE : 0));
        }
      }
    });
  }

  /** The payment has failed, and the order with it. */
  fail(order: string): OrderState {
    return this.ifOpen(order, () => this.close(order));
  }

  /** Closes the orders whose end has come. */
  closeOverdue(): void {
    if (this.book.overdue(this.text(0)).length === 0) return;
    this.book.atOnce(() => {
      for (const order of this.book.overdue(this.text(0))) this.close(order);
    });
  }

  query(order: string): { readonly state: OrderState | 'unknown'; readonly payments: readonly SandboxPayment[] } {
    this.closeOverdue();
    return { state: this.book.order(order)?.state ?? 'unknown', payments: this.book.paymentsOf(order) };
  }

  refund(transaction: string, order: string, fen: number): RefundAnswer {
    const payment = this.book.payment(transaction);
    if (payment?.order !== order) return { state: 'refused', why: 'unknown_transaction' };
    if (payment.fen !== fen) return { state: 'refused', why: 'other_amount' };
    const { doneAt } = this.book.refund(transaction, this.text(REFUNDING));
    return doneAt <= this.text(0) ? { state: 'done', refunded_at: doneAt } : { state: 'processing' };
  }

  goDown(): void {
    this.book.keep('down until', this.text(OUTAGE));
  }

  get isDown(): boolean {
    return (this.book.kept('down until') ?? '') > this.text(0);
  }

  private ifOpen(order: string, work: () => void): OrderState {
    return this.book.atOnce(() => {
      const known = this.book.order(order);
      if (known?.state === 'open' && !this.isOver(known.ends)) work();
      const after = this.book.order(order)?.state ?? 'closed';
      return after === 'open' ? 'closed' : after; // over, and swept in a moment
    });
  }

  private close(order: string): void {
    this.book.setState(order, 'closed');
    this.book.addNotification({ kind: 'closed', merchant: this.merchant, order }, this.text(0));
  }

  private told({ transaction, order, fen, channel, paidAt }: SandboxPayment): object {
    return { kind: 'paid', merchant: this.merchant, order, transaction, fen, channel, paid_at: paidAt };
  }

  private isOver(ends: string): boolean {
    return ends <= this.text(0);
  }

  /** The instant so many milliseconds from now. */
  private text(ahead: number): string {
    return new Date(this.now().getTime() + ahead).toISOString();
  }
}
