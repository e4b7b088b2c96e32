import type { Bill, BillRefund } from '../../../projections/bills.js';
import type { Channel, RefundReason } from '../payments.events.js';

/** One thing that happened to a bill; `lapsed` where `at` is the end of a window. */
export interface HistoryStep {
  readonly at: string;
  readonly what: string;
  readonly lapsed: boolean;
}

/** Money that goes back; fen, instants in UTC. */
export interface RefundView {
  readonly fen: number;
  readonly why: string;
  readonly state: string;
  readonly tone: 'good' | 'warn';
  readonly paidAt: string;
  readonly doneAt?: string | undefined;
}

export const channels: Readonly<Record<Channel, string>> = { alipay: '支付宝', wechat: '微信支付', unionpay: '银联', bjt: '北京通' };
const ends: Partial<Readonly<Record<Bill['state'], string>>> = { expired: '过期', cancelled: '取消', refunded: '退款' };
const reasons: Readonly<Record<RefundReason, string>> = {
  duplicate: '这张账单已经支付过，这一笔是重复支付',
  late: '这一笔在缴费截止以后到账',
  wrong_amount: '这一笔的金额与账单不符',
  cancelled: '支付时这张账单已经不需要缴费',
  unknown_order: '这一笔对不上任何一次支付',
  paid_elsewhere: '这张账单在电脑上已经支付过',
};
/** Without a number of the platform it is the PC system's. */
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

/** A step and the step that it cannot have happened before. */
interface Step {
  readonly at: string;
  readonly what: string;
  readonly after?: Step | undefined;
  readonly lapsed?: boolean;
}

/**
 * What became of a bill, first to last; empty where its facts tell it all. The platform's clock may be behind ours and an import
 * may know a day alone, so no step stands before the one that it follows from, whatever the times say.
 */
export function historyOf(bill: Bill): readonly HistoryStep[] {
  const { attempts = [], refunds = [] } = bill;
  if (attempts.length + refunds.length === 0) return [];
  const issued: Step = { at: bill.createdAt, what: '生成账单' };
  const begun = attempts.map(
    (attempt): Step => ({ at: attempt.begunAt, what: attempt.state === 'failed' ? '发起支付，没有支付成功' : '发起支付', after: issued }),
  );
  const beginningOf = beginnings(bill, begun, issued);
  const paid =
    bill.paidAt === undefined ? undefined : step(bill.paidAt, bill.channel ? `支付成功（${channels[bill.channel]}）` : '支付成功', beginningOf(bill));
  const back = refunds.flatMap((refund) => {
    const came = step(refund.paidAt, `收到一笔款项：${reasonFor(refund)}`, beginningOf(refund));
    return [came, ...(refund.doneAt === undefined ? [] : [step(refund.doneAt, '已退款', came)])];
  });
  const { receipt, endedAt, state } = bill;
  const ended = endedAt === undefined ? [] : [{ ...step(endedAt, ends[state] ?? '', state === 'refunded' ? paid : issued), lapsed: state === 'expired' }];
  const printed = receipt?.issuedAt === undefined ? [] : [step(receipt.issuedAt, '开具电子票据', paid)];
  const steps: readonly Step[] = [issued, ...begun, ...(paid ? [paid] : []), ...back, ...ended, ...printed];
  return steps.toSorted((one, other) => moment(one) - moment(other)).map(({ at, what, lapsed = false }) => ({ at, what, lapsed }));
}

function step(at: string, what: string, after: Step | undefined): Step {
  return { at, what, after };
}

/** In milliseconds: a step's own time, or that of what it follows from where that is later. */
function moment({ at, after }: Step): number {
  return Math.max(Date.parse(at), after ? moment(after) : 0);
}

type Payment = Pick<BillRefund, 'transaction' | 'paidAt'>;

/**
 * For each payment at the platform, the beginning that it follows from. Orders are paid one after another and each that was paid
 * has a payment, so in order of time they match one to one; where one order was paid twice, the times tell of which.
 */
function beginnings(bill: Bill, begun: readonly Step[], issued: Step): (payment: { readonly transaction?: string | undefined }) => Step {
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
