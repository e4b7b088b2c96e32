import type { Bill, Bills } from '../../projections/bills.js';
import type { Sittings } from '../../projections/sittings.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { type OpenBillStatus, openBillStatus } from '../payments/bills/payment-status.js';
import { type Renewal, renewalOf } from '../payments/bills/renewal.js';
import type { AccountStatus } from '../registrations/barred-reasons.js';
import { deadline, periodCode } from '../web/views/formats.js';

/** A bill that is to be paid or is being paid. */
export interface DueBill {
  readonly bill: string;
  readonly title: string;
  readonly fen: number;
  readonly openStatus: OpenBillStatus;
  readonly by: string | undefined;
}

type BillsCatalogue = Pick<Catalogue, 'course' | 'declarationPeriod' | 'major' | 'period'>;

const kinds: Readonly<Record<Bill['kind'], string>> = { enrolment: '报考', thesis: '论文申报', degree: '学位申报' };

/** The nearest deadline first. */
export function dueBills(bills: Bills, catalogue: BillsCatalogue, now: Date): readonly DueBill[] {
  return Object.values(bills)
    .sort((one, other) => ((one.dueBy ?? '9') < (other.dueBy ?? '9') ? -1 : 1))
    .flatMap((bill) => {
      const openStatus = openBillStatus(bill, now);
      if (!openStatus) return [];
      const { kind, period, fen, dueBy } = bill;
      const named = kind === 'enrolment' ? catalogue.period(period) : catalogue.declarationPeriod(kind, period);
      const title = `${named?.name ?? periodCode(period)}${kinds[kind]}费`;
      return [{ bill: bill.bill, title, fen, openStatus, by: dueBy && deadline(dueBy, now.getTime()) }];
    });
}

/** A bill that was cancelled or expired, whose courses or major can still be confirmed or declared again. */
export interface EndedBill extends Renewal {
  readonly bill: string;
  /** `账单已取消`, `账单已过期` */
  readonly ended: string;
}

/** The newest first. Of several ended bills for a course or a major only the newest counts. */
export function endedBills(bills: Bills, sittings: Sittings, catalogue: BillsCatalogue, now: Date, candidate: AccountStatus): readonly EndedBill[] {
  const newestFirst = Object.values(bills).sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
  const isLive = (bill: Bill) => bill.state === 'paid' || openBillStatus(bill, now) !== undefined;
  const covered = new Set(newestFirst.filter(isLive).flatMap(lineKeys));
  return newestFirst.flatMap((bill) => {
    if (isLive(bill) || bill.state === 'refunded') return [];
    const waiting = bill.lines.map(({ code }) => code).filter((code) => !covered.has(lineKey(bill, code)) && isWanted(bill, code, sittings));
    for (const line of lineKeys(bill)) covered.add(line);
    const again = renewalOf(bill, waiting, catalogue, now, candidate);
    return waiting.length > 0 && again.open ? [{ bill: bill.bill, ended: bill.state === 'cancelled' ? '账单已取消' : '账单已过期', ...again }] : [];
  });
}

function lineKeys(bill: Bill): readonly string[] {
  return bill.lines.map(({ code }) => lineKey(bill, code));
}

function lineKey({ kind, period }: Bill, code: string): string {
  return `${kind} ${period} ${code}`;
}

/** A course that was withdrawn or is paid by another bill is not wanted any more. */
function isWanted({ kind, period }: Bill, code: string, sittings: Sittings): boolean {
  const course = sittings[period]?.[code];
  return kind !== 'enrolment' || (course?.enrolled === true && !course.paid);
}
