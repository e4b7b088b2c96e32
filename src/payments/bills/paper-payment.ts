import type { Bill, Bills } from '../../../projections/bills.js';
import type { Period } from '../../../projections/periods.js';

/** What a page says of a course's payment. */
export interface PaymentTag {
  readonly text: '已缴费' | '待缴费' | '支付处理中' | '金额核对中' | '未缴费';
  readonly tone: 'good' | 'warn' | 'plain';
}

/**
 * How a bill stands that nothing has paid yet: `due`, it can be paid; `processing`, what came of a payment is not known yet;
 * `checking`, the platform told of another amount and is asked about it.
 */
export type Standing = 'due' | 'processing' | 'checking';

export const standings: Readonly<Record<Standing, Exclude<PaymentTag['text'], '已缴费' | '未缴费'>>> = {
  due: '待缴费',
  processing: '支付处理中',
  checking: '金额核对中',
};

/** Undefined where nothing is to be paid any more: it was paid, it ended, or its deadline has passed. */
export function paperStanding({ state, dueBy, attempts, doubts }: Pick<Bill, 'state' | 'dueBy' | 'attempts' | 'doubts'>, now: Date): Standing | undefined {
  if (state !== 'due') return undefined;
  if (doubts?.length) return 'checking';
  if (attempts?.some((attempt) => attempt.state === 'open')) return 'processing';
  return dueBy === undefined || Date.parse(dueBy) > now.getTime() ? 'due' : undefined;
}

/** The bill of a period's enrolment that is to be paid, or is being paid: of several one that must not be paid again comes first. */
export function enrolmentBill(bills: Bills, period: string, now: Date): Bill | undefined {
  const ofPeriod = Object.values(bills).filter((bill) => bill.kind === 'enrolment' && bill.period === period);
  const standing = (['checking', 'processing', 'due'] as const).find((each) => ofPeriod.some((bill) => paperStanding(bill, now) === each));
  return standing && ofPeriod.find((bill) => paperStanding(bill, now) === standing);
}

/** 已缴费, 待缴费 while it can still be paid or is being paid, then 未缴费. `bill` is the period's that stands so. */
export function paymentTag(
  course: { readonly code: string; readonly paid: boolean },
  bill: Bill | undefined,
  period: Pick<Period, 'paymentCloses'>,
  now: Date,
): PaymentTag {
  if (course.paid) return { text: '已缴费', tone: 'good' };
  const standing = bill?.lines.some(({ code }) => code === course.code) ? paperStanding(bill, now) : undefined;
  if (standing) return { text: standings[standing], tone: 'warn' };
  return paymentClosed(period, now) ? { text: '未缴费', tone: 'plain' } : { text: '待缴费', tone: 'warn' };
}

export function paymentClosed({ paymentCloses }: Pick<Period, 'paymentCloses'>, now: Date): boolean {
  return paymentCloses !== undefined && Date.parse(paymentCloses) <= now.getTime();
}
