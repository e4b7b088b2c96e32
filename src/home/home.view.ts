import type { Bills } from '../../projections/bills.js';
import type { Candidate } from '../../projections/candidate.js';
import type { Period } from '../../projections/periods.js';
import type { Sittings } from '../../projections/sittings.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { isReached } from '../catalogue/window.js';
import { type CandidatePaper, type PapersCatalogue, papersOf } from '../enrolments/papers.js';
import { enrolmentBill, type PaymentTag, paymentTag } from '../payments/bills/payment-status.js';
import { enrolmentBarredReason } from '../registrations/barred-reasons.js';
import { accountStateNames } from '../registrations/state-names.js';
import { awaitedResults } from '../results/awaited-results.js';
import { isPassed } from '../results/results.events.js';
import { deadline, periodCode, sitting, until } from '../web/views/formats.js';
import { dueBills, endedBills } from './home-bills.js';
import { nextPaper } from './next-paper.js';

/** How long released results are shown, even where their review ends earlier, in milliseconds. */
const RESULTS_SHOWN_FOR = 14 * 86_400_000;

type HomeCatalogue = PapersCatalogue &
  Pick<Catalogue, 'declarationPeriod' | 'district' | 'major' | 'notices' | 'openPeriods' | 'resultsPeriods' | 'resultsReleased'>;

interface ReleasedResults {
  readonly period: string;
  readonly courses: number;
  readonly passed: number;
  /** 待定 */
  readonly withheld: number;
  /** Until when a review can be asked for. */
  readonly review: string | undefined;
}

interface CurrentCourses {
  readonly name: string;
  /** Until when courses can be added; undefined once enrolment is over. */
  readonly enrolment: { readonly closes: string | undefined } | undefined;
  readonly courses: readonly {
    readonly code: string;
    readonly name: string;
    readonly unit: string | undefined;
    readonly when: string;
    readonly payment: PaymentTag;
  }[];
}

/** The data of 首页. It contains nothing of what is not released. */
export function homeView(candidate: Candidate, sittings: Sittings, bills: Bills, catalogue: HomeCatalogue, now: Date) {
  const open = catalogue.openPeriods(now).map((code) => ({ code, papers: papersOf(code, sittings[code] ?? {}, catalogue, now) }));
  const barred = enrolmentBarredReason(candidate) !== undefined;
  return {
    account: account(candidate, catalogue),
    voucher: voucher(candidate, catalogue, now),
    next: nextPaper(
      open.flatMap(({ papers }) => papers),
      catalogue,
      now,
    ),
    due: dueBills(bills, catalogue, now),
    ended: endedBills(bills, sittings, catalogue, now, candidate),
    results: releasedResults(sittings, catalogue, now),
    // during the exam the next paper is shown instead
    awaited: awaitedResults(sittings, catalogue, now).filter(({ period }) => !open.some(({ code }) => code === period)),
    enrolment: open
      .filter(({ papers }) => papers.length === 0)
      .flatMap(({ code }) => {
        const enrolment = barred ? undefined : enrolmentOpen(catalogue.period(code), now);
        return enrolment ? [{ name: catalogue.period(code)?.name ?? periodCode(code), ...enrolment }] : [];
      }),
    courses: open.filter(({ papers }) => papers.length > 0).map(({ code, papers }) => currentCourses(code, papers, bills, catalogue, now, barred)),
    notices: catalogue.notices(now).slice(0, 3),
  };
}

function account({ accountState, district }: Candidate, catalogue: HomeCatalogue) {
  if (accountState === 'normal') return undefined;
  const office = catalogue.district(district);
  return { state: accountStateNames[accountState], office: office && { name: office.office, phone: office.phone } };
}

function voucher({ confirmed, district, registeredPeriod }: Candidate, catalogue: HomeCatalogue, now: Date) {
  if (confirmed || registeredPeriod === '') return undefined;
  const { confirmation, registration, name } = catalogue.period(registeredPeriod) ?? {};
  const closes = confirmation?.closes ?? registration?.closes;
  const lapsed = isReached(closes, now);
  return { title: `${name ?? periodCode(registeredPeriod)}考试现场确认`, district, lapsed, closes: closes && deadline(closes, now.getTime()) };
}

/** The results released last, while they are shown. */
function releasedResults(sittings: Sittings, catalogue: HomeCatalogue, now: Date): ReleasedResults | undefined {
  const [latest] = catalogue.resultsPeriods(now);
  const period = latest === undefined ? undefined : catalogue.period(latest);
  const courses = Object.values((latest !== undefined && sittings[latest]) || {});
  const results = courses.flatMap(({ result }) => result ?? []);
  const withheld = courses.filter((each) => each.withheld).length;
  if (!period?.resultsReleasedAt || results.length + withheld === 0) return undefined;
  const { reviewCloses } = period;
  const isReviewOpen = reviewCloses !== undefined && !isReached(reviewCloses, now);
  if (!isReviewOpen && isReached(Date.parse(period.resultsReleasedAt) + RESULTS_SHOWN_FOR, now)) return undefined;
  return {
    period: period.name,
    courses: results.length + withheld,
    passed: results.filter(isPassed).length,
    withheld,
    review: isReviewOpen ? until(reviewCloses) : undefined,
  };
}

function enrolmentOpen(period: Period | undefined, now: Date): { readonly closes: string | undefined } | undefined {
  const closes = period?.enrolment.closes;
  if (isReached(closes, now)) return undefined;
  return { closes: closes && deadline(closes, now.getTime()) };
}

function currentCourses(code: string, papers: readonly CandidatePaper[], bills: Bills, catalogue: HomeCatalogue, now: Date, barred: boolean): CurrentCourses {
  const bill = enrolmentBill(bills, code, now);
  const period = catalogue.period(code);
  return {
    name: period?.name ?? periodCode(code),
    enrolment: barred ? undefined : enrolmentOpen(period, now),
    courses: papers.map((paper) => ({
      code: paper.code,
      name: paper.name,
      unit: paper.unit,
      when: paper.date && paper.starts ? sitting(paper.date, paper.starts) : paper.practical ? '实践，时间由主考院校通知' : '时间待定',
      payment: paymentTag(paper, bill, period ?? {}, now),
    })),
  };
}
