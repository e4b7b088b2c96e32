import { courses } from '../../../projections/courses.js';
import { periods } from '../../../projections/periods.js';
import { courseOf, type Sitting, sittings } from '../../../projections/sittings.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { servedBuild } from '../../read-models/registry.js';
import { isPassed } from '../../results/results.events.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { caughtUp } from '../read-models/caught-up.js';
import { type ReadingStores, reading } from '../read-models/reading.js';

interface CountGiven {
  readonly period: string;
  readonly course: string;
}

/** How many candidates of one course in one period stand where. */
interface CourseCount {
  enrolled: number;
  paid: number;
  unpaid: number;
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

/** Candidates read at a time. */
const PAGE = 500;

/** `count PERIOD COURSE`: how many candidates enrolled, paid, have a seat and a result. */
export function runCount({ period, course }: CountGiven, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async (stores) => {
    await caughtUp(stores, [sittings, courses, periods]);
    const name = await nameOf(stores, period, course);
    const count = await countCourse(stores.readModels, period, course);
    out.answer(
      `${period} ${course} ${name}：报考 ${count.enrolled} 人，已缴费 ${count.paid} 人，未缴费 ${count.unpaid} 人，已缴费未安排座位 ${count.unseated} 人`,
    );
    out.answer(
      `成绩：合格 ${count.passed} 人，不合格 ${count.failed} 人（其中缺考 ${count.absent} 人），待定 ${count.withheld} 人，更正过 ${count.corrected} 人`,
    );
    return { json: { period, course, ...count } };
  });
}

/** @throws CommandRefused for a period or course that there is none of, or while a build is served that finds nobody by course */
async function nameOf({ readModels, builds }: ReadingStores, period: string, course: string): Promise<string> {
  const served = servedBuild(await builds.registry(), sittings.name);
  if (served && served.version < sittings.version) {
    throw new CommandRefused('switch_needed', `${served.name} 不能按课程查找：请先运行 switch ${sittings.name}`);
  }
  if ((await readModels.get(periods, period)) === periods.empty) throw new CommandRefused('unknown_period', `没有考期 ${period}`);
  const { name } = await readModels.get(courses, course);
  if (name === '') throw new CommandRefused('unknown_course', `没有课程 ${course}`);
  return name;
}

async function countCourse(readModels: ReadModels, period: string, course: string): Promise<CourseCount> {
  const count: CourseCount = { enrolled: 0, paid: 0, unpaid: 0, unseated: 0, passed: 0, failed: 0, absent: 0, withheld: 0, corrected: 0 };
  for (let after: string | undefined; ; ) {
    const found = await readModels.lookUp(sittings, 'course', courseOf(period, course), after, PAGE);
    for (const { document } of found) {
      const sitting = document[period]?.[course];
      if (sitting) add(count, sitting);
    }
    after = found.at(-1)?.cursor;
    if (found.length < PAGE) return count;
  }
}

function add(count: CourseCount, { enrolled, paid, seat, result, withheld, corrected }: Sitting): void {
  if (enrolled) count.enrolled++;
  if (paid) count.paid++;
  if (enrolled && !paid) count.unpaid++;
  if (paid && !seat) count.unseated++;
  if (result && isPassed(result)) count.passed++;
  if (result && !isPassed(result)) count.failed++;
  if (result && 'remark' in result && result.remark === '缺考') count.absent++;
  if (withheld) count.withheld++;
  if (corrected) count.corrected++;
}
