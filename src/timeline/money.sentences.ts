import type { BillKind, Channel, PaymentEvent, RefundReason } from '../payments/payments.events.js';
import type { ReconciliationEvent } from '../payments/reconciliation/reconciliation.events.js';
import { day, moment, yuan } from '../web/views/formats.js';
import { given, type Sentences, type Words } from './words.js';

const kinds: Readonly<Record<BillKind, string>> = { enrolment: '报考费', thesis: '论文费', degree: '学位费' };
const channels: Readonly<Record<Channel, string>> = { alipay: '支付宝', wechat: '微信支付', unionpay: '银联', bjt: '北京通' };
const reasons: Readonly<Record<RefundReason, string>> = {
  duplicate: '重复支付',
  late: '截止以后才到账',
  wrong_amount: '金额与账单不符',
  cancelled: '支付时账单已取消',
  unknown_order: '对不上任何一次支付',
  paid_elsewhere: '在电脑上已经支付过',
};

/** Bills, payments, refunds and receipts. */
export const moneySentences: Sentences<PaymentEvent | ReconciliationEvent> = {
  BillIssued: (data, words) => `开出${bill(data, words)}`,
  BillCorrected: (data, words) => `账单更正为：${bill(data, words)}`,
  BillPaid: ({ bill, transaction, channel, happenedAt }) =>
    `账单 ${bill} 已支付${channel === undefined ? '（由电脑上的系统报告）' : `，${channels[channel]}`}${given(transaction, (no) => `，交易 ${no}`)}${earlier(happenedAt)}`,
  BillExpired: ({ bill, happenedAt }) => `账单 ${bill} 过期，没有支付${earlier(happenedAt)}`,
  BillCancelled: ({ bill, happenedAt }) => `账单 ${bill} 取消${earlier(happenedAt)}`,
  BillRefunded: ({ bill, happenedAt }) => `账单 ${bill} 已退款${earlier(happenedAt)}`,
  BillVoided: ({ bill }) => `账单 ${bill} 记错了，已作废`,
  BillReopened: ({ bill }) => `账单 ${bill} 重新待缴费`,
  PaymentBegun: ({ bill, order, fen, endsAt }) => `去支付账单 ${bill}：${yuan(fen)}，订单 ${order}，到 ${moment(endsAt)} 为止`,
  PaymentAsked: ({ order }) => `问了支付平台，订单 ${order} 还没有结果`,
  PaymentFailed: ({ order }) => `订单 ${order} 没有支付成功`,
  PaymentUnresolved: ({ order }) => `订单 ${order} 的结果一天未明，转人工办理`,
  PaymentContradicted: ({ order, said }) => `支付平台对订单 ${order} 前后说法不一（${said === 'failed' ? '又说没有支付' : '金额不同'}），转人工办理`,
  PaymentDoubted: ({ order, transaction, fen }) => `订单 ${order} 收到的通知金额不符：${yuan(fen)}，交易 ${transaction}，先向平台核实`,
  DoubtSettled: ({ order }) => `订单 ${order} 的金额已核实`,
  RefundDue: ({ bill, fen, why, transaction }) => `账单 ${bill} 有 ${yuan(fen)} 应退：${reasons[why]}${given(transaction, (no) => `，交易 ${no}`)}`,
  RefundRequested: ({ bill, fen }) => `已向支付平台申请退款 ${yuan(fen)}，账单 ${bill}`,
  RefundAsked: ({ bill, fen }) => `问了支付平台，账单 ${bill} 的退款 ${yuan(fen)} 还在处理`,
  RefundDone: ({ bill, fen, refundedAt }) => `账单 ${bill} 的 ${yuan(fen)} 已退回${earlier(refundedAt)}`,
  RefundRefused: ({ bill, fen, why }) => `支付平台拒绝退款 ${yuan(fen)}（${why}），账单 ${bill}，转人工办理`,
  ReceiptIssued: ({ bill, code, number }) => `账单 ${bill} 的财政电子票据开出：代码 ${code}，号码 ${number}`,
  DayReconciled: ({ day: date, fen }) => `${day(date)}的账已核对，平台净收 ${yuan(fen)}`,
};

function bill(data: Extract<PaymentEvent, { type: 'BillIssued' }>['data'], words: Words): string {
  const { bill: number, kind, period, lines, fen, dueBy } = data;
  const what = kind === 'enrolment' ? `${words.period(period)} ${lines.length} 门课程` : period;
  return `账单 ${number}：${what}的${kinds[kind]} ${yuan(fen)}${given(dueBy, (until) => `，${moment(until)} 截止`)}`;
}

/** When it happened, where that was before it was recorded. */
function earlier(at: string | undefined): string {
  return given(at, (instant) => `，发生在 ${moment(instant)}`);
}
