import { type ExamPeriod, UNITS } from './calendar.js';
import { examined } from './catalogue.js';
import type { Outcome } from './ledger.js';
import { MAJORS, type Major, OPEN_MAJORS } from './majors.js';
import type { Random } from './random.js';
import type { Stage } from './stage.js';
import type { Studies } from './studies.js';

const NEWCOMERS = 24;

/** Everybody else: as many as it takes for the demo to have `total` candidates. */
export function crowd(stage: Stage, total: number): void {
  for (let number = 0; number < NEWCOMERS; number += 1) newcomer(stage);
  while (stage.ledger.admitted < total) regular(stage);
}

/** Registered in the period that is open: two thirds confirmed by now, and those may enrol. */
function newcomer(stage: Stage): void {
  const { days, random } = stage.ledger;
  const confirmed = random.chance(66);
  const studies = stage.register({ registered: days.next, confirmed }).takeUp(random.pick(OPEN_MAJORS), days.next);
  if (confirmed) enrolNext(stage, studies);
}

/** Studies one major since some period, sits now and then, and enrols again. */
function regular(stage: Stage): void {
  const { days, random } = stage.ledger;
  const registered = random.pick(days.older.slice(0, 10));
  const studies = stage.register({ registered }).takeUp(random.pick(majorsOf(registered)), registered);
  for (const period of examined(days).filter(({ place }) => place > registered.place && place < 0)) {
    if (random.chance(65)) sitSome(random, studies, period);
  }
  if (random.chance(70)) studies.sit(days.current, papers(random, studies, days.current));
  if (random.chance(40)) enrolNext(stage, studies);
}

/** A closing major takes nobody new: who is in it, registered long ago. */
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

function enrolNext({ ledger }: Stage, studies: Studies): void {
  const { random, days } = ledger;
  const { next, today } = days;
  const courses = papers(random, studies, next);
  if (courses.length === 0) return;
  const createdAt = today
    .minus({ days: random.between(1, 6) })
    .set({ hour: random.between(7, 22), minute: random.between(0, 59), second: random.between(0, 59) });
  studies.enrol(next, courses, { state: random.chance(65) ? 'paid' : 'due', createdAt, dueBy: next.paymentCloses });
}
