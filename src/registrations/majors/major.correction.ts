import { z } from 'zod';
import { currentState } from '../../event-store/reading/current-state.js';
import { code, oneOf, optional, period } from '../../imports/files/columns.js';
import { correctionKind, NONE } from '../../office/corrections/correction.js';
import { candidate } from '../candidate.decider.js';
import { correctMajor, withdrawMajor } from '../corrections/correcting.decider.js';
import { refused } from '../registrations.refusals.js';
import { candidateStream } from '../registrations.streams.js';
import { studyStateNames } from '../state-names.js';
import { CorrectMajor } from './correct-major.command.js';
import { WithdrawMajor } from './withdraw-major.command.js';

const columns = z.object({ major: code, state: optional(oneOf('studying', 'graduated', 'left', 'withdrawn')), added_period: optional(period) });

/** What is named of a candidate's major; `withdrawn` where it should never have been added. */
export const majorCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['major'],
  async prepare({ major, state, added_period }, { given, candidateId }, { events, catalogue }) {
    const known = await currentState(events, candidateStream(candidateId), candidate);
    const before = known.majors.get(major);
    if (state === undefined && added_period === undefined) throw refused('candidate.nothing_named');
    if (!before && !catalogue.major(major)) throw refused('major.unknown', { major });
    if (added_period !== undefined && !catalogue.period(added_period)) throw refused('major.unknown_period', { period: added_period });
    const changes = { state: state === 'withdrawn' ? undefined : state, period: added_period };
    if (state === 'withdrawn') withdrawMajor(known, { candidateId, major });
    else correctMajor(known, { candidateId, major, changes });
    const after = state === 'withdrawn' ? undefined : { state: changes.state ?? before?.state ?? 'studying', period: changes.period ?? before?.period };
    return {
      values: [
        { field: `${major} state`, before: before ? studyStateNames[before.state] : NONE, after: after ? studyStateNames[after.state] : NONE },
        { field: `${major} added_period`, before: before?.period ?? NONE, after: after?.period ?? NONE },
      ],
      warnings: [],
      wayBack: { major, ...(before ? { state: before.state, added_period: before.period } : { state: 'withdrawn' }) },
      command: state === 'withdrawn' ? new WithdrawMajor(given, candidateId, major) : new CorrectMajor(given, candidateId, major, changes),
    };
  },
});
