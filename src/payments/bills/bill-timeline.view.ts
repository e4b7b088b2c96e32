import type { Bill, BillRefund } from '../../../projections/bills.js';
import type { Channel, RefundReason } from '../payments.events.js';

/** An entry of a bill's timeline; `lapsed` where `at` is the end of a window. */
export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
  readonly lapsed: boolean;
}

/** A refund; fen, instants in UTC. */
export interface RefundView {
  readonly fen: number;
  readonly why: string;
  readonly state: string;
  readonly tone: 'good' | 'warn';
  readonly paidAt: string;
  readonly doneAt?: string | undefined;
}

export const channelNames: Readonly<Record<Channel, string>> = { alipay: '支付宝', wechat: '微信支付', unionpay: '银联', bjt: '北京通' };
const ends: Partial<Readonly<Record<Bill['state'], string>>> = { expired: '过期', cancelled: '取消', refunded: '退款' };
const reasons: Readonly<Record<RefundReason, string>> = {
  duplicate: '这张账单已经支付过，这一笔是重复支付',
  late: '这一笔在缴费截止以后到账',
  wrong_amount: '这一笔的金额与账单不符',
  cancelled: '支付时这张账单已经不需要缴费',
  unknown_order: '这一笔对不上任何一次支付',
  paid_elsewhere: '这张账单在电脑上已经支付过',
};
/** For a payment that the PC system reported, which has no number of the platform. */
const PAID_TWICE_THERE = '这张账单已经支付过，电脑上收的这一笔是重复支付';
const reasonFor = ({ transaction, why }: BillRefund) => (transaction === undefined ? PAID_TWICE_THERE : reasons[why]);
const refundStates: Readonly<Record<BillRefund['state'], Pick<RefundView, 'state' | 'tone'>>> = {
  due: { state: '退款处理中', tone: 'warn' },
  requested: { state: '退款处理中', tone: 'warn' },
  done: { state: '已退款', tone: 'good' },
  refused: { state: '退款由工作人员处理', tone: 'warn' },
};

export function refundsOf({ refunds = [] }: Pick<Bill, 'refunds'>): readonly RefundView[] {
  return refunds.map((each) => ({ fen: each.fen, why: reasonFor(each), ...refundStates[each.state], paidAt: each.paidAt, doneAt: each.doneAt }));
}

/** An entry, and the entry that it must follow. */
interface OrderedEntry {
  readonly at: string;
  readonly what: string;
  readonly after?: OrderedEntry | undefined;
  readonly lapsed?: boolean;
}

/**
 * What happened to a bill, in order; empty without attempts and refunds. No entry comes before the one that it must follow, whatever
 * their times say: the platform's clock may be behind ours, and an import may know the day alone.
 */
export function timelineOf(bill: Bill): readonly TimelineEntry[] {
  const { attempts = [], refunds = [] } = bill;
  if (attempts.length + refunds.length === 0) return [];
  const issued: OrderedEntry = { at: bill.createdAt, what: '生成账单' };
  const begun = attempts.map(
    (attempt): OrderedEntry => ({ at: attempt.begunAt, what: attempt.state === 'failed' ? '发起支付，没有支付成功' : '发起支付', after: issued }),
  );
  const beginningOf = beginnings(bill, begun, issued);
  const paid =
    bill.paidAt === undefined ? undefined : entry(bill.paidAt, bill.channel ? `支付成功（${channelNames[bill.channel]}）` : '支付成功', beginningOf(bill));
  const back = refunds.flatMap((refund) => {
    const came = entry(refund.paidAt, `收到一笔款项：${reasonFor(refund)}`, beginningOf(refund));
    return [came, ...(refund.doneAt === undefined ? [] : [entry(refund.doneAt, '已退款', came)])];
  });
  const { receipt, endedAt, state } = bill;
  const ended = endedAt === undefined ? [] : [{ ...entry(endedAt, ends[state] ?? '', state === 'refunded' ? paid : issued), lapsed: state === 'expired' }];
  const printed = receipt?.issuedAt === undefined ? [] : [entry(receipt.issuedAt, '开具电子票据', paid)];
  const steps: readonly OrderedEntry[] = [issued, ...begun, ...(paid ? [paid] : []), ...back, ...ended, ...printed];
  return steps.toSorted((one, other) => moment(one) - moment(other)).map(({ at, what, lapsed = false }) => ({ at, what, lapsed }));
}

function entry(at: string, what: string, after: OrderedEntry | undefined): OrderedEntry {
  return { at, what, after };
}

/** Milliseconds: an entry's own time, or that of the entry before where that is later. */
function moment({ at, after }: OrderedEntry): number {
  return Math.max(Date.parse(at), after ? moment(after) : 0);
}

type Payment = Pick<BillRefund, 'transaction' | 'paidAt'>;

/**
 * For each payment at the platform, the beginning that it must follow. Orders are paid one after another, so payments match them in the
 * order of time; where an order was paid twice, the times decide.
 */
function beginnings(
  bill: Bill,
  begun: readonly OrderedEntry[],
  issued: OrderedEntry,
): (payment: { readonly transaction?: string | undefined }) => OrderedEntry {
  const orders = begun.filter((_, at) => bill.attempts?.[at]?.state === 'paid');
  const own: readonly Payment[] = bill.transaction && bill.paidAt ? [{ transaction: bill.transaction, paidAt: bill.paidAt }] : [];
  const payments = [...own, ...(bill.refunds ?? []).filter(({ transaction }) => transaction !== undefined)].toSorted(
    (one, other) => Date.parse(one.paidAt) - Date.parse(other.paidAt),
  );
  const spare = Math.max(0, payments.length - orders.length);
  const found = new Map(
    payments.map(({ transaction, paidAt }, at) => {
      const possible = orders.slice(Math.max(0, at - spare), at + 1);
      return [transaction, possible.findLast((each) => Date.parse(each.at) <= Date.parse(paidAt)) ?? possible[0] ?? issued] as const;
    }),
  );
  return ({ transaction }) => (transaction === undefined ? issued : (found.get(transaction) ?? issued));
}
