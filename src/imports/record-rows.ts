import type { CommandBus } from '@nestjs/cqrs';
import { type Cause, causedBy } from '../event-store/cause.js';
import type { Given } from '../event-store/decider.js';
import { namedId } from '../event-store/named-id.js';
import { Refusal } from '../event-store/refusal.js';
import { BadPhoto } from '../vault/photo.js';
import type { Vault } from '../vault/vault.js';
import { messageOf } from '../web/messages.js';
import type { Found, ImportFile } from './import-file.js';
import { PhotoFolder, photoNamed } from './photo-folder.js';
import type { Row } from './row-check.js';
import type { StagedRow } from './staged-file.js';

/** What the photos of rows decided together may take of the memory. */
const MOST_PHOTO_BYTES = 32 * 1024 * 1024;

/** Good rows of one file, all those of a stream together. */
export interface RowsToRecord {
  /** The name of the file's kind. */
  readonly kind: string;
  /** The batch, in whose `photos` the photos lie. */
  readonly folder: string;
  readonly cause: Cause;
  readonly rows: readonly StagedRow[];
}

export interface RecordedRows {
  /** How many events it came to. */
  readonly events: number;
  readonly refused: readonly RefusedRow[];
}

/** A row that only its decider could tell to be bad: it stays out, the others are recorded. */
interface RefusedRow {
  readonly line: number;
  readonly reason: string;
}

interface Ready {
  readonly line: number;
  readonly text: string;
  readonly row: Row;
  readonly photo?: Uint8Array;
}

/** Records rows: one read of their streams, one append, or as many as their photos need. */
export async function recordRows(kind: ImportFile, { folder, cause, rows }: RowsToRecord, commands: CommandBus, vault: Vault): Promise<RecordedRows> {
  let events = 0;
  const refused: RefusedRow[] = [];
  for await (const some of withPhotos(rows, new PhotoFolder(folder))) {
    const ids = await candidatesOf(some, vault);
    const now = new Date().toISOString();
    const outcomes = await causedBy(cause, () => Promise.all(some.map((ready, at) => recordRow(kind, ready, ids?.[at], now, commands))));
    for (const outcome of outcomes) {
      if (typeof outcome === 'number') events += outcome;
      else refused.push(outcome);
    }
  }
  return { events, refused };
}

/** The rows with their photos: all at once, but where these are many. */
async function* withPhotos(rows: readonly StagedRow[], photos: PhotoFolder): AsyncGenerator<readonly Ready[]> {
  let some: Ready[] = [];
  let bytes = 0;
  for (const { line, text } of rows) {
    const row = JSON.parse(text) as Row;
    const named = photoNamed(row);
    const photo = named === undefined ? undefined : await photos.read(named);
    some.push({ line, text, row, ...(photo && { photo }) });
    bytes += photo?.length ?? 0;
    if (bytes < MOST_PHOTO_BYTES) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** The ids of the candidates that rows are of; undefined when the file's rows are of none. */
async function candidatesOf(rows: readonly { readonly row: Row }[], vault: Vault): Promise<readonly (string | undefined)[] | undefined> {
  const numbers = rows.map(({ row }) => row.admission_no);
  if (!numbers.every((number) => typeof number === 'string')) return undefined;
  const each = [...new Set(numbers)];
  const ids = await vault.find(each);
  const idOf = new Map(each.map((number, at) => [number, ids[at]]));
  return numbers.map((number) => idOf.get(number));
}

async function recordRow(kind: ImportFile, { line, text, row, photo }: Ready, candidateId: string | undefined, now: string, commands: CommandBus) {
  const found: Found = { ...(candidateId !== undefined && { candidateId }), ...(photo && { photo }) };
  try {
    const { recorded } = await commands.execute(kind.command(row, givenFor(`${kind.name}\n${text}`, now), found));
    return recorded;
  } catch (error) {
    if (error instanceof Refusal) return { line, reason: `未能记录：${messageOf(error)}` };
    if (error instanceof BadPhoto) return { line, reason: error.message };
    throw error;
  }
}

/** A command that says what holds: its id follows from what the row says. */
export function givenFor(content: string, at: string): Given {
  return { id: namedId(`import\n${content}`), at, states: true };
}
