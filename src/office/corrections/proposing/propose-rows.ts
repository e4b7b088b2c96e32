import type { Commands } from '../../../event-store/commands.js';
import type { EventStore } from '../../../event-store/event-store.js';
import { givenAt } from '../../../event-store/given.js';
import type { Safes } from '../../../vault/vault.js';
import { activeDuties } from '../../officers/active-officer.js';
import type { DistrictScope } from '../../scope/district-scope.js';
import type { Columns } from '../correction.js';
import { assertProposer, districtNow, proposingScope } from '../correction-officers.js';
import { listRows } from '../correction-rows.js';
import type { ProposalTerms } from '../corrections.events.js';
import { ProposeCorrection } from '../propose-correction.command.js';

/** A row of a known candidate. */
export interface ListedRow {
  readonly line: number;
  readonly candidateId: string;
  readonly columns: Columns;
}

export type Proposing = Omit<ProposalTerms, 'rows' | 'chunks' | 'leftOut'>;

export interface ProposingPorts {
  readonly events: EventStore;
  readonly safes: Pick<Safes, 'safes'>;
  readonly commands: Commands;
}

/** Rows and characters of a chunk, which is one event. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 200_000;

/**
 * Records rows, and then that they are proposed. Needs a current cause.
 * @param rows those of a candidate one after another
 * @param leftOut told when all rows were read
 * @param at ISO 8601, UTC
 * @throws Refusal officer.not_active, correction.not_allowed, correction.no_rows
 */
export async function proposeRows(
  rows: AsyncIterable<ListedRow> | Iterable<ListedRow>,
  proposing: Proposing,
  { leftOut, at }: { readonly leftOut: () => number; readonly at: string },
  { events, safes, commands }: ProposingPorts,
): Promise<ProposalTerms> {
  const { correction, by, kind } = proposing;
  await assertProposer(by, kind, events);
  const scope = proposingScope(await activeDuties(by, events), kind);
  let notOwn = 0;
  let listed = 0;
  let chunks = 0;
  let chunk: ListedRow[] = [];
  let characters = 0;
  const end = async () => {
    const own = scope.districts ? await ownRows(chunk, scope, events) : chunk;
    notOwn += chunk.length - own.length;
    if (own.length > 0) await listRows(events, safes, correction, chunks++, own, at);
    listed += own.length;
    chunk = [];
    characters = 0;
  };
  for await (const row of rows) {
    const isFull = chunk.length >= MOST_ROWS || characters >= MOST_CHARACTERS;
    if (isFull && chunk.at(-1)?.candidateId !== row.candidateId) await end();
    chunk.push(row);
    characters += JSON.stringify(row.columns).length;
  }
  if (chunk.length > 0) await end();
  const terms = { ...proposing, rows: listed, chunks, leftOut: leftOut() + notOwn };
  await commands.execute(new ProposeCorrection(givenAt(at), terms));
  return terms;
}

/** A candidate of another district is nobody to an office. Its own ones it confirms as that office, while they may be. */
async function ownRows(rows: readonly ListedRow[], scope: DistrictScope<'propose_corrections'>, events: EventStore): Promise<ListedRow[]> {
  const found = await Promise.all(
    rows.map(async (row) => {
      const district = await districtNow(row.candidateId, events);
      return district !== undefined && scope.includes(district) ? { ...row, columns: { ...row.columns, district } } : undefined;
    }),
  );
  return found.filter((row) => row !== undefined);
}
