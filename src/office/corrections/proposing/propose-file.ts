import type { Safes } from '../../../vault/vault.js';
import type { ProposalTerms } from '../corrections.events.js';
import { type ListedRow, type Proposing, type ProposingPorts, proposeRows } from './propose-rows.js';
import type { RowToPropose, StagedRows } from './staged-rows.js';

/** Rows whose candidates are looked up together. */
const TOGETHER = 500;

/** Leaves out the rows of nobody. */
export async function leaveOutUnknown(staged: StagedRows, safes: Pick<Safes, 'find'>): Promise<void> {
  const unknown: number[] = [];
  for (const rows of inPortions(staged.rows())) {
    const ids = await idsOf(rows, safes);
    unknown.push(...rows.filter((_, at) => ids[at] === undefined).map(({ line }) => line));
  }
  for (const line of unknown) staged.leaveOut({ line, column: 'admission_no', reason: '没有这个准考证号的考生' });
}

/** Proposes staged rows of known candidates. Needs a current cause. @throws Refusal as `proposeRows` */
export function proposeStaged(
  staged: StagedRows,
  proposing: Proposing,
  at: string,
  ports: ProposingPorts & { readonly safes: Pick<Safes, 'safes' | 'find'> },
): Promise<ProposalTerms> {
  return proposeRows(known(staged, ports.safes), proposing, { leftOut: () => staged.badCount, at }, ports);
}

async function* known(staged: StagedRows, safes: Pick<Safes, 'find'>): AsyncGenerator<ListedRow> {
  for (const rows of inPortions(staged.rows())) {
    const ids = await idsOf(rows, safes);
    for (const [at, { line, columns }] of rows.entries()) {
      const candidateId = ids[at];
      if (candidateId === undefined) throw new Error('a candidate was forgotten while rows were proposed: propose them again');
      yield { line, candidateId, columns };
    }
  }
}

function idsOf(rows: readonly RowToPropose[], safes: Pick<Safes, 'find'>): Promise<readonly (string | undefined)[]> {
  return safes.find(rows.map(({ admissionNo }) => admissionNo));
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
