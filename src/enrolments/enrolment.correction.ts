import { z } from 'zod';
import { currentState } from '../event-store/reading/current-state.js';
import { code, oneOf, period } from '../imports/files/columns.js';
import { correctionKind, NONE } from '../office/corrections/correction.js';
import { billedCourses } from '../payments/bills/billed-courses.js';
import { CorrectEnrolment } from './correct-enrolment.command.js';
import { correctEnrolment, type EnrolmentState, enrolment } from './enrolment.decider.js';
import { refused } from './enrolments.refusals.js';
import { enrolmentStream } from './enrolments.streams.js';

const columns = z.object({ period, course: code, state: oneOf('enrolled', 'withdrawn') });
const NAMES: Readonly<Record<EnrolmentState, string>> = { enrolled: '已报考', withdrawn: NONE };

/** `withdrawn` also where the course should never have been enrolled. */
export const enrolmentCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['period', 'course'],
  async prepare({ period, course, state }, { given, candidateId }, { events, catalogue }) {
    const current = await currentState(events, enrolmentStream(candidateId, period), enrolment);
    if (state === 'enrolled' && !catalogue.paper(period, course)) throw refused('enrolment.unknown_course', { period, course });
    const bills = billedCourses(await events.subject(candidateId), period);
    correctEnrolment(current, { candidateId, period, course, state }, { bills });
    const paid = bills.filter(({ due, courses }) => !due && courses.includes(course));
    return {
      values: [{ field: `${period} ${course}`, before: NAMES[current.courses.get(course) ?? 'withdrawn'], after: NAMES[state] }],
      warnings: state === 'withdrawn' ? paid.map(({ bill }) => `课程已经缴费（账单 ${bill}），退费要另外办理`) : [],
      wayBack: { period, course, state: current.courses.get(course) ?? 'withdrawn' },
      command: new CorrectEnrolment(given, candidateId, period, course, state),
    };
  },
});
