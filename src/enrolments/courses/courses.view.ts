import type { Bill, Bills } from '../../../projections/bills.js';
import type { Period } from '../../../projections/periods.js';
import type { Sittings } from '../../../projections/sittings.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import { enrolmentBill, type OpenBillStatus, openBillStatus, type PaymentTag, paymentClosed, paymentTag } from '../../payments/bills/payment-status.js';
import type { Search } from '../../web/search.js';
import { deadline, sitting, until } from '../../web/views/formats.js';
import { type CandidatePaper, duration, type PapersCatalogue, papersOf } from '../papers.js';
import { blockedBy } from './withdrawal.view.js';

interface CourseLine {
  readonly code: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly form: '笔试' | '实践';
  /** `120 分钟（不是通常的 150 分钟）` */
  readonly duration: string | undefined;
  /** `2026年11月28日 周六 上午 09:00` */
  readonly when: string;
  readonly payment: PaymentTag;
  /** The address of the withdrawal page, where withdrawing is possible. */
  readonly withdraw: string | undefined;
}

interface CoursePeriod {
  readonly name: string;
  readonly courses: readonly CourseLine[];
  /** The unpaid bill of its courses. */
  readonly due:
    | {
        readonly bill: string;
        readonly openStatus: OpenBillStatus | undefined;
        readonly courses: number;
        readonly fen: number;
        readonly by: string | undefined;
      }
    | undefined;
  /** Why there are unpaid courses without a bill. */
  readonly unbilled: { readonly open: boolean; readonly text: string } | undefined;
  readonly enrolment: { readonly open: boolean; readonly text: string } | undefined;
}

/**
 * The data of 我的课程: each period whose enrolment has opened and whose exam is not over, nearest exam first.
 * @param barred why this candidate may not enrol, where that is so
 */
export function coursesView(
  sittings: Sittings,
  bills: Bills,
  catalogue: PapersCatalogue & Pick<Catalogue, 'openPeriods'>,
  now: Date,
  { any, matches }: Pick<Search, 'any' | 'matches'>,
  barred: string | undefined,
): readonly CoursePeriod[] {
  return catalogue.openPeriods(now).flatMap((code) => {
    const period = catalogue.period(code);
    if (!period) return [];
    const papers = papersOf(code, sittings[code] ?? {}, catalogue, now);
    const found = papers.filter((paper) => matches(paper.code, paper.name));
    const bill = enrolmentBill(bills, code, now);
    return any && found.length === 0 ? [] : [coursePeriod(period, papers, found, bills, bill, now, barred)];
  });
}

function coursePeriod(
  period: Period,
  papers: readonly CandidatePaper[],
  found: readonly CandidatePaper[],
  bills: Bills,
  bill: Bill | undefined,
  now: Date,
  barred?: string,
): CoursePeriod {
  return {
    name: period.name,
    courses: found.map((paper) => courseLine(paper, paymentTag(paper, bill, period, now), blockedBy(paper, bills, period.enrolment, now) === undefined)),
    due: bill && {
      bill: bill.bill,
      openStatus: openBillStatus(bill, now),
      courses: bill.lines.length,
      fen: bill.fen,
      by: bill.dueBy && deadline(bill.dueBy, now.getTime()),
    },
    unbilled: unbilled(period, papers, bill, now, barred),
    enrolment: enrolment(period, papers.length, now, barred),
  };
}

function courseLine({ period, code, name, unit, practical, date, starts, minutes }: CandidatePaper, payment: PaymentTag, mayWithdraw: boolean): CourseLine {
  return {
    code,
    name,
    unit,
    form: practical ? '实践' : '笔试',
    duration: minutes === undefined ? undefined : duration(minutes),
    when: date && starts ? sitting(date, starts) : practical ? '时间由主考院校通知' : '时间待定',
    payment,
    withdraw: mayWithdraw ? `/center/courses/${period}/${code}/withdraw` : undefined,
  };
}

function unbilled(period: Period, papers: readonly CandidatePaper[], bill: Bill | undefined, now: Date, barred?: string): CoursePeriod['unbilled'] {
  const onBill = new Set(bill?.lines.map(({ code }) => code));
  if (papers.every(({ code, paid }) => paid || onBill.has(code))) return undefined;
  if (paymentClosed(period, now)) return { open: false, text: '缴费已经截止。没有缴费的课程不安排考试。' };
  return barred ? { open: false, text: `有课程还没有账单。${barred}` } : { open: true, text: '有课程还没有账单。确认报考、生成账单目前在电脑上办理。' };
}

/** The name of the course in the address if the candidate is not enrolled in it any more. */
export function withdrawnCourse(
  sittings: Sittings,
  course: unknown,
  catalogue: PapersCatalogue & Pick<Catalogue, 'openPeriods'>,
  now: Date,
): string | undefined {
  if (typeof course !== 'string') return undefined;
  const ofCourse = catalogue.openPeriods(now).flatMap((period) => (Object.hasOwn(sittings[period] ?? {}, course) ? (sittings[period]?.[course] ?? []) : []));
  return ofCourse.length > 0 && !ofCourse.some(({ enrolled }) => enrolled) ? (catalogue.course(course)?.name ?? course) : undefined;
}

/** The note on enrolment: while it is open, and after it for a candidate without courses. */
function enrolment({ name, enrolment: { closes } }: Period, courses: number, now: Date, barred?: string): CoursePeriod['enrolment'] {
  if (isReached(closes, now)) {
    return courses > 0 ? undefined : { open: false, text: `您没有报考${name}的课程，报考已经截止。` };
  }
  if (barred) return courses > 0 ? undefined : { open: false, text: barred };
  const end = closes === undefined ? '截止时间另行通知' : `${until(closes)} 截止`;
  return { open: true, text: `${name}${courses > 0 ? '还可以加报课程' : '的报考已经开放'}，${end}。报考目前在电脑上办理。` };
}
