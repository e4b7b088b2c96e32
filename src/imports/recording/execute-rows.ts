import { type Cause, causedBy } from '../../event-store/cause.js';
import type { Commands } from '../../event-store/commands.js';
import type { Given } from '../../event-store/decider.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import { Refusal } from '../../event-store/refusal.js';
import { BadPhoto } from '../../vault/photo.js';
import type { Safes } from '../../vault/vault.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { fileKind, type ImportFile, type RowContext } from '../files/import-file.js';
import type { Row } from '../files/row-check.js';
import { PhotoFolder, photoNamed } from '../photo-folder.js';

/** By the code of a refusal, what the person who imports can do. */
const ADVICE: Readonly<Record<string, string>> = { 'command.reverts': '确实要改回去，请加上 --revert 再导入。' };
/** Bytes that the photos of rows recorded together may use. */
const MOST_PHOTO_BYTES = 32 * 1024 * 1024;

/** Good rows column by column, which is much cheaper to pass between threads than an object for each: their files' kinds, their lines, and the rows as JSON. */
export interface RowColumns {
  readonly kinds: string[];
  readonly lines: number[];
  readonly texts: string[];
}

/** Good rows to record together: always all rows of a stream. */
export interface RowsToRecord {
  /** The batch's folder, which contains `photos`. */
  readonly folder: string;
  readonly cause: Cause;
  readonly rows: RowColumns;
  /** Whether rows may restore values that later events have replaced; otherwise they are refused. */
  readonly revert: boolean;
}

/** A row that was refused; the others are recorded. `code`: of its decider's refusal. */
export interface RefusedRow {
  readonly kind: string;
  readonly line: number;
  readonly reason: string;
  readonly code?: string;
}

/** What came of a row: how many events its command recorded, or why it was refused. */
export type RowOutcome = ({ readonly kind: string; readonly line: number; readonly command: string; readonly recorded: number } | RefusedRow) & {
  readonly row: Row;
};

interface PreparedRow {
  readonly kind: string;
  readonly line: number;
  /** The id of its command, which is derived from its content. */
  readonly id: string;
  readonly row: Row;
  readonly file: ImportFile;
  readonly photo?: Uint8Array;
}

/**
 * Executes the commands of rows in order with one read of their streams and one append, or several when their photos are large.
 * Candidates are registered before other rows of theirs. The outcomes are in another order than the rows.
 */
export async function* executeRows(
  kinds: readonly ImportFile[],
  { folder, cause, rows, revert }: RowsToRecord,
  commands: Commands,
  safes: Pick<Safes, 'find'>,
): AsyncGenerator<RowOutcome> {
  for await (const read of withPhotos(kinds, rows, new PhotoFolder(folder))) {
    const together = new Set(read.map(({ id }) => id));
    const now = new Date().toISOString();
    for (const some of [read.filter(registers), read.filter((row) => !registers(row))]) {
      const ids = await candidatesOf(some, safes);
      yield* await causedBy(cause, () => Promise.all(some.map((ready, at) => execute(ready, ids[at], { now, revert, together }, commands))));
    }
  }
}

function registers({ file, row }: PreparedRow): boolean {
  return file.defines?.(row)?.kind === 'candidate';
}

/** The rows with their photos, divided so that the photos of each part fit into memory. */
async function* withPhotos(
  kinds: readonly ImportFile[],
  { kinds: kindOf, lines, texts }: RowColumns,
  photos: PhotoFolder,
): AsyncGenerator<readonly PreparedRow[]> {
  let some: PreparedRow[] = [];
  let bytes = 0;
  for (const [at, text] of texts.entries()) {
    const [kind, line] = [kindOf[at] as string, lines[at] as number];
    const row = JSON.parse(text) as Row;
    const named = photoNamed(row);
    const photo = named === undefined ? undefined : await photos.read(named);
    some.push({ kind, line, id: importCommandId(`${kind}\n${text}`), row, file: fileKind(kinds, kind), ...(photo && { photo }) });
    bytes += photo?.length ?? 0;
    if (bytes < MOST_PHOTO_BYTES) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** The candidate id of each row; undefined for a row without an admission number. */
async function candidatesOf(rows: readonly { readonly row: Row }[], safes: Pick<Safes, 'find'>): Promise<readonly (string | undefined)[]> {
  const each = new Set(rows.map(({ row }) => row.admission_no).filter((number) => typeof number === 'string'));
  const ids = each.size > 0 ? await safes.find([...each]) : [];
  const idOf = new Map<unknown, string | undefined>([...each].map((number, at) => [number, ids[at]]));
  return rows.map(({ row }) => idOf.get(row.admission_no));
}

async function execute(
  { kind, line, id, row, file, photo }: PreparedRow,
  candidateId: string | undefined,
  { now, revert, together }: { readonly now: string; readonly revert: boolean; readonly together: ReadonlySet<string> },
  commands: Commands,
): Promise<RowOutcome> {
  const found: RowContext = { ...(candidateId !== undefined && { candidateId }), ...(photo && { photo }) };
  try {
    const { recorded } = await commands.execute(file.command(row, { id, at: now, assertsState: true, together, refusesRevert: !revert }, found));
    return { kind, line, row, command: id, recorded };
  } catch (error) {
    if (error instanceof Refusal) return { kind, line, row, reason: `未能记录：${refusalMessage(error)}${ADVICE[error.code] ?? ''}`, code: error.code };
    if (error instanceof BadPhoto) return { kind, line, row, reason: error.message };
    throw error;
  }
}

function importCommandId(content: string): string {
  return deterministicId(`import\n${content}`);
}

/** The `Given` of an import's command, whose id is derived from what it says. */
export function importGiven(content: string, at: string): Given {
  return { id: importCommandId(content), at, assertsState: true };
}
