import type { CommandBus } from '@nestjs/cqrs';
import type { Given } from '../event-store/decider.js';
import { namedId } from '../event-store/named-id.js';
import { Refusal } from '../event-store/refusal.js';
import { BadPhoto } from '../vault/photo.js';
import type { Vault } from '../vault/vault.js';
import type { Found } from './import-file.js';
import { type PhotoFolder, photoNamed } from './photo-folder.js';
import type { Row } from './row-check.js';
import type { StagedFile } from './staged-file.js';

/** Rows decided together: one read of their streams, one append. */
const BATCH = 1_000;
/** What the photos of a batch may take of the memory. */
const MOST_PHOTO_BYTES = 32 * 1024 * 1024;
interface Ready {
  readonly line: number;
  readonly text: string;
  readonly row: Row;
  readonly photo?: Uint8Array;
}

/** Records the good rows of a file; answers how many events that came to. */
export async function recordFile(
  file: StagedFile,
  commands: CommandBus,
  vault: Vault,
  photos: PhotoFolder,
  progress: (recorded: number) => void,
): Promise<number> {
  let events = 0;
  let done = 0;
  const refused: { readonly line: number; readonly reason: string }[] = [];
  for await (const batch of batches(file, photos)) {
    const ids = await candidatesOf(batch, vault);
    const now = new Date().toISOString();
    const outcomes = await Promise.all(batch.map((ready, at) => recordRow(file, ready, ids?.[at], now, commands)));
    outcomes.forEach((outcome, at) => {
      if (typeof outcome === 'number') events += outcome;
      else refused.push({ line: batch[at]?.line ?? 0, reason: outcome.refused });
    });
    done += batch.length;
    progress(done);
  }
  for (const { line, reason } of refused) file.spoil(line, [{ column: '', reason }]);
  return events;
}

async function* batches(file: StagedFile, photos: PhotoFolder): AsyncGenerator<readonly Ready[]> {
  let batch: Ready[] = [];
  let bytes = 0;
  for (const { line, text } of file.byStream()) {
    const row = JSON.parse(text) as Row;
    const named = photoNamed(row);
    const photo = named === undefined ? undefined : await photos.read(named);
    batch.push({ line, text, row, ...(photo && { photo }) });
    bytes += photo?.length ?? 0;
    if (batch.length < BATCH && bytes < MOST_PHOTO_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** The ids of the candidates that rows are of; undefined when the file's rows are of none. */
async function candidatesOf(batch: readonly { readonly row: Row }[], vault: Vault): Promise<readonly (string | undefined)[] | undefined> {
  const numbers = batch.map(({ row }) => row.admission_no);
  if (!numbers.every((number) => typeof number === 'string')) return undefined;
  const each = [...new Set(numbers)];
  const ids = await vault.find(each);
  const idOf = new Map(each.map((number, at) => [number, ids[at]]));
  return numbers.map((number) => idOf.get(number));
}

async function recordRow(file: StagedFile, { text, row, photo }: Ready, candidateId: string | undefined, now: string, commands: CommandBus) {
  const found: Found = { ...(candidateId !== undefined && { candidateId }), ...(photo && { photo }) };
  try {
    const { recorded } = await commands.execute(file.kind.command(row, givenFor(`${file.name}\n${text}`, now), found));
    return recorded;
  } catch (error) {
    // what the decider alone can tell: the row stays out, the others are recorded
    if (error instanceof Refusal) return { refused: `未能记录：${error.code}` };
    if (error instanceof BadPhoto) return { refused: error.message };
    throw error;
  }
}

/** A command that says what holds: its id follows from what the row says. */
export function givenFor(content: string, at: string): Given {
  return { id: namedId(`import\n${content}`), at, states: true };
}
