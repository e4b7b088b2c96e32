import { type Calendar, date, type ExamPeriod, instant, UNITS } from './calendar.js';
import { COURSES, isPractical, minutes } from './courses.js';
import type { CsvFiles } from './csv.js';
import { Random } from './random.js';

/** How many of the older periods have exams; in earlier ones candidates only registered. */
export const OLDER_PERIODS_WITH_EXAMS = 6;

/** Fees in fen. */
export const FEES = { written: 3_000, practical: 3_000, thesis: 40_000, degree: 10_000 } as const;

/** Only 西城 has a real office here; the others are made up, with numbers that begin with 5555. */
export const DISTRICTS = [
  '东城',
  '西城',
  '朝阳',
  '丰台',
  '石景山',
  '海淀',
  '门头沟',
  '房山',
  '通州',
  '顺义',
  '昌平',
  '大兴',
  '怀柔',
  '平谷',
  '密云',
  '延庆',
].map((name) => `${name}区`);

/** The periods with papers, the earliest first. */
export function periodsWithExams({ older, last, current, next }: Calendar): readonly ExamPeriod[] {
  return [...older.slice(0, OLDER_PERIODS_WITH_EXAMS).toReversed(), last, current, next];
}

/**
 * The unit of a course in a period; none for a practical. Units change from period to period, as in real timetables, but do not depend
 * on the day on which the demo is made, so that the same courses can be combined on each day.
 */
export function unitOf(period: ExamPeriod, course: string): string | undefined {
  const found = COURSES.find(({ code }) => code === course);
  if (!found) throw new Error(`no course ${course}`);
  return isPractical(found) ? undefined : new Random(Number(course) * 100 + period.place).pick(UNITS).unit;
}

export function addCatalogue(batch: CsvFiles, days: Calendar): void {
  for (const period of [...days.older.toReversed(), days.last, days.current, days.next]) addPeriod(batch, period);
  for (const period of periodsWithExams(days)) addTimetable(batch, period);
  for (const { code, name, credits } of COURSES) batch.add('courses', { code, name, credits });
  for (const name of DISTRICTS) batch.add('districts', district(name));
  const first = days.older.at(-1)?.code;
  for (const [kind, amount] of Object.entries(FEES)) batch.add('fees', { kind, from_period: first, amount_fen: amount });
}

function addPeriod(batch: CsvFiles, period: ExamPeriod): void {
  batch.add('periods', {
    period: period.code,
    name: period.name,
    registration_opens: instant(period.registrationOpens),
    registration_closes: instant(period.registrationCloses),
    confirmation_opens: instant(period.confirmationOpens),
    confirmation_closes: instant(period.confirmationCloses),
    enrolment_opens: instant(period.enrolmentOpens),
    enrolment_closes: instant(period.enrolmentCloses),
    payment_closes: instant(period.paymentCloses),
    arrangements_released: instant(period.arrangementsReleased),
    results_released: instant(period.resultsReleased),
    review_closes: instant(period.reviewCloses),
    exam_starts: date(period.saturday),
    exam_ends: date(period.saturday.plus({ days: 1 })),
  });
}

function addTimetable(batch: CsvFiles, period: ExamPeriod): void {
  for (const { unit, day, starts } of UNITS) batch.add('units', { period: period.code, unit, date: date(period.saturday.plus({ days: day })), starts });
  for (const course of COURSES) {
    const row = isPractical(course) ? { form: 'practical' } : { unit: unitOf(period, course.code), form: 'written', minutes: minutes(course) };
    batch.add('timetable', { period: period.code, course: course.code, ...row });
  }
}

function district(name: string) {
  if (name === '西城区') {
    return { name, office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' };
  }
  const number = DISTRICTS.indexOf(name) + 1;
  return {
    name,
    office: `${name}自考办`,
    place: `${name}示范考试中心`,
    address: `${name}示范路${number}号`,
    phone: `5555${String(number * 101).padStart(4, '0')}`,
  };
}
