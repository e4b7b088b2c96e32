import pMap from 'p-map';
import { type BillState, bills } from '../../../projections/bills.js';
import { candidate } from '../../../projections/candidate.js';
import { courses } from '../../../projections/courses.js';
import { districts } from '../../../projections/districts.js';
import { periods } from '../../../projections/periods.js';
import { type Sitting, sittings } from '../../../projections/sittings.js';
import { nearestSentence } from '../../kernel/nearest.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { isPassed } from '../../results/results.events.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import type { Output } from '../program/output.js';
import { reading } from '../read-models/reading.js';
import { asOf, type PeriodCourses, periodCourses, sayAsOf, sittingsOf } from './sittings-of-period.js';

interface CountGiven {
  readonly period: string;
  readonly course: string | undefined;
  readonly per: 'course' | 'district' | undefined;
  readonly district: string | undefined;
}

/** How many courses of candidates stand where: of one course, as many as candidates. */
interface Count {
  enrolled: number;
  paid: number;
  /** Enrolled and not paid; it is the sum of the next three. */
  unpaid: number;
  /** A bill is due for it. */
  due: number;
  /** The last bill for it has expired. */
  expired: number;
  /** There is no bill for it, or one that was cancelled or refunded. */
  unbilled: number;
  /** Paid, and without a seat. */
  unseated: number;
  passed: number;
  failed: number;
  /** Of those that failed. */
  absent: number;
  /** 待定 */
  withheld: number;
  corrected: number;
}

/** Documents read at the same time. */
const CONCURRENCY = 16;

/** `count PERIOD [COURSE]`: how many candidates enrolled, paid, have a seat and a result, in all or per course or district. */
export function runCount({ period, course, per, district }: CountGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const read = [sittings, bills, candidate, courses, periods];
  return reading(settings, async (stores) => {
    const found = await periodCourses(stores, period, course, [bills, candidate, districts]);
    if (district !== undefined) await assertDistrict(district, stores.readModels);
    const [counted, seen] = await asOf(stores, read, () => new Counting(stores.readModels, found, { per, district }, out, signal).count());
    const unit = course === undefined ? '科次' : '人';
    const title = [period, course, course && found.courses.get(course), district].filter(Boolean).join(' ');
    for (const line of linesOf(title, counted.total, unit)) out.answer(line);
    const rows = Array.from(counted.rows, ([name, count]) => ({ name, count })).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    for (const { name, count } of rows) out.answer(rowOf(per === 'course' ? `${name} ${found.courses.get(name)}` : name || '（没有考区）', count));
    sayAsOf(out, seen);
    const asked = { period, ...(course !== undefined && { course }), ...(district !== undefined && { district }) };
    const listed = per && rows.map(({ name, count }) => ({ [per]: name, ...count }));
    return { json: { ...asked, ...counted.total, ...(listed && { per: listed }), asOf: seen } };
  });
}

/** @throws CommandRefused for one that there is none of */
async function assertDistrict(name: string, readModels: ReadModels): Promise<void> {
  const known = [...(await readModels.all(districts)).documents.keys()];
  if (!known.includes(name)) throw new CommandRefused('unknown_district', `没有考区 ${name}；${nearestSentence(name, known)}`);
}

class Counting {
  private readonly total = noneCounted();
  private readonly rows = new Map<string, Count>();

  constructor(
    private readonly readModels: ReadModels,
    private readonly found: PeriodCourses,
    private readonly wanted: Pick<CountGiven, 'per' | 'district'>,
    private readonly out: Output,
    private readonly signal: AbortSignal,
  ) {}

  async count() {
    const { code, courses: all } = this.found;
    const progress = await this.out.progress('科次');
    progress.phase('统计', all.size);
    try {
      for (const [at, course] of [...all.keys()].entries()) {
        this.signal.throwIfAborted();
        for await (const page of sittingsOf(this.readModels, code, course)) {
          await pMap(page, ({ candidateId, sitting }) => this.add(candidateId, course, sitting), { concurrency: CONCURRENCY });
        }
        progress.step(at + 1, this.total.enrolled);
      }
    } finally {
      progress.end();
    }
    return { total: this.total, rows: this.rows };
  }

  private async add(candidateId: string, course: string, sitting: Sitting): Promise<void> {
    const { per, district: only } = this.wanted;
    const needsDistrict = per === 'district' || only !== undefined;
    const district = needsDistrict ? (await this.readModels.get(candidate, candidateId)).district : '';
    if (only !== undefined && district !== only) return;
    const isUnpaid = sitting.enrolled && !sitting.paid;
    const bill = isUnpaid ? await this.billOf(candidateId, course) : undefined;
    add(this.total, sitting, bill);
    if (per !== undefined) add(this.rowOf(per === 'course' ? course : district), sitting, bill);
  }

  /** The state of the bill for a course: one that is due, otherwise the last one. */
  private async billOf(candidateId: string, course: string): Promise<BillState | undefined> {
    const all = Object.values(await this.readModels.get(bills, candidateId));
    const { code } = this.found;
    const own = all.filter(({ kind, period, lines }) => kind === 'enrolment' && period === code && lines.some((line) => line.code === course));
    const newest = own.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
    return (newest.find(({ state }) => state === 'due') ?? newest[0])?.state;
  }

  private rowOf(name: string): Count {
    const row = this.rows.get(name) ?? noneCounted();
    this.rows.set(name, row);
    return row;
  }
}

function noneCounted(): Count {
  return { enrolled: 0, paid: 0, unpaid: 0, due: 0, expired: 0, unbilled: 0, unseated: 0, passed: 0, failed: 0, absent: 0, withheld: 0, corrected: 0 };
}

function add(count: Count, { enrolled, paid, seat, result, withheld, corrected }: Sitting, bill: BillState | undefined): void {
  if (enrolled) count.enrolled++;
  if (paid) count.paid++;
  if (enrolled && !paid) {
    count.unpaid++;
    count[bill === 'due' || bill === 'expired' ? bill : 'unbilled']++;
  }
  if (paid && !seat) count.unseated++;
  if (result && isPassed(result)) count.passed++;
  if (result && !isPassed(result)) count.failed++;
  if (result && 'remark' in result && result.remark === '缺考') count.absent++;
  if (withheld) count.withheld++;
  if (corrected) count.corrected++;
}

function linesOf(title: string, count: Count, unit: string): readonly string[] {
  const { enrolled, paid, unpaid, due, expired, unbilled, unseated, passed, failed, absent, withheld, corrected } = count;
  const why = unpaid > 0 ? `（待缴 ${due}，已过期 ${expired}，没有账单 ${unbilled}）` : '';
  return [
    `${title}：报考 ${enrolled} ${unit}，已缴费 ${paid} ${unit}，未缴费 ${unpaid} ${unit}${why}，已缴费未安排座位 ${unseated} ${unit}`,
    `成绩：合格 ${passed} ${unit}，不合格 ${failed} ${unit}（其中缺考 ${absent} ${unit}），待定 ${withheld} ${unit}，更正过 ${corrected} ${unit}`,
  ];
}

function rowOf(name: string, count: Count): string {
  const { enrolled, paid, due, expired, unbilled, unseated, passed, failed, absent, withheld, corrected } = count;
  return `  ${name}：报考 ${enrolled}，已缴费 ${paid}，待缴 ${due}，已过期 ${expired}，没有账单 ${unbilled}，未安排座位 ${unseated}，合格 ${passed}，不合格 ${failed}，缺考 ${absent}，待定 ${withheld}，更正过 ${corrected}`;
}
