import type { Bill, BillState, Bills } from '../../../projections/bills.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import type { AccountStatus } from '../../registrations/barred-reasons.js';
import { periodCode, yuan } from '../../web/views/formats.js';
import type { BillKind, Receipt } from '../payments.events.js';
import { channelNames, type RefundView, refundsOf, type TimelineEntry, timelineOf } from './bill-timeline.view.js';
import { type OpenBillStatus, openBillStatus, openBillStatusTexts } from './payment-status.js';
import { type Renewal, renewalOf } from './renewal.js';

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
  /** Undefined when there is nothing to pay any more. */
  readonly openStatus: OpenBillStatus | undefined;
  /** Whether it can be paid now. */
  readonly payable: boolean;
  /** Whether a payment that was begun can be continued. */
  readonly resumable: boolean;
  readonly fen: number;
  /** The label of the amount: paid, still to pay, or never paid. */
  readonly amount: '支付金额' | '应缴金额' | '未支付';
  /** Without a name: a course or major that the catalogue does not know. */
  readonly lines: readonly { readonly code: string; readonly name: string | undefined; readonly fen: number }[];
  readonly createdAt: string;
  readonly dueBy?: string | undefined;
  readonly paidAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** Whether it ended at its deadline: `endedAt` is the end of a window then. */
  readonly lapsed: boolean;
  /** The label of `endedAt`: 过期, 取消, 退款. */
  readonly ended?: string | undefined;
  /** What the end means for the candidate. */
  readonly meaning?: string | undefined;
  /** When the payment was begun whose outcome is not known yet. */
  readonly begunAt: string | undefined;
  /** A notification about which the platform is asked. */
  readonly doubt: DoubtView | undefined;
  /** The channel of the payment. */
  readonly channel: string | undefined;
  /** Whether the last attempt has failed, and the bill is still to be paid. */
  readonly failed: boolean;
  readonly cancellable: boolean;
  /** How to renew what it is for, where it has ended unpaid or can be cancelled. */
  readonly renewal: Renewal | undefined;
  /** What a paid bill means. */
  readonly now: PaidFor | undefined;
  readonly refunds: readonly RefundView[];
  readonly receipt: Receipt | undefined;
  /** Its timeline, where there were attempts or refunds. */
  readonly history: readonly TimelineEntry[];
}

/** What a payment has achieved, and where to see it. */
interface PaidFor {
  /** `2 门课程已报考成功` */
  readonly text: string;
  readonly way: { readonly text: string; readonly href: string };
}

/** The amount of a doubted notification; `difference` such as `少 30 元`. */
interface DoubtView {
  readonly fen: number;
  readonly paidAt: string;
  readonly difference: string;
}

export interface BillSection {
  readonly title: string;
  /** Bills that are to be paid, of the section's newest period, and of every running exam period. */
  readonly current: readonly BillView[];
  readonly earlier: readonly BillView[];
}

type Tone = 'good' | 'warn' | 'bad' | 'plain';

const kinds: Readonly<Record<BillKind, string>> = { enrolment: '笔试课程报考缴费', thesis: '论文申报缴费', degree: '学位申报缴费' };
const states: Readonly<Record<BillState, Pick<BillView, 'state' | 'tone' | 'ended' | 'meaning'>>> = {
  due: { state: '待缴费', tone: 'warn' },
  paid: { state: '完成交易', tone: 'good' },
  expired: { state: '已过期', tone: 'plain', ended: '过期时间', meaning: '截止前没有缴费，这张账单已经失效，请不要再支付。' },
  cancelled: { state: '已取消', tone: 'plain', ended: '取消时间', meaning: '这张账单已经取消，不需要缴费。' },
  refunded: { state: '已退款', tone: 'plain', ended: '退款时间', meaning: '这张账单的费用已经退还。' },
};

/**
 * 账单: by kind, current periods before earlier ones, and the newest bill first. Bills to be paid come first whatever their period, and so
 * do kinds that have any.
 */
