import type { Bill } from '../../../projections/bills.js';
import type { Period } from '../../../projections/periods.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import { type AccountStatus, barredReason, enrolmentBarredReason } from '../../registrations/barred-reasons.js';
import { deadline } from '../../web/views/formats.js';

/** How to renew what a bill was for, once the bill has ended unpaid. */
export interface Renewal {
  /** `2 门课程`, or `论文申报`. */
  readonly what: string;
  /** The courses' or the majors' names, or their codes where the catalogue does not know them. */
  readonly names: string;
  /** `重新确认报考`, or `重新申报`. */
  readonly way: string;
  /** False: it is too late, or the candidate may not. */
  readonly open: boolean;
  /** Why the candidate may not. */
  readonly barred: string | undefined;
  /** `明天 17:00 截止（11月29日）`; undefined where no end is known. */
  readonly until: string | undefined;
}

type RenewalCatalogue = Pick<Catalogue, 'course' | 'declarationPeriod' | 'major' | 'period'>;

/**
 * @param codes of the bill's lines that are to be renewed
 * @param candidate the bill's owner, to check whether renewal is barred; undefined: not checked
 */
export function renewalOf(
  { kind, period }: Pick<Bill, 'kind' | 'period'>,
  codes: readonly string[],
  catalogue: RenewalCatalogue,
  now: Date,
  candidate: AccountStatus | undefined,
): Renewal {
  const closes = lastMoment(kind, period, catalogue);
  const named = (code: string) => (kind === 'enrolment' ? catalogue.course(code) : catalogue.major(code))?.name ?? code;
  const barredBy = candidate && (kind === 'enrolment' ? enrolmentBarredReason(candidate) : barredReason(candidate));
  return {
    what: kind === 'enrolment' ? `${codes.length} 门课程` : kind === 'thesis' ? '论文申报' : '学位申报',
    names: codes.map(named).join('、'),
    way: kind === 'enrolment' ? '重新确认报考' : '重新申报',
    open: barredBy === undefined && !isReached(closes, now),
    barred: barredBy,
    until: closes && deadline(closes, now.getTime()),
  };
}

/** The end of the window, or of payment where that is earlier: after it no bill is issued. */
function lastMoment(kind: Bill['kind'], period: string, catalogue: RenewalCatalogue): string | undefined {
  const { closes, paymentCloses } = kind === 'enrolment' ? windowOf(catalogue.period(period)) : (catalogue.declarationPeriod(kind, period) ?? {});
  if (closes === undefined || paymentCloses === undefined) return closes ?? paymentCloses;
  return Date.parse(paymentCloses) < Date.parse(closes) ? paymentCloses : closes;
}

function windowOf(period: Period | undefined) {
  return { closes: period?.enrolment.closes, paymentCloses: period?.paymentCloses };
}
