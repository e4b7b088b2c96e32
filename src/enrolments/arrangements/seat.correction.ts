import { z } from 'zod';
import { currentState } from '../../event-store/reading/current-state.js';
import { code, line, oneOf, optional, period, room, seat } from '../../imports/files/columns.js';
import { correctionKind, NONE } from '../../office/corrections/correction.js';
import { correctSeat, enrolment } from '../enrolment.decider.js';
import type { Seat } from '../enrolments.events.js';
import { refused } from '../enrolments.refusals.js';
import { enrolmentStream } from '../enrolments.streams.js';
import { ArrangeSeat } from './arrange-seat.command.js';
import { CorrectSeat } from './correct-seat.command.js';

const columns = z.object({
  period,
  course: code,
  site: optional(line(100)),
  address: optional(line(200)),
  room: optional(room),
  seat: optional(seat),
  state: optional(oneOf('cancelled')),
});

const FIELDS = ['site', 'address', 'room', 'seat'] as const;

/** What is named of a seat, or that there should be none (`state=cancelled`). */
export const seatCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['period', 'course'],
  async prepare({ period, course, state, ...row }, { given, candidateId }, { events, catalogue }) {
    if (!catalogue.period(period) || !catalogue.course(course)) throw refused('enrolment.unknown_course', { period, course });
    const current = await currentState(events, enrolmentStream(candidateId, period), enrolment);
    const found = current.seats.get(course);
    const known: Partial<Seat> = found === undefined || found === 'cancelled' ? {} : found;
    const changes: Partial<Seat> = Object.fromEntries(FIELDS.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]])));
    if ((state === 'cancelled') === Object.keys(changes).length > 0) throw refused('seat.nothing_named');
    if (state === undefined) correctSeat(current, { candidateId, period, course, changes });
    const after: Partial<Seat> = state === 'cancelled' ? {} : { ...known, ...changes };
    return {
      values: FIELDS.map((field) => ({ field: `${period} ${course} ${field}`, before: known[field] ?? NONE, after: after[field] ?? NONE })),
      warnings: [
        ...(state === undefined && current.courses.get(course) !== 'enrolled' ? [`考生没有报考 ${period} 的课程 ${course}`] : []),
        ...(catalogue.arrangementsReleased(period, new Date(given.at)) ? [`${period} 的考试安排已经发布，考生马上会看到更正`] : []),
      ],
      wayBack: { period, course, ...(found === undefined || found === 'cancelled' ? { state: 'cancelled' } : found) },
      isReleased: catalogue.arrangementsReleased(period, new Date(given.at)),
      command:
        state === 'cancelled' ? new ArrangeSeat(given, candidateId, period, course, 'cancelled') : new CorrectSeat(given, candidateId, period, course, changes),
    };
  },
});
