import type { Attempt, Bill, BillRefund, BillState, Bills } from '../../projections/bills.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { periodCode } from '../web/formats.js';
import type { BillKind, Channel, Receipt, RefundReason } from './payments.events.js';

/** A bill as pages show it; amounts in fen, instants in UTC. */
export interface BillView {
  readonly no: string;
  readonly kind: string;
  /** `2018年下半年` */
  readonly period: string;
  /** The same with its code: `2018年下半年 · 201809期`. */
  readonly periodAndCode: string;
  readonly state: string;
  readonly tone: Tone;
  readonly payable: boolean;
  readonly fen: number;
  /** Without a name: a course or major that the catalogue does not know. */
  readonly lines: readonly { readonly code: string; readonly name: string | undefined; readonly fen: number }[];
  readonly createdAt: string;
  readonly dueBy?: string | undefined;
  readonly paidAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** That it ended with its deadline: `endedAt` is the end of a window then. */
  readonly lapsed: boolean;
  /** What the end was: 过期, 取消, 退款. */
  readonly ended?: string | undefined;
  /** What an end means for whoever looks at the bill. */
  readonly meaning?: string | undefined;
  /** What came of a payment that was begun is not known yet; `until` the moment up to which it can be gone on with. */
  readonly processing?: { readonly until: string | undefined } | undefined;
  /** The last attempt came to nothing, and the bill is still to be paid. */
  readonly failed: boolean;
  readonly cancellable: boolean;
  readonly refunds: readonly RefundView[];
  readonly receipt: Receipt | undefined;
  /** What became of it, first to last, where its facts do not tell it all. */
  readonly history: readonly HistoryStep[];
}

/** One thing that happened to a bill; `lapsed` where `at` is the end of a window. */
interface HistoryStep {
  readonly at: string;
  readonly what: string;
  readonly lapsed: boolean;
}

/** Money that goes back. */
interface RefundView {
  readonly fen: number;
  readonly why: string;
  readonly state: string;
  readonly tone: Tone;
  readonly paidAt: string;
  readonly doneAt?: string | undefined;
}

export interface BillSection {
  readonly title: string;
  /** Those of the newest period that the section has any of, and of every exam period that still runs. */
  readonly current: readonly BillView[];
  readonly earlier: readonly BillView[];
}

type Tone = 'good' | 'warn' | 'bad' | 'plain';

const kinds: Readonly<Record<BillKind, string>> = { enrolment: '笔试课程报考缴费', thesis: '论文申报缴费', degree: '学位申报缴费' };
const states: Readonly<Record<BillState, Pick<BillView, 'state' | 'tone' | 'ended' | 'meaning'>>> = {
  due: { state: '待缴费', tone: 'warn' },
  paid: { state: '完成交易', tone: 'good' },
  expired: { state: '已过期', tone: 'plain', ended: '过期时间', meaning: '截止前没有缴费，这张账单已经失效，请不要再为它付款。' },
  cancelled: { state: '已取消', tone: 'plain', ended: '取消时间', meaning: '这张账单已经取消，不需要缴费。' },
  refunded: { state: '已退款', tone: 'plain', ended: '退款时间', meaning: '这张账单的费用已经退还。' },
};

const processing: Pick<BillView, 'state' | 'tone'> = { state: '处理中', tone: 'warn' };
const channels: Readonly<Record<Channel, string>> = { alipay: '支付宝', wechat: '微信支付', unionpay: '银联', bjt: '北京通' };
const reasons: Readonly<Record<RefundReason, string>> = {
  duplicate: '这张账单已经付过，这一笔是重复支付',
  late: '这一笔在缴费截止以后到账',
  wrong_amount: '这一笔的金额与账单不符',
  cancelled: '付款时这张账单已经不需要缴费',
  unknown_order: '这一笔对不上任何一次支付',
  paid_elsewhere: '这张账单在电脑端已经付过',
};
/** Without a number of the platform it is the PC system's. */
const PAID_TWICE_THERE = '这张账单已经付过，电脑端收的这一笔是重复支付';
const reasonFor = ({ transaction, why }: BillRefund) => (transaction === undefined ? PAID_TWICE_THERE : reasons[why]);
const refundStates: Readonly<Record<BillRefund['state'], Pick<RefundView, 'state' | 'tone'>>> = {
  due: { state: '退款处理中', tone: 'warn' },
  requested: { state: '退款处理中', tone: 'warn' },
  done: { state: '已退款', tone: 'good' },
  refused: { state: '退款由工作人员处理', tone: 'warn' },
};

