import type { Bill, Bills } from '../../../projections/bills.js';
import type { Period } from '../../../projections/periods.js';
import { isReached } from '../../catalogue/window.js';

/** The payment status of a course as a page shows it. */
export interface PaymentTag {
  readonly text: '已缴费' | '待缴费' | '支付处理中' | '金额核对中' | '未缴费';
  readonly tone: 'good' | 'warn' | 'plain';
}

/**
 * The status of an unpaid bill: `due`, it can be paid; `processing`, the outcome of a payment is not known yet; `checking`, the
 * platform reported another amount and is queried about it.
 */
export type OpenBillStatus = 'due' | 'processing' | 'checking';

export const openBillStatusTexts: Readonly<Record<OpenBillStatus, Exclude<PaymentTag['text'], '已缴费' | '未缴费'>>> = {
  due: '待缴费',
  processing: '支付处理中',
  checking: '金额核对中',
};

/** Undefined when it is not to be paid any more: paid, ended, or past its deadline. */
export function openBillStatus(
  { state, dueBy, attempts, doubts }: Pick<Bill, 'state' | 'dueBy' | 'attempts' | 'doubts'>,
  now: Date,
): OpenBillStatus | undefined {
  if (state !== 'due') return undefined;
  if (doubts?.length) return 'checking';
  if (attempts?.some((attempt) => attempt.state === 'open')) return 'processing';
  return isReached(dueBy, now) ? undefined : 'due';
}

/** The unpaid bill of a period's enrolment; of several, one that must not be paid again comes first. */
export function enrolmentBill(bills: Bills, period: string, now: Date): Bill | undefined {
  const ofPeriod = Object.values(bills).filter((bill) => bill.kind === 'enrolment' && bill.period === period);
  const openStatus = (['checking', 'processing', 'due'] as const).find((each) => ofPeriod.some((bill) => openBillStatus(bill, now) === each));
  return openStatus && ofPeriod.find((bill) => openBillStatus(bill, now) === openStatus);
}

/** 已缴费; 待缴费 while it can still be paid; then 未缴费. @param bill the period's unpaid bill */
export function paymentTag(
  course: { readonly code: string; readonly paid: boolean },
  bill: Bill | undefined,
  period: Pick<Period, 'paymentCloses'>,
  now: Date,
): PaymentTag {
  if (course.paid) return { text: '已缴费', tone: 'good' };
  const openStatus = bill?.lines.some(({ code }) => code === course.code) ? openBillStatus(bill, now) : undefined;
  if (openStatus) return { text: openBillStatusTexts[openStatus], tone: 'warn' };
  return paymentClosed(period, now) ? { text: '未缴费', tone: 'plain' } : { text: '待缴费', tone: 'warn' };
}

export function paymentClosed({ paymentCloses }: Pick<Period, 'paymentCloses'>, now: Date): boolean {
  return isReached(paymentCloses, now);
}
