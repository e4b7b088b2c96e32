import { z } from 'zod';
import { admissionNo, code, line, oneOf, optional, period, room, seat } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../../imports/files/rows.js';
import type { EnrolmentEvent, Seat } from '../enrolments.events.js';
import { ArrangeSeat } from './arrange-seat.command.js';

const columns = z.object({
  admission_no: admissionNo,
  period,
  course: code,
  site: optional(line(100)),
  address: optional(line(200)),
  room: optional(room),
  seat: optional(seat),
  state: oneOf('arranged', 'cancelled'),
});

type Row = z.output<typeof columns>;
/** A cancelled row says no seat. */
type RowFromEvents = Pick<Row, 'period' | 'course' | 'state'> & Partial<Row>;

export const arrangements: ImportFile<Row, RowFromEvents> = {
  name: 'arrangements',
  columns,
  key: sittingKey,
  references: sittingReferences,
  faults: (row) =>
    row.state === 'cancelled'
      ? []
      : (['site', 'address', 'room', 'seat'] as const)
          .filter((column) => row[column] === undefined)
          .map((column) => ({ column, reason: '已安排的考试应填写考点、地址、考场号和座次号' })),
  stream: sittingStream,
  command: (row, given, found) => new ArrangeSeat(given, candidateIdOf(found), row.period, row.course, seatOf(row)),
  history: rowHistory<Extract<EnrolmentEvent, { type: 'SeatArranged' | 'SeatCancelled' }>, RowFromEvents>({
    key: ({ course }) => course,
    on: {
      SeatArranged: (_, { candidateId: __, ...seat }) => ({ ...seat, state: 'arranged' }),
      SeatCancelled: (_, { period, course }) => ({ period, course, state: 'cancelled' }),
    },
  }),
  takeBack: (row, given, found) => arrangements.command({ ...row, state: 'cancelled' }, given, found),
};

function seatOf({ site = '', address = '', room = '', seat = '', state }: RowFromEvents): Seat | 'cancelled' {
  return state === 'cancelled' ? 'cancelled' : { site, address, room, seat };
}