/** 账单: by kind, the current periods' before those of earlier ones, all newest bill first. */
export function billSections(bills: Bills, catalogue: Catalogue, now: Date): readonly BillSection[] {
  const newestFirst = Object.values(bills).sort((left, right) => right.createdAt.localeCompare(left.createdAt) || right.bill.localeCompare(left.bill));
  return (Object.keys(kinds) as BillKind[]).map((kind) => {
    const ofKind = newestFirst.filter((bill) => bill.kind === kind);
    const newest = newestPeriod(ofKind);
    const running = kind === 'enrolment' ? catalogue.openPeriods(now) : [];
    const isCurrent = ({ period }: Bill) => period === newest || running.includes(period);
    const shown = (bill: Bill) => billView(bill, catalogue, now);
    return {
      title: kinds[kind],
      current: ofKind.filter(isCurrent).map(shown),
      earlier: ofKind.filter((bill) => !isCurrent(bill)).map(shown),
    };
  });
}

/** The period whose first bill was issued last: codes do not sort, and a bill issued anew for an earlier period makes that no newer. */
function newestPeriod(newestFirst: readonly Bill[]): string | undefined {
  const firstBills = new Map(newestFirst.map(({ period, createdAt }) => [period, createdAt]));
  return [...firstBills].reduce<readonly [string, string] | undefined>((newest, each) => (newest && newest[1] >= each[1] ? newest : each), undefined)?.[0];
}

/** 缴费: what can still be paid or is being paid, the nearest deadline first. */
export function dueBills(bills: Bills, catalogue: Catalogue, now: Date): readonly BillView[] {
  return Object.values(bills)
    .map((bill) => billView(bill, catalogue, now))
    .filter(({ payable, processing }) => payable || processing)
    .sort((left, right) => (left.dueBy ?? '9').localeCompare(right.dueBy ?? '9'));
}

export function billView(bill: Bill, catalogue: Catalogue, now: Date): BillView {
  const { attempts = [], refunds = [] } = bill;
  const due = bill.state === 'due';
  const open = attempts.find(({ state }) => state === 'open');
  const isPast = bill.dueBy !== undefined && Date.parse(bill.dueBy) <= now.getTime();
  const late = due && isPast && !open;
  const until = open && Date.parse(open.endsAt) > now.getTime() ? open.endsAt : undefined;
  return {
    no: bill.bill,
    kind: kinds[bill.kind],
    ...periodOf(bill, catalogue),
    ...(due && open ? processing : states[late ? 'expired' : bill.state]),
    payable: due && !isPast && (!open || until !== undefined),
    fen: bill.fen,
    lines: bill.lines.map(({ code, fen }) => ({ code, name: lineName(bill.kind, code, catalogue), fen })),
    createdAt: bill.createdAt,
    dueBy: bill.dueBy,
    paidAt: bill.paidAt,
    endedAt: late ? bill.dueBy : bill.endedAt,
    lapsed: late || bill.state === 'expired',
    processing: due && open ? { until } : undefined,
    failed: due && !isPast && !open && attempts.at(-1)?.state === 'failed',
    cancellable: due && !isPast && !open,
    refunds: refunds.map((each) => ({ fen: each.fen, why: reasonFor(each), ...refundStates[each.state], paidAt: each.paidAt, doneAt: each.doneAt })),
    receipt: bill.receipt,
    history: attempts.length + refunds.length > 0 ? historyOf(bill, attempts, refunds) : [],
  };
}

function historyOf(bill: Bill, attempts: readonly Attempt[], refunds: readonly BillRefund[]): BillView['history'] {
  const { ended } = states[bill.state];
  const steps: readonly { readonly at: string | undefined; readonly what: string; readonly lapsed?: boolean }[] = [
    { at: bill.createdAt, what: '生成账单' },
    ...attempts.map(({ begunAt, state }) => ({ at: begunAt, what: state === 'failed' ? '发起支付，没有付款' : '发起支付' })),
    { at: bill.paidAt, what: bill.channel ? `支付成功（${channels[bill.channel]}）` : '支付成功' },
    ...refunds.flatMap((each) => [
      { at: each.paidAt, what: `收到一笔款项：${reasonFor(each)}` },
      { at: each.doneAt, what: '已退款' },
    ]),
    { at: bill.endedAt, what: ended?.replace('时间', '') ?? '', lapsed: bill.state === 'expired' },
    { at: bill.receipt?.issuedAt, what: '开具电子票据' },
  ];
  return steps.flatMap(({ at, what, lapsed = false }) => (at === undefined ? [] : [{ at, what, lapsed }])).sort((one, other) => one.at.localeCompare(other.at));
}

function periodOf({ kind, period }: Bill, catalogue: Catalogue): Pick<BillView, 'period' | 'periodAndCode'> {
  const code = periodCode(period);
  const named = kind === 'enrolment' ? catalogue.period(period) : catalogue.declarationPeriod(kind, period);
  return named?.name ? { period: named.name, periodAndCode: `${named.name} · ${code}` } : { period: code, periodAndCode: code };
}

/** A course's name, or a major's with its level. */
function lineName(kind: BillKind, code: string, catalogue: Catalogue): string | undefined {
  if (kind === 'enrolment') return catalogue.course(code)?.name;
  const major = catalogue.major(code);
  return major && `${major.name}（${major.level}）`;
}
