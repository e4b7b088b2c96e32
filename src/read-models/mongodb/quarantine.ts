import type { Collection } from 'mongodb';
import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import type { Quarantined } from '../read-models.js';
import { BULK_TIMEOUT } from './collections.js';

interface QuarantineRow extends Quarantined {
  /** Read model and key, as JSON. */
  readonly _id: string;
  readonly readModel: string;
}

export function quarantineIn(database: Mongodb): Collection<QuarantineRow> {
  return database.collection('quarantine');
}

/** The id of a document in quarantine. */
export function quarantineId(model: ReadModel<unknown>, key: string): string {
  return JSON.stringify([nameOf(model), key]);
}

/** Takes documents out of quarantine. */
export async function releaseQuarantined(database: Mongodb, model: ReadModel<unknown>, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await database.withTimeout(quarantineIn(database).deleteMany({ _id: { $in: keys.map((key) => quarantineId(model, key)) } }), BULK_TIMEOUT);
}

/** Keeps the first event that a document could not take; another writer finds the same one. */
export async function keepQuarantined(
  database: Mongodb,
  batches: readonly { readonly projection: Projection; readonly quarantined: readonly Quarantined[] }[],
): Promise<void> {
  const rows = batches.flatMap(({ projection, quarantined }) =>
    quarantined.map(({ key, position, error }) => ({ _id: quarantineId(projection, key), readModel: nameOf(projection), key, position, error })),
  );
  if (rows.length === 0) return;
  try {
    await database.withTimeout(quarantineIn(database).insertMany(rows, { ordered: false }), BULK_TIMEOUT);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