export function billSections(bills: Bills, catalogue: Catalogue, now: Date): readonly BillSection[] {
  const newestFirst = Object.values(bills).sort((left, right) => right.createdAt.localeCompare(left.createdAt) || right.bill.localeCompare(left.bill));
  const isDue = (bill: Bill) => openBillStatus(bill, now) !== undefined;
  const sections = (Object.keys(kinds) as BillKind[]).map((kind) => {
    const ofKind = newestFirst.filter((bill) => bill.kind === kind);
    const newest = newestPeriod(ofKind);
    const running = kind === 'enrolment' ? catalogue.openPeriods(now) : [];
    const isCurrent = (bill: Bill) => bill.period === newest || running.includes(bill.period) || isDue(bill);
    const shown = (bill: Bill) => billView(bill, catalogue, now);
    return {
      title: kinds[kind],
      current: dueFirst(ofKind.filter(isCurrent), isDue).map(shown),
      earlier: ofKind.filter((bill) => !isCurrent(bill)).map(shown),
    };
  });
  return dueFirst(sections, ({ current }) => current[0]?.openStatus !== undefined);
}

function dueFirst<T>(all: readonly T[], isDue: (each: T) => boolean): readonly T[] {
  return [...all.filter(isDue), ...all.filter((each) => !isDue(each))];
}

/** The period whose first bill was issued last. Codes do not sort by time, and an earlier period may have a newer second bill. */
function newestPeriod(newestFirst: readonly Bill[]): string | undefined {
  const firstBills = new Map(newestFirst.map(({ period, createdAt }) => [period, createdAt]));
  return [...firstBills].reduce<readonly [string, string] | undefined>((newest, each) => (newest && newest[1] >= each[1] ? newest : each), undefined)?.[0];
}

/** 缴费: bills that can be paid or are being paid, the nearest deadline first. */
export function dueBills(bills: Bills, catalogue: Catalogue, now: Date): readonly BillView[] {
  return Object.values(bills)
    .map((bill) => billView(bill, catalogue, now))
    .filter(({ openStatus }) => openStatus !== undefined)
    .sort((left, right) => (left.dueBy ?? '9').localeCompare(right.dueBy ?? '9'));
}

/** @param candidate the bill's owner, for a page that shows how to renew */
export function billView(bill: Bill, catalogue: Catalogue, now: Date, candidate?: AccountStatus): BillView {
  const { attempts = [], doubts = [] } = bill;
  const openStatus = openBillStatus(bill, now);
  const open = openStatus === 'processing' ? attempts.find(({ state }) => state === 'open') : undefined;
  const isPast = isReached(bill.dueBy, now);
  const late = bill.state === 'due' && openStatus === undefined;
  const doubt = doubts.at(-1);
  const codes = bill.lines.map(({ code }) => code);
  return {
    no: bill.bill,
    kind: kinds[bill.kind],
    ...periodOf(bill, catalogue),
    ...(openStatus ? { state: openBillStatusTexts[openStatus], tone: 'warn' } : states[late ? 'expired' : bill.state]),
    openStatus,
    payable: openStatus === 'due',
    resumable: open !== undefined && !isPast && !isReached(open.endsAt, now),
    fen: bill.fen,
    amount: openStatus ? '应缴金额' : bill.state === 'paid' || bill.state === 'refunded' ? '支付金额' : '未支付',
    lines: bill.lines.map(({ code, fen }) => ({ code, name: lineName(bill.kind, code, catalogue), fen })),
    createdAt: bill.createdAt,
    dueBy: bill.dueBy,
    paidAt: bill.paidAt,
    endedAt: late ? bill.dueBy : bill.endedAt,
    lapsed: late || bill.state === 'expired',
    begunAt: open?.begunAt,
    doubt: doubt && { fen: doubt.fen, paidAt: doubt.paidAt, difference: `${doubt.fen < bill.fen ? '少' : '多'} ${yuan(Math.abs(bill.fen - doubt.fen))}` },
    channel: bill.channel && channelNames[bill.channel],
    failed: openStatus === 'due' && attempts.at(-1)?.state === 'failed',
    cancellable: openStatus === 'due',
    renewal: bill.state === 'cancelled' || bill.state === 'expired' || openStatus === 'due' ? renewalOf(bill, codes, catalogue, now, candidate) : undefined,
    now: bill.state === 'paid' ? whatIsNow(bill) : undefined,
    refunds: refundsOf(bill),
    receipt: bill.receipt,
    history: timelineOf(bill),
  };
}

function whatIsNow({ kind, lines }: Bill): PaidFor {
  if (kind === 'enrolment') return { text: `${lines.length} 门课程已报考成功`, way: { text: '查看我的课程', href: '/center/courses' } };
  return { text: `${kind === 'thesis' ? '论文' : '学位'}申报已缴费，等待审核`, way: { text: '查看申报状态', href: `/center/declarations?tab=${kind}` } };
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
