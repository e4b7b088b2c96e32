import type { Catalogue } from '../../catalogue/catalogue.js';
import type { StagedFile } from '../staging/staged-file.js';
import type { Staging } from '../staging/staging.js';

type KnownPeriods = Pick<Catalogue, 'paper' | 'period'>;

/** Adds warnings: a unit outside its period's exam days, a period whose days exclude a recorded unit, and a seat given to two candidates at one time. */
export function warnOfTimesAndSeats(staging: Staging, catalogue: KnownPeriods): void {
  const named = (name: string) => staging.files.find((file) => file.name === name && !file.hasBadHeader);
  const [periods, units, timetable, arrangements] = ['periods', 'units', 'timetable', 'arrangements'].map(named);
  if (units) warnOfUnits(units, periods, catalogue);
  if (periods) warnOfRecordedUnits(periods, units, catalogue);
  if (arrangements) warnOfSeats(staging, arrangements, timetable, catalogue);
}

interface ExamDays {
  readonly first?: string | undefined;
  readonly last?: string | undefined;
}

function warnOfUnits(units: StagedFile, periods: StagedFile | undefined, catalogue: KnownPeriods): void {
  const inBatch = new Map<string, ExamDays>();
  for (const { period, exam_starts: first, exam_ends: last } of rowsOf<'period' | 'exam_starts' | 'exam_ends'>(periods)) {
    if (period !== undefined) inBatch.set(period, { first, last });
  }
  for (const { line, period = '', date = '' } of rowsOf<'period' | 'date'>(units)) {
    const recorded = catalogue.period(period);
    const { first, last } = inBatch.get(period) ?? { first: recorded?.examStarts, last: recorded?.examEnds };
    if (sideOf(date, { first, last }) === undefined) continue;
    units.warn(line, { column: 'date', reason: `不在考期 ${period} 的考试日期内（${first ?? '…'} 至 ${last ?? '…'}）` });
  }
}

/** Warns of recorded units that the batch does not change and that its period's new days exclude. */
function warnOfRecordedUnits(periods: StagedFile, units: StagedFile | undefined, catalogue: KnownPeriods): void {
  const inBatch = new Set([...rowsOf<'period' | 'unit'>(units)].map(({ period, unit }) => `${period} ${unit}`));
  for (const { line, period = '', exam_starts: first, exam_ends: last } of rowsOf<'period' | 'exam_starts' | 'exam_ends'>(periods)) {
    for (const [unit, { date }] of Object.entries(catalogue.period(period)?.units ?? {})) {
      const column = sideOf(date, { first, last });
      if (column && !inBatch.has(`${period} ${unit}`)) periods.warn(line, { column, reason: `已登记的 ${unit} 单元（${date}）不在考试日期内，请核对` });
    }
  }
}

/** The column of the exam days' end that a date is beyond; undefined when it is within them. */
function sideOf(date: string, { first, last }: ExamDays): 'exam_starts' | 'exam_ends' | undefined {
  if (first !== undefined && date < first) return 'exam_starts';
  return last !== undefined && date > last ? 'exam_ends' : undefined;
}

/** Warns of a seat given twice at the same time: in the same unit, or for practicals without a unit in the same course. */
function warnOfSeats({ database }: Staging, arrangements: StagedFile, timetable: StagedFile | undefined, catalogue: KnownPeriods): void {
  const inBatch = new Map<string, string | undefined>();
  for (const { period, course, unit } of rowsOf<'period' | 'course' | 'unit'>(timetable)) inBatch.set(`${period}/${course}`, unit);
  const timeOf = (period: string, course: string) => {
    const paper = `${period}/${course}`;
    const unit = inBatch.has(paper) ? inBatch.get(paper) : catalogue.paper(period, course)?.unit;
    return unit === undefined ? paper : `${period} ${unit}`;
  };
  database.exec('CREATE TABLE times (period TEXT, course TEXT, time TEXT, PRIMARY KEY (period, course)) WITHOUT ROWID');
  const put = database.prepare('INSERT INTO times VALUES (?, ?, ?)');
  const good = `${arrangements.table} WHERE bad = 0`;
  const papers = database.prepare(`SELECT DISTINCT row ->> 'period' AS period, row ->> 'course' AS course FROM ${good}`);
  for (const { period, course } of papers.all() as { period: string; course: string }[]) put.run(period, course, timeOf(period, course));
  database.exec(`
    CREATE TABLE seats AS
    SELECT line, row ->> 'admission_no' AS candidate, json_array(time, row ->> 'site', row ->> 'room', row ->> 'seat') AS seat
    FROM ${arrangements.table} JOIN times ON period = row ->> 'period' AND course = row ->> 'course'
    WHERE bad = 0 AND row ->> 'state' = 'arranged';
    CREATE INDEX seats_by_seat ON seats (seat, line)`);
  const twice = database.prepare(`
    SELECT line, (SELECT min(other.line) FROM seats AS other WHERE other.seat = seats.seat AND other.candidate <> seats.candidate) AS other
    FROM seats WHERE other IS NOT NULL ORDER BY line`);
  for (const { line, other } of twice.all() as { line: number; other: number }[]) {
    arrangements.warn(line, { column: 'seat', reason: `同一时间、同一考场的这个座位也给了第 ${other} 行` });
  }
}

function* rowsOf<Column extends string>(file: StagedFile | undefined): Generator<{ readonly line: number } & { readonly [name in Column]?: string }> {
  if (!file) return;
  for (const page of file.pages()) for (const { line, text } of page) yield Object.assign(JSON.parse(text), { line });
}
