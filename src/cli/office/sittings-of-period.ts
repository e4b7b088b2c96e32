import { courses } from '../../../projections/courses.js';
import { type Period, periods } from '../../../projections/periods.js';
import { courseOf, type Sitting, sittings } from '../../../projections/sittings.js';
import { nearestSentence } from '../../kernel/nearest.js';
import type { Projection } from '../../read-models/projection.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { servedBuild } from '../../read-models/registry.js';
import { beijing } from '../program/beijing-time.js';
import { CommandRefused } from '../program/errors.js';
import type { Output } from '../program/output.js';
import { caughtUp } from '../read-models/caught-up.js';
import type { ReadingStores } from '../read-models/reading.js';

/** A course of a period as one candidate takes it. */
export interface CandidateSitting {
  readonly candidateId: string;
  readonly course: string;
  readonly sitting: Sitting;
  /** All courses of the candidate in the period, this one among them. */
  readonly all: Readonly<Record<string, Sitting>>;
}

/** A period, and the names of its courses by code. */
export interface PeriodCourses {
  readonly code: string;
  readonly period: Period;
  readonly courses: ReadonlyMap<string, string>;
}

/** Candidates read at a time. */
const PAGE = 500;

/**
 * Waits until the read models have seen what is recorded, and answers the period with one of its courses, or with all.
 * @throws CommandRefused for a period or course that there is none of, or while a build is served that finds nobody by course
 */
export async function periodCourses(
  stores: ReadingStores,
  code: string,
  course: string | undefined,
  others: readonly Projection[] = [],
): Promise<PeriodCourses> {
  await caughtUp(stores, [sittings, courses, periods, ...others]);
  const { readModels, builds } = stores;
  const served = servedBuild(await builds.registry(), sittings.name);
  if (served && served.version < sittings.version) {
    throw new CommandRefused('switch_needed', `${served.name} 不能按课程查找：请先运行 switch ${sittings.name}`);
  }
  const known = (await readModels.all(periods)).documents;
  const period = known.get(code);
  if (!period) throw new CommandRefused('unknown_period', `没有考期 ${code}；${nearestSentence(code, [...known.keys()])}`);
  const all = (await readModels.all(courses)).documents;
  if (course !== undefined && !all.has(course)) throw new CommandRefused('unknown_course', `没有课程 ${course}；${nearestSentence(course, [...all.keys()])}`);
  const codes = course === undefined ? [...all.keys()].toSorted() : [course];
  return { code, period, courses: new Map(codes.map((each) => [each, all.get(each)?.name ?? ''])) };
}

/** The candidates of a course, found by the lookup that the read model declares for it, page by page. */
export async function* sittingsOf(readModels: ReadModels, period: string, course: string): AsyncGenerator<readonly CandidateSitting[]> {
  for (let after: string | undefined; ; ) {
    const found = await readModels.lookUp(sittings, 'course', courseOf(period, course), after, PAGE);
    yield found.flatMap(({ key, document }) => {
      const all = document[period] ?? {};
      const sitting = all[course];
      return sitting ? [{ candidateId: key, course, sitting, all }] : [];
    });
    after = found.at(-1)?.cursor;
    if (found.length < PAGE) return;
  }
}

/** Up to which event documents have been read that others may change meanwhile. */
export interface AsOf {
  readonly position: string;
  /** When that event was recorded; null of an empty log. */
  readonly recordedAt: string | null;
  /** Whether there was more when the reading ended: of what came meanwhile a part may have been read. */
  readonly more: boolean;
}

/** Reads, and says as of which event what was read is. */
export async function asOf<T>({ readModels, events }: ReadingStores, read: readonly Projection[], work: () => Promise<T>): Promise<readonly [T, AsOf]> {
  const position = await readModels.position(read);
  const event = await events.at(position);
  const value = await work();
  return [value, { position, recordedAt: event ? beijing(event.recordedAt) : null, more: (await readModels.position(read)) !== position }];
}

export function sayAsOf(out: Output, { position, recordedAt, more }: AsOf): void {
  out.answer(`截至位置 ${position}${recordedAt === null ? '' : `（${recordedAt}）`}的事件${more ? '；其间又有新的事件，可能计入了一部分' : ''}`);
}
