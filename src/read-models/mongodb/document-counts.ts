import type { Position } from '../../event-store/event.js';
import type { Mongodb } from '../../mongodb/mongodb.js';
import type { Inspection } from '../build-store.js';
import { nameOf, type ReadModel } from '../projection.js';
import { BULK_TIMEOUT, documentsOf, PROJECTOR, type ProjectorRow, projectorIn } from './collections.js';

/** Looks at a build that is written meanwhile. */
const ATTEMPTS = 3;

/** How many documents, tombstones included, a build has at its checkpoint; undefined where that is not known. */
export function keptCount(row: ProjectorRow | null, name: string): number | undefined {
  const { documents, position, anew } = row?.counts?.[name] ?? {};
  return anew || position === undefined || position !== row?.checkpoints?.[name]?.position ? undefined : documents;
}

/** Whether nothing is kept of the number of a build's documents although there is a checkpoint. */
export function isUncounted(row: ProjectorRow | null, name: string): boolean {
  return row?.checkpoints?.[name] !== undefined && row.counts?.[name] === undefined;
}

/** How many documents are stored, and how many there were by what is kept. The metadata's number is checked where the two differ. */
export async function countsIn(database: Mongodb, model: ReadModel<unknown>): Promise<Pick<Inspection, 'stored' | 'kept' | 'isUncounted'>> {
  const documents = documentsOf(database, model);
  for (let attempt = 0; ; attempt++) {
    const row = await projectorRow(database);
    const kept = keptCount(row, nameOf(model));
    const estimated = await database.withTimeout(documents.estimatedDocumentCount(), BULK_TIMEOUT);
    if (isUncounted(row, nameOf(model))) return { stored: estimated, isUncounted: true };
    if (kept === undefined || kept === estimated) return { stored: estimated, ...(kept !== undefined && { kept }) };
    const stored = await countDocuments(database, model);
    const isExact = stored === kept || !(await hasDocumentsAhead(database, model, row?.checkpoints?.[nameOf(model)]?.position));
    if (isExact) return { stored, kept };
    if (attempt === ATTEMPTS) return { stored }; // a write is unfinished: some of them may be counted with it
  }
}

/**
 * Takes the number of documents anew. Where the projector moves the checkpoint meanwhile each time, it does so with its next batch. One
 * that writes a batch at the same time adds to this number: none of its documents is counted yet, or this tries again.
 */
export async function recount(database: Mongodb, model: ReadModel<unknown>): Promise<void> {
  const name = nameOf(model);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const position = (await projectorRow(database))?.checkpoints?.[name]?.position;
    if (position === undefined) return; // the first batch counts
    const documents = await countDocuments(database, model);
    if (await hasDocumentsAhead(database, model, position)) continue;
    const counted = { $set: { [`counts.${name}`]: { documents, position } } };
    const { matchedCount } = await database.withTimeout(
      projectorIn(database).updateOne({ _id: PROJECTOR, [`checkpoints.${name}.position`]: position }, counted),
    );
    if (matchedCount > 0) return;
  }
  await database.withTimeout(projectorIn(database).updateOne({ _id: PROJECTOR }, { $set: { [`counts.${name}.anew`]: true } }));
}

/** Reads the keys of all: the number in the metadata may be wrong after a crash of the server. */
export function countDocuments(database: Mongodb, model: ReadModel<unknown>): Promise<number> {
  return database.withTimeout(documentsOf(database, model).countDocuments({}), BULK_TIMEOUT);
}

async function hasDocumentsAhead(database: Mongodb, model: ReadModel<unknown>, position: Position = ''): Promise<boolean> {
  const ahead = documentsOf(database, model).findOne({ position: { $gt: position } }, { projection: { _id: 1 } });
  return (await database.withTimeout(ahead, BULK_TIMEOUT)) !== null;
}

export function projectorRow(database: Mongodb): Promise<ProjectorRow | null> {
  return database.withTimeout(projectorIn(database).findOne({ _id: PROJECTOR }));
}
