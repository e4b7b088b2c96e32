import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Revision } from '../../event-store/append.js';
import { currentCause } from '../../event-store/cause.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { FileOutcome, ImportEvent } from '../imports.events.js';
import { importStream } from '../imports.streams.js';
import type { StagedFile } from '../staging/staged-file.js';

/** Who imports a batch, and why; `ticket` is the number of a request in another system. */
export interface BatchOrigin {
  /** The account of a person of the office, or what imports by itself. */
  readonly by: string;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
}

/** Notes that a batch begins, before any of its rows is recorded. The current cause's correlation is its id. @throws StoreUnavailable */
export async function noteBegin(events: EventStore, origin: BatchOrigin, files: readonly StagedFile[]): Promise<void> {
  const read = [];
  for (const { name, rows, path } of files) read.push({ file: `${name}.csv`, rows, sha256: await sha256Of(path) });
  await note(events, { type: 'ImportBegun', data: { batch: currentCause().correlation, ...recorded(origin), files: read } }, 'no_stream');
}

/** Notes that the undoing of a batch begins, as `noteBegin`. @throws StoreUnavailable */
export async function noteUndoing(events: EventStore, origin: BatchOrigin, undoes: string): Promise<void> {
  await note(events, { type: 'ImportBegun', data: { batch: currentCause().correlation, ...recorded(origin), undoes, files: [] } }, 'no_stream');
}

function recorded({ by, reason, ticket }: BatchOrigin) {
  return { account: by, ...(reason !== undefined && { reason }), ...(ticket !== undefined && { ticket }) };
}

/** Notes that all of a batch is recorded. @throws StoreUnavailable */
export async function noteEnd(events: EventStore, files: readonly FileOutcome[]): Promise<void> {
  const count = files.reduce((sum, file) => sum + file.recorded, 0);
  await note(events, { type: 'ImportEnded', data: { batch: currentCause().correlation, recorded: count, files } }, 0);
}

async function note(events: EventStore, event: ImportEvent, expected: Revision): Promise<void> {
  const metadata = { ...currentCause(), command: randomUUID() };
  const [answer] = await events.append([{ stream: importStream(event.data.batch), expected, events: [{ ...event, id: randomUUID(), metadata }] }]);
  if (answer instanceof Error) throw answer;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}
