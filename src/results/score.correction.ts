import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.js';
import { activeDeclarations } from '../declarations/declaration-history.js';
import { enrolment } from '../enrolments/enrolment.decider.js';
import { enrolmentStream } from '../enrolments/enrolments.streams.js';
import { currentState } from '../event-store/reading/current-state.js';
import { code, oneOf, optional, period, whole } from '../imports/files/columns.js';
import { type Columns, correctionKind, NONE } from '../office/corrections/correction.js';
import { RecordScore } from './record-score.command.js';
import { type CourseStatus, results } from './results.decider.js';
import { isPassed, type Result } from './results.events.js';
import { refused } from './results.refusals.js';
import { resultsStream } from './results.streams.js';
import { WithdrawScore } from './withdraw-score.command.js';
import { WithholdScore } from './withhold-score.command.js';

const WITHHELD = '待定';
const WITHDRAWN = '撤回';

const columns = z.object({
  period,
  course: code,
  score: optional(whole(0, 100)),
  grade: optional(oneOf('优', '良', '及格', '不及格')),
  remark: optional(oneOf('缺考', '违纪', '作弊', WITHHELD, WITHDRAWN)),
});

type Row = z.output<typeof columns>;

/** A result, with 待定, or 撤回 where there should be none. */
export const scoreCorrection = correctionKind<Row>({
  columns,
  key: ['period', 'course'],
  async prepare(row, { given, candidateId }, { events, catalogue }) {
    const { period, course } = row;
    refuseUnknown(row, catalogue);
    const wanted = statusOf(row);
    const known = (await currentState(events, resultsStream(candidateId, period), results)).get(course);
    const { courses } = await currentState(events, enrolmentStream(candidateId, period), enrolment);
    const warnings: string[] = [];
    const isEnrolled = courses.get(course) === 'enrolled';
    const isReleased = catalogue.resultsReleased(period, new Date(given.at));
    if (wanted && !isEnrolled) warnings.push(`考生没有报考 ${period} 的课程 ${course}`);
    if (passed(known) !== passed(wanted)) warnings.push(passed(known) ? '合格变为不合格或没有成绩' : '变为合格');
    if (passed(known) && !passed(wanted))
      warnings.push(...activeDeclarations(await events.subject(candidateId)).map((id) => `考生的申报 ${id} 可能以它为依据`));
    if (isReleased) warnings.push(`${period} 的成绩已经发布，考生马上会看到更正`);
    const of = [given, candidateId, period, course] as const;
    const result = wanted?.result;
    return {
      values: [{ field: `${period} ${course}`, before: shown(known), after: shown(wanted) }],
      warnings,
      wayBack: { period, course, ...columnsOf(known) },
      doubt: wanted && !isEnrolled ? 'not_enrolled' : known ? undefined : 'first',
      becomes: passed(known) === passed(wanted) ? undefined : passed(wanted) ? 'passed' : 'failed',
      isReleased,
      command: !wanted ? new WithdrawScore(...of) : result === undefined ? new WithholdScore(...of) : new RecordScore(...of, result),
    };
  },
});

/** @throws Refusal */
function refuseUnknown({ period, course }: Row, catalogue: Catalogue): void {
  if (!catalogue.period(period)) throw refused('result.unknown_period', { period });
  if (!catalogue.course(course)) throw refused('result.unknown_course', { course });
}

/** What should hold; undefined where there should be no result. @throws Refusal unless exactly one is named */
function statusOf({ score, grade, remark }: Row): CourseStatus | undefined {
  const named: (CourseStatus | undefined)[] = [];
  if (score !== undefined) named.push({ result: { score } });
  if (grade !== undefined) named.push({ result: { grade } });
  if (remark === WITHHELD) named.push({ withheld: true });
  else if (remark === WITHDRAWN) named.push(undefined);
  else if (remark !== undefined) named.push({ result: { remark } });
  if (named.length !== 1) throw refused('result.not_one');
  return named[0];
}

/** The columns that say a status again. */
function columnsOf(status: CourseStatus | undefined): Columns {
  if (!status) return { remark: WITHDRAWN };
  if (status.withheld || !status.result) return { remark: WITHHELD };
  const { result } = status;
  return 'score' in result ? { score: String(result.score) } : result;
}

function passed(status: CourseStatus | undefined): boolean {
  return status?.result !== undefined && !status.withheld && isPassed(status.result);
}

function shown(status: CourseStatus | undefined): string {
  if (!status) return NONE;
  return status.withheld || !status.result ? WITHHELD : shownResult(status.result);
}

function shownResult(result: Result): string {
  return 'score' in result ? String(result.score) : 'grade' in result ? result.grade : result.remark;
}
