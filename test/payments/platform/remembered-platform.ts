import { beijingDay } from '../../../projections/transactions.js';
import type { Notification, OrderStatus, Payment, Refund, RefundStatus } from '../../../src/payments/platform/payment-platform.js';
import { PaymentPlatform, PlatformUnavailable } from '../../../src/payments/platform/payment-platform.js';
import type { DailyFile, Movement } from '../../../src/payments/reconciliation/daily-file.js';

/**
 * A payment platform in memory with all that real ones are seen to do: it takes money twice, late, or of another amount, is
 * away, takes its time, and does not give money back. Its book is the truth about the money.
 */
export class RememberedPlatform extends PaymentPlatform {
  override readonly origin = 'https://platform.test';
  /** Order numbers that a phone has come with, and until when (instant) they are to be paid. */
  readonly orders = new Map<string, string>();
  readonly book: Payment[] = [];
  /** Transactions that were given back, with when. */
  readonly givenBack = new Map<string, string>();
  /** What it wants to tell and has not told yet. */
  readonly untold: Notification[] = [];
  isDown = false;
  refusesRefunds = false;
  /** What an answer on its way waits for. */
  onItsWay: Promise<void> = Promise.resolve();
  private readonly asked = new Map<string, number>();

  constructor(private readonly now: () => string) {
    super();
  }

  override create(): string {
    return `${this.origin}/pay`;
  }

  /** A phone comes with an order. */
  opens(order: string, endsAt: string): void {
    if (!this.orders.has(order)) this.orders.set(order, endsAt);
  }

  takes(order: string, fen: number): void {
    const payment: Payment = { order, transaction: `T${String(this.book.length + 1).padStart(8, '0')}`, fen, channel: 'wechat', paidAt: this.now() };
    this.book.push(payment);
    this.untold.push({ kind: 'paid', payment });
  }

  /** Tells of orders that ended unpaid. */
  closes(): void {
    for (const [order, endsAt] of this.orders) {
      if (endsAt <= this.now() && !this.isPaid(order)) this.untold.push({ kind: 'closed', order });
    }
  }

  override async query(order: string): Promise<OrderStatus> {
    if (this.isDown) throw new PlatformUnavailable();
    const standing = this.standing(order);
    await this.onItsWay;
    return standing;
  }

  override async refund({ transaction, order, fen }: Refund): Promise<RefundStatus> {
    if (this.isDown) throw new PlatformUnavailable();
    const standing = this.refundOf(transaction, order, fen);
    await this.onItsWay;
    return standing;
  }

  /** Its files of all days on which money came or went back. */
  files(): readonly DailyFile[] {
    const movements = this.book.flatMap(({ order, transaction, fen, channel, paidAt }): Movement[] => {
      const back = this.givenBack.get(transaction);
      const of = { order, transaction, fen, channel };
      return [{ ...of, kind: 'payment', at: paidAt }, ...(back === undefined ? [] : [{ ...of, kind: 'refund' as const, at: back }])];
    });
    return [...Map.groupBy(movements, ({ at }) => beijingDay(at))].map(([day, all]) => ({
      day,
      endsAt: new Date(Date.parse(`${day}T16:00:00.000Z`)).toISOString(),
      fen: all.reduce((sum, { kind, fen }) => sum + (kind === 'payment' ? fen : -fen), 0),
      movements: all.toSorted((one, other) => one.at.localeCompare(other.at)),
    }));
  }

  override verify(): Notification {
    throw new Error('its notifications come read');
  }

  private standing(order: string): OrderStatus {
    const payments = this.book.filter((each) => each.order === order);
    if (payments.length > 0) return { state: 'paid', payments };
    const endsAt = this.orders.get(order);
    if (endsAt === undefined) return { state: 'unknown', payments };
    return { state: endsAt <= this.now() ? 'closed' : 'open', payments };
  }

  private refundOf(transaction: string, order: string, fen: number): RefundStatus {
    const isKnown = this.book.some((each) => each.transaction === transaction && each.order === order && each.fen === fen);
    if (!isKnown) return { state: 'refused', why: 'no such payment' };
    const already = this.givenBack.get(transaction);
    if (already !== undefined) return { state: 'done', refundedAt: already };
    if (this.refusesRefunds) return { state: 'refused', why: 'too late' };
    const asked = (this.asked.get(transaction) ?? 0) + 1;
    this.asked.set(transaction, asked);
    if (asked < 3) return { state: 'processing' };
    this.givenBack.set(transaction, this.now());
    return { state: 'done', refundedAt: this.now() };
  }

  private isPaid(order: string): boolean {
    return this.book.some((each) => each.order === order);
  }
}
