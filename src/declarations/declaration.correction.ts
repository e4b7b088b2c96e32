import { z } from 'zod';
import { currentState } from '../event-store/reading/current-state.js';
import { date, id, oneOf, optional, text } from '../imports/files/columns.js';
import { correctionKind, NONE, SEALED, textsOf } from '../office/corrections/correction.js';
import { CorrectDeclaration } from './correct-declaration.command.js';
import { correctDeclaration, declaration, voidDeclaration } from './declaration.decider.js';
import type { DeclarationState } from './declarations.events.js';
import { refused } from './declarations.refusals.js';
import { declarationStream } from './declarations.streams.js';
import { VoidDeclaration } from './void-declaration.command.js';

const VOIDED = 'voided';
const NAMES: Readonly<Record<DeclarationState, string>> = {
  submitted: '已申报',
  payment_due: '待缴费',
  paid: '已缴费',
  approved: '审核通过',
  rejected: '审核不通过',
  withdrawn: '已撤回',
};

const columns = z.object({
  id,
  state: optional(oneOf('submitted', 'payment_due', 'paid', 'approved', 'rejected', 'withdrawn', VOIDED)),
  decided_on: optional(date),
  remark: optional(text(1000)),
});

/** What is named of a declaration's status; `voided` where it should never have been recorded. */
export const declarationCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['id'],
  async prepare({ id, state, decided_on: decidedOn, remark }, { given, candidateId }, { events, vault }) {
    const known = await currentState(events, declarationStream(id, candidateId), declaration);
    const of = { candidateId, declaration: id };
    if (state === VOIDED) {
      voidDeclaration(known, of);
      const { status } = known;
      return { values: [{ field: id, before: NAMES[status.state], after: NONE }], warnings: [], command: new VoidDeclaration(given, candidateId, id) };
    }
    if (state === undefined && decidedOn === undefined && remark === undefined) throw refused('declaration.nothing_named');
    const safe = await vault.safe(candidateId);
    const digest = remark === undefined ? known.status.digest : safe.digest(remark);
    const changes = { state, decidedOn };
    correctDeclaration(known, { ...of, changes }, undefined);
    const { status } = known;
    const opened = known.remark === undefined ? undefined : safe.open(known.remark);
    const isAdded = (decidedOn !== undefined && status.decidedOn === undefined) || (remark !== undefined && opened === undefined);
    return {
      wayBack: isAdded
        ? undefined
        : { id, state: status.state, ...textsOf({ decided_on: status.decidedOn, remark: remark === undefined ? undefined : opened }) },
      values: [
        { field: `${id} state`, before: NAMES[status.state], after: NAMES[state ?? status.state] },
        { field: `${id} decided_on`, before: status.decidedOn ?? NONE, after: decidedOn ?? status.decidedOn ?? NONE },
        ...(digest === status.digest ? [] : [{ field: `${id} remark`, before: status.digest === undefined ? NONE : SEALED, after: remark ?? NONE }]),
      ],
      digests: { [`${id} remark`]: { before: status.digest, after: digest } },
      warnings: [],
      command: new CorrectDeclaration(given, candidateId, id, changes, remark),
    };
  },
});
