import type { Commands } from '../../../event-store/commands.js';
import type { Given } from '../../../event-store/decider.js';
import { deterministicId } from '../../../event-store/deterministic-id.js';
import type { Position } from '../../../event-store/event.js';
import { Refusal } from '../../../event-store/refusal.js';
import { refusalMessage } from '../../../web/errors/refusal-message.js';
import type { Columns, CorrectedValue, CorrectionKind, CorrectionPorts, PreparedCorrection } from '../correction.js';
import { refused } from '../corrections.refusals.js';

/** A row with its columns opened; undefined of somebody who was forgotten. */
export interface OpenedRow {
  readonly line: number;
  readonly candidateId: string;
  readonly columns: Columns | undefined;
}

/** How rows are decided: with overlays for a preview, with the stores where they are applied. */
export interface Deciding {
  readonly correction: string;
  readonly kind: CorrectionKind;
  /** The commands' time: ISO 8601, UTC. */
  readonly at: string;
  readonly ports: CorrectionPorts;
  readonly commands: Commands;
  readonly guard: Given['guard'];
}

/** Refuses a row where anything else was recorded in its stream after a position. @throws Refusal correction.moved */
export function onlyOwnSince(upTo: Position, correction: string): NonNullable<Given['guard']> {
  return (history) => {
    if (history.some(({ position, metadata }) => position > upTo && metadata.correlation !== correction)) throw refused('correction.moved');
  };
}

/** What came of a row. */
export interface DecidedRow extends Partial<Omit<PreparedCorrection, 'values' | 'warnings' | 'digests'>> {
  readonly line: number;
  readonly candidateId: string;
  /** The id of its command, which is missing where it was refused before there was one. */
  readonly id: string;
  readonly outcome: 'changes' | 'unchanged' | 'refused';
  /** Those that change. */
  readonly values: readonly CorrectedValue[];
  readonly warnings: readonly string[];
  /** Of a refused row. */
  readonly refusal?: { readonly code: string; readonly reason: string };
}

/** The column that says what was seen before, to be compared. */
export const WAS = 'was';

/** The column by which a row of an undo says, in JSON by field, what the correction has set. Files cannot have it. */
const SET = 'was_set';

/** The id of a row's command follows from the correction and the row, so that applying it again records nothing. */
export function rowCommandId(correction: string, line: number): string {
  return deterministicId(`correction ${correction} ${line}`);
}

/** Decides and records a row, where that is. A refusal is an outcome. */
export async function decideRow({ line, candidateId, columns }: OpenedRow, deciding: Deciding): Promise<DecidedRow> {
  const { correction, kind, at, ports, commands, guard } = deciding;
  const given: Given = { id: rowCommandId(correction, line), at, guard };
  const row = { line, candidateId, id: given.id };
  try {
    if (!columns) throw refused('correction.forgotten');
    const { [WAS]: was, [SET]: set, ...named } = columns;
    const prepared = await kind.prepare(kind.columns.parse(named), { candidateId, given }, ports);
    const { values: all, digests, wayBack, ...rest } = prepared;
    const values = all.filter(({ before, after }) => before !== after);
    if (was !== undefined) refuseOther(values, was);
    if (set !== undefined) refuseNewer(values, JSON.parse(set) as Columns, digests);
    const { recorded } = await commands.execute(prepared.command);
    const back = wayBack && { wayBack: { ...wayBack, [SET]: JSON.stringify(setBy(values, digests)) } };
    return { ...row, ...rest, ...back, values, outcome: recorded > 0 ? 'changes' : 'unchanged' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...row, values: [], warnings: [], outcome: 'refused', refusal: { code: error.code, reason: refusalMessage(error) } };
  }
}

/** @throws Refusal correction.was_of_many, correction.was_differs */
function refuseOther(values: readonly CorrectedValue[], was: string): void {
  if (values.length > 1) throw refused('correction.was_of_many');
  const [value] = values;
  if (value && value.before !== was) throw refused('correction.was_differs');
}

/** What a row sets, by field. */
function setBy(values: readonly CorrectedValue[], digests: PreparedCorrection['digests']): Columns {
  return Object.fromEntries(values.map(({ field, after }) => [field, digests?.[field]?.after ?? after]));
}

/** An undo changes only what is as the correction has set it: what came later stays. @throws Refusal correction.changed_since */
function refuseNewer(values: readonly CorrectedValue[], set: Columns, digests: PreparedCorrection['digests']): void {
  if (values.some(({ field, before }) => set[field] !== (digests?.[field]?.before ?? before))) throw refused('correction.changed_since');
}

/** Decides rows about one candidate, each on what those before it lead to. */
export async function decideInOrder(rows: readonly OpenedRow[], deciding: Deciding): Promise<readonly DecidedRow[]> {
  const decided: DecidedRow[] = [];
  for (const row of rows) decided.push(await decideRow(row, deciding));
  return decided;
}
