import type { Safes } from '../../../vault/vault.js';
import type { ProposalTerms } from '../corrections.events.js';
import { type ListedRow, type Proposing, type ProposingPorts, proposeRows } from './propose-rows.js';
import type { RowToPropose, StagedRows } from './staged-rows.js';

/** Rows whose candidates are looked up together. */
const TOGETHER = 500;

/** Proposes staged rows; those of nobody are left out. Needs a current cause. @throws Refusal as `proposeRows` */
export function proposeStaged(
  staged: StagedRows,
  proposing: Proposing,
  at: string,
  ports: ProposingPorts & { readonly safes: Pick<Safes, 'safes' | 'find'> },
): Promise<ProposalTerms> {
  return proposeRows(found(staged, ports.safes), proposing, { leftOut: () => staged.badCount, at }, ports);
}

/** The rows whose candidates are known; of the others the staging is told. */
export async function* found(staged: StagedRows, safes: Pick<Safes, 'find'>): AsyncGenerator<ListedRow> {
  for (const rows of inPortions(staged.rows())) {
    const ids = await safes.find(rows.map(({ admissionNo }) => admissionNo));
    for (const [at, { line, columns }] of rows.entries()) {
      const candidateId = ids[at];
      if (candidateId === undefined) staged.leaveOut({ line, column: 'admission_no', reason: '没有这个准考证号的考生' });
      else yield { line, candidateId, columns };
    }
  }
}

function* inPortions(rows: Iterable<RowToPropose>): Generator<readonly RowToPropose[]> {
  let some: RowToPropose[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < TOGETHER) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
