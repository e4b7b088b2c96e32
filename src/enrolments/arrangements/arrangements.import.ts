import { z } from 'zod';
import { admissionNo, code, line, oneOf, optional, period } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { candidateIdOf, sittingKey, sittingReferences, sittingStream } from '../../imports/files/rows.js';
import { ArrangeSeat } from './arrange-seat.command.js';

const columns = z.object({
  admission_no: admissionNo,
  period,
  course: code,
  site: optional(line(100)),
  address: optional(line(200)),
  room: optional(z.string().regex(/^\d{3}$/, '应为 3 位数字')),
  seat: optional(z.string().regex(/^\d{2}$/, '应为 2 位数字')),
  state: oneOf('arranged', 'cancelled'),
});

export const arrangements: ImportFile<z.output<typeof columns>> = {
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
  command: ({ period, course, site = '', address = '', room = '', seat = '', state }, given, found) =>
    new ArrangeSeat(given, candidateIdOf(found), period, course, state === 'cancelled' ? 'cancelled' : { site, address, room, seat }),
};
