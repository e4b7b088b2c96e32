import { type Cause, causedBy } from '../../event-store/cause.js';
import type { Commands } from '../../event-store/commands.js';
import type { Given } from '../../event-store/decider.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import { Refusal } from '../../event-store/refusal.js';
import { BadPhoto } from '../../vault/photo.js';
import type { Vault } from '../../vault/vault.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { fileKind, type ImportFile, type RowContext } from '../files/import-file.js';
import type { Row } from '../files/row-check.js';
import { PhotoFolder, photoNamed } from '../photo-folder.js';
import type { StagedRow } from '../staging/staged-file.js';

/** Bytes that the photos of rows recorded together may use. */
const MOST_PHOTO_BYTES = 32 * 1024 * 1024;

/** A good row with the name of its file's kind. */
export interface RowToRecord extends StagedRow {
  readonly kind: string;
}

/** Good rows to record together: always all rows of a stream. */
export interface RowsToRecord {
  /** The batch's folder, which contains `photos`. */
  readonly folder: string;
  readonly cause: Cause;
  readonly rows: readonly RowToRecord[];
  /** Whether rows may restore values that later events have replaced; otherwise they are refused. */
  readonly revert: boolean;
}

export interface RecordedRows {
  /** The number of events recorded, by kind of row. */
  readonly events: Readonly<Record<string, number>>;
  readonly refused: readonly RefusedRow[];
}

/** A row that its decider refused. The other rows are recorded. */
interface RefusedRow {
  readonly kind: string;
  readonly line: number;
  readonly reason: string;
}

interface PreparedRow extends RowToRecord {
  readonly row: Row;
  readonly photo?: Uint8Array;
}

/** Records rows in order with one read of their streams and one append, or several when their photos are large. */
export async function recordRows(
  kinds: readonly ImportFile[],
  { folder, cause, rows, revert }: RowsToRecord,
  commands: Commands,
  vault: Vault,
): Promise<RecordedRows> {
  const events: Record<string, number> = {};
  const refused: RefusedRow[] = [];
  for await (const some of withPhotos(rows, new PhotoFolder(folder))) {
    const ids = await candidatesOf(some, vault);
    const now = new Date().toISOString();
    const outcomes = await causedBy(cause, () =>
      Promise.all(some.map((ready, at) => recordRow(fileKind(kinds, ready.kind), ready, ids[at], { now, revert }, commands))),
    );
    for (const outcome of outcomes) {
      if ('reason' in outcome) refused.push(outcome);
      else events[outcome.kind] = (events[outcome.kind] ?? 0) + outcome.recorded;
    }
  }
  return { events, refused };
}

/** The rows with their photos, divided so that the photos of each part fit into memory. */
async function* withPhotos(rows: readonly RowToRecord[], photos: PhotoFolder): AsyncGenerator<readonly PreparedRow[]> {
  let some: PreparedRow[] = [];
  let bytes = 0;
  for (const staged of rows) {
    const row = JSON.parse(staged.text) as Row;
    const named = photoNamed(row);
    const photo = named === undefined ? undefined : await photos.read(named);
    some.push({ ...staged, row, ...(photo && { photo }) });
    bytes += photo?.length ?? 0;
    if (bytes < MOST_PHOTO_BYTES) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** The candidate id of each row; undefined for a row without an admission number. */
async function candidatesOf(rows: readonly { readonly row: Row }[], vault: Vault): Promise<readonly (string | undefined)[]> {
  const each = new Set(rows.map(({ row }) => row.admission_no).filter((number) => typeof number === 'string'));
  const ids = each.size > 0 ? await vault.find([...each]) : [];
  const idOf = new Map<unknown, string | undefined>([...each].map((number, at) => [number, ids[at]]));
  return rows.map(({ row }) => idOf.get(row.admission_no));
}

async function recordRow(
  file: ImportFile,
  { kind, line, text, row, photo }: PreparedRow,
  candidateId: string | undefined,
  { now, revert }: { readonly now: string; readonly revert: boolean },
  commands: Commands,
): Promise<RefusedRow | { readonly kind: string; readonly recorded: number }> {
  const found: RowContext = { ...(candidateId !== undefined && { candidateId }), ...(photo && { photo }) };
  try {
    const { recorded } = await commands.execute(file.command(row, { ...importGiven(`${kind}\n${text}`, now), refusesRevert: !revert }, found));
    return { kind, recorded };
  } catch (error) {
    if (error instanceof Refusal) return { kind, line, reason: `未能记录：${refusalMessage(error)}` };
    if (error instanceof BadPhoto) return { kind, line, reason: error.message };
    throw error;
  }
}

/** The `Given` of an import's command, whose id is derived from the row's content. */
export function importGiven(content: string, at: string): Given {
  return { id: deterministicId(`import\n${content}`), at, assertsState: true };
}
