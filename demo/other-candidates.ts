import { type ExamPeriod, UNITS } from './calendar.js';
import { periodsWithExams } from './catalogue.js';
import type { CohortBuilder } from './cohort-builder.js';
import type { Outcome } from './cohort-records.js';
import { MAJORS, type Major, OPEN_MAJORS } from './majors.js';
import type { Random } from './random.js';
import type { Studies } from './studies.js';

const NEWCOMERS = 24;

/** Adds random candidates until the demo has `total`. */
export function addOtherCandidates(builder: CohortBuilder, total: number): void {
  for (let number = 0; number < NEWCOMERS; number += 1) newcomer(builder);
  while (builder.records.admitted < total) regular(builder);
}

/** A candidate registered in the open period; two thirds are confirmed by now and may enrol. */
function newcomer(builder: CohortBuilder): void {
  const { days, random } = builder.records;
  const confirmed = random.chance(66);
  const studies = builder.register({ registered: days.next, confirmed }).addMajor(random.pick(OPEN_MAJORS), days.next);
  if (confirmed) enrolNext(builder, studies);
}

/** A candidate who has studied one major for some time, takes exams now and then, and enrols again. */
function regular(builder: CohortBuilder): void {
  const { days, random } = builder.records;
  const registered = random.pick(days.older.slice(0, 10));
  const studies = builder.register({ registered }).addMajor(random.pick(majorsOf(registered)), registered);
  for (const period of periodsWithExams(days).filter(({ place }) => place > registered.place && place < 0)) {
    if (random.chance(65)) sitSome(random, studies, period);
  }
  if (random.chance(70)) studies.sit(days.current, papers(random, studies, days.current));
  if (random.chance(40)) enrolNext(builder, studies);
}

/** A candidate of a closing major, which accepts no new ones: registered long ago. */
function majorsOf({ place }: ExamPeriod): readonly Major[] {
  return [...OPEN_MAJORS, ...(place <= -5 ? [MAJORS.computing] : []), ...(place <= -9 ? [MAJORS.hotel] : [])];
}

function papers(random: Random, studies: Studies, period: ExamPeriod): readonly string[] {
  const units = random.shuffled(UNITS.map(({ unit }) => unit));
  return [...studies.written(period, random.between(1, 4), units), ...(random.chance(30) ? studies.practicals(period) : [])];
}

function sitSome(random: Random, studies: Studies, period: ExamPeriod): void {
  const courses = papers(random, studies, period);
  // cheating voids every course of the sitting
  const cheated = random.chance(1);
  const practicals = new Set(studies.practicals(period));
  studies.sit(
    period,
    courses,
    courses.map((course) => (cheated ? '作弊' : outcome(random, practicals.has(course)))),
  );
}

function outcome(random: Random, practical: boolean): Outcome {
  if (random.chance(6)) return '缺考';
  if (practical) return random.pick(['优', '良', '良', '及格', '及格', '不及格']);
  if (random.chance(1)) return '违纪';
  return random.chance(74) ? random.between(60, 91) : random.between(27, 59);
}

function enrolNext({ records }: CohortBuilder, studies: Studies): void {
  const { random, days } = records;
  const { next, today } = days;
  const courses = papers(random, studies, next);
  if (courses.length === 0) return;
  const createdAt = today
    .minus({ days: random.between(1, 6) })
    .set({ hour: random.between(7, 22), minute: random.between(0, 59), second: random.between(0, 59) });
  studies.enrol(next, courses, { state: random.chance(65) ? 'paid' : 'due', createdAt, dueBy: next.paymentCloses });
}
