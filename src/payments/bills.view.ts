import type { Bill, BillState, Bills } from '../../projections/bills.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { periodCode } from '../web/formats.js';
import type { BillKind } from './payments.events.js';

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
  /** What the end was: 过期, 取消, 退款. */
  readonly ended?: string | undefined;
  /** What an end means for whoever looks at the bill. */
  readonly meaning?: string | undefined;
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

/** 缴费: what can still be paid, the nearest deadline first. */
export function dueBills(bills: Bills, catalogue: Catalogue, now: Date): readonly BillView[] {
  return Object.values(bills)
    .map((bill) => billView(bill, catalogue, now))
    .filter(({ payable }) => payable)
    .sort((left, right) => (left.dueBy ?? '9').localeCompare(right.dueBy ?? '9'));
}

export function billView(bill: Bill, catalogue: Catalogue, now: Date): BillView {
  const late = bill.state === 'due' && bill.dueBy !== undefined && Date.parse(bill.dueBy) <= now.getTime();
  return {
    no: bill.bill,
    kind: kinds[bill.kind],
    ...periodOf(bill, catalogue),
    ...states[late ? 'expired' : bill.state],
    payable: bill.state === 'due' && !late,
    fen: bill.fen,
    lines: bill.lines.map(({ code, fen }) => ({ code, name: lineName(bill.kind, code, catalogue), fen })),
    createdAt: bill.createdAt,
    dueBy: bill.dueBy,
    paidAt: bill.paidAt,
    endedAt: late ? bill.dueBy : bill.endedAt,
  };
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
