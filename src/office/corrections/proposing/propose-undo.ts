import { currentState } from '../../../event-store/reading/current-state.js';
import { assertMaySee } from '../correction-officers.js';
import { assertUndoable, correctionProposal } from '../correction-proposal.decider.js';
import { appliedChunk, safesOf } from '../correction-rows.js';
import type { ProposalTerms } from '../corrections.events.js';
import { refused } from '../corrections.refusals.js';
import { correctionStream } from '../corrections.streams.js';
import { type ListedRow, type Proposing, type ProposingPorts, proposeRows } from './propose-rows.js';

type Undoing = Omit<Proposing, 'kind' | 'undoes'> & { readonly undoes: string };

/**
 * Proposes the opposite of an applied correction: what each row said before, as it was recorded then. Rows without a way back are left out.
 * Needs a current cause.
 * @throws Refusal correction.unknown, correction.not_applied, correction.undone, correction.no_way_back, and those of `proposeRows`
 */
export async function proposeUndo(undoing: Undoing, at: string, ports: ProposingPorts): Promise<ProposalTerms> {
  const { events, safes } = ports;
  const original = await currentState(events, correctionStream(undoing.undoes), correctionProposal);
  await assertMaySee(undoing.by, undoing.undoes, original.terms, events);
  const { chunks, kind, correction } = assertUndoable(original, undoing.undoes);
  let leftOut = 0;
  let found = 0;
  async function* rows(): AsyncGenerator<ListedRow> {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const { begun, applied } = await appliedChunk(events, correction, chunk);
      const refusedLines = new Set(applied?.refused.map(({ line }) => line));
      const done = (begun?.rows ?? []).filter(({ line }) => !refusedLines.has(line));
      const safeOf = await safesOf(
        safes,
        done.map(({ candidateId }) => candidateId),
      );
      // those of a candidate were recorded in their order, and are taken back in the opposite one
      for (const own of Map.groupBy(done, ({ candidateId }) => candidateId).values()) {
        for (const { line, candidateId, before } of own.toReversed()) {
          const columns = before === undefined ? undefined : safeOf.get(candidateId)?.open(before);
          if (columns) {
            found++;
            yield { line, candidateId, columns };
          } else leftOut++;
        }
      }
    }
    if (found === 0) throw refused('correction.no_way_back');
  }
  return proposeRows(rows(), { ...undoing, kind }, { leftOut: () => leftOut, at }, ports);
}
