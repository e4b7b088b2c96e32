import { z } from 'zod';
import { currentState } from '../event-store/reading/current-state.js';
import { date, id, oneOf, optional, text } from '../imports/files/columns.js';
import { correctionKind, NONE, SEALED, textsOf } from '../office/corrections/correction.js';
import { application, correctApplication, voidApplication } from './application.decider.js';
import { CorrectStatusApplication, changeTextBy } from './correct-status-application.command.js';
import type { ApplicationState } from './status-applications.events.js';
import { refused } from './status-applications.refusals.js';
import { applicationStream } from './status-applications.streams.js';
import { VoidStatusApplication } from './void-status-application.command.js';

const VOIDED = 'voided';
const NAMES: Readonly<Record<ApplicationState, string>> = {
  draft: '暂存未提交',
  submitted: '已提交',
  approved: '审核通过',
  rejected: '审核不通过',
  withdrawn: '已撤回',
};

const columns = z.object({
  id,
  state: optional(oneOf('draft', 'submitted', 'approved', 'rejected', 'withdrawn', VOIDED)),
  applied_on: optional(date),
  remark: optional(text(1000)),
});

/** What is named of a status application; `voided` where it should never have been recorded. */
export const applicationCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['id'],
  async prepare({ id, state, applied_on: appliedOn, remark }, { given, candidateId }, { events, vault }) {
    const known = await currentState(events, applicationStream(id, candidateId), application);
    const of = { candidateId, application: id };
    if (state === VOIDED) {
      voidApplication(known, of);
      const command = new VoidStatusApplication(given, candidateId, id);
      return { values: [{ field: id, before: known ? NAMES[known.state] : NONE, after: NONE }], warnings: [], command };
    }
    if (state === undefined && appliedOn === undefined && remark === undefined) throw refused('application.nothing_named');
    const changes = { state, appliedOn, remark };
    const safe = await vault.safe(candidateId);
    const [after] = correctApplication(known, { ...of, changes }, changeTextBy(safe));
    const before = known?.details;
    const opened = before && remark !== undefined ? safe.open(before.text)?.remark || undefined : undefined;
    const isAdded = (appliedOn !== undefined && before?.appliedOn === undefined) || (remark !== undefined && opened === undefined);
    const digest = after !== undefined && 'digest' in after.data ? after.data.digest : before?.digest;
    return {
      wayBack: isAdded || !known ? undefined : { id, state: known.state, ...textsOf({ applied_on: before?.appliedOn, remark: opened }) },
      values: [
        { field: `${id} state`, before: known ? NAMES[known.state] : NONE, after: NAMES[state ?? known?.state ?? 'draft'] },
        { field: `${id} applied_on`, before: before?.appliedOn ?? NONE, after: appliedOn ?? before?.appliedOn ?? NONE },
        ...(digest !== before?.digest ? [{ field: `${id} remark`, before: SEALED, after: remark ?? NONE }] : []),
      ],
      digests: { [`${id} remark`]: { before: before?.digest, after: digest } },
      warnings: [],
      command: new CorrectStatusApplication(given, candidateId, id, changes),
    };
  },
});
