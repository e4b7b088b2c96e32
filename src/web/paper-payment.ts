import type { Bill, Bills } from '../../projections/bills.js';
import type { Period } from '../../projections/periods.js';

/** What a page says of a course's payment. */
export interface PaymentTag {
  readonly text: '已缴费' | '待缴费' | '未缴费';
  readonly tone: 'good' | 'warn' | 'plain';
}

/** Whether a bill can be paid: it is due, and its deadline has not passed. */
export function payable({ state, dueBy }: Pick<Bill, 'state' | 'dueBy'>, now: Date): boolean {
  return state === 'due' && (dueBy === undefined || Date.parse(dueBy) > now.getTime());
}

/** The bill of a period's enrolment that can be paid. */
export function enrolmentBill(bills: Bills, period: string, now: Date): Bill | undefined {
  return Object.values(bills).find((bill) => bill.kind === 'enrolment' && bill.period === period && payable(bill, now));
}

/** 已缴费, 待缴费 while it can still be paid, then 未缴费. `bill` is the period's that can be paid. */
export function paymentTag(
  course: { readonly code: string; readonly paid: boolean },
  bill: Bill | undefined,
  period: Pick<Period, 'paymentCloses'>,
  now: Date,
): PaymentTag {
  if (course.paid) return { text: '已缴费', tone: 'good' };
  const stillToPay = bill?.lines.some(({ code }) => code === course.code) || !paymentClosed(period, now);
  return stillToPay ? { text: '待缴费', tone: 'warn' } : { text: '未缴费', tone: 'plain' };
}

export function paymentClosed({ paymentCloses }: Pick<Period, 'paymentCloses'>, now: Date): boolean {
  return paymentCloses !== undefined && Date.parse(paymentCloses) <= now.getTime();
}
