import type { Collection, IndexDescriptionInfo } from 'mongodb';
import type { Position } from '../../event-store/event.js';
import { log } from '../../kernel/log.js';
import { isMissingCollection, type Mongodb } from '../../mongodb/mongodb.js';
import { nameOf, type ReadModel } from '../projection.js';
import type { Checkpoint } from '../read-models.js';
import { LEASES, type LeaseRow } from './lease.js';
import type { DocumentRow } from './rows.js';

/**
 * How many documents, tombstones included, a build has, and the checkpoint for which that holds: releases that keep none move it past
 * this. `anew`: it is to be counted with the next batch.
 */
export interface DocumentCount {
  readonly documents?: number;
  readonly position?: Position;
  readonly anew?: true;
}

/** The projector's lease and the checkpoints, which only its holder may write: one row, so that both change together. */
export interface ProjectorRow extends LeaseRow {
  readonly checkpoints?: Readonly<Record<string, Checkpoint>>;
  readonly counts?: Readonly<Record<string, DocumentCount>>;
}

export const PROJECTOR = 'projector';

/** Timeout of a bulk in milliseconds: no user waits for it, and it may be large. */
export const BULK_TIMEOUT = 50_000;

export function documentsOf(database: Mongodb, model: ReadModel<unknown>): Collection<DocumentRow> {
  return database.collection(nameOf(model));
}

export function projectorIn(database: Mongodb): Collection<ProjectorRow> {
  return database.collection(LEASES);
}

/** The field under which an index lists a document, or by whose values a lookup finds it. */
export function fieldOf(index: string): string {
  return `by.${index}`;
}

/** Names that can be part of a field's path and name a collection. */
const NAME = /^[\w-]+$/;

/**
 * Creates the collection of a read model and its indexes where they are missing.
 * @throws Error when it was made with others: these are part of what a version is
 */
export async function makeIndexes(database: Mongodb, model: ReadModel<unknown>): Promise<void> {
  const declared = declaredIndexes(model);
  for (const name of [model.name, ...declared]) if (!NAME.test(name)) throw new Error(`read model ${nameOf(model)}: ${name} is no name for MongoDB`);
  const documents = documentsOf(database, model);
  const found = await indexesOf(database, model);
  if (!found) await forgetSeen(database, model);
  if (!found) await database.createCollection(nameOf(model)); // created explicitly, so that an empty one can be told from one that was lost
  const { missing, others, foreign } = wrongIndexes(model, found ?? []);
  if (foreign.length > 0) throw new Error(`read model ${nameOf(model)} was made with other indexes: raise its version`);
  for (const index of others) await database.withTimeout(documents.dropIndex(index));
  const wanted = [...missing, ...others];
  if (wanted.length > 0) await database.withTimeout(documents.createIndexes(wanted.map((index) => ({ name: index, key: keyOf(index) }))), BULK_TIMEOUT);
}

/** Declared indexes that are not there, those in whose place there are others, and those of a projection that declares others. */
export function wrongIndexes(model: ReadModel<unknown>, made: readonly IndexDescriptionInfo[]) {
  const declared = declaredIndexes(model);
  const isRight = ({ name = '', key, ...options }: IndexDescriptionInfo) =>
    JSON.stringify(Object.entries(key)) === JSON.stringify(Object.entries(keyOf(name))) && !CHANGING.some((option) => options[option]);
  return {
    missing: declared.filter((index) => !made.some(({ name }) => name === index)),
    others: made.filter((index) => declared.includes(index.name ?? '') && !isRight(index)).map(({ name }) => name ?? ''),
    // one that a person has made for queries of their own is none of them
    foreign: made.filter(({ name = '', key }) => !declared.includes(name) && Object.keys(key)[0]?.startsWith(fieldOf(''))),
  };
}

/** Options of an index that leaves out documents, refuses them, or is not used. */
const CHANGING = ['sparse', 'unique', 'partialFilterExpression', 'hidden', 'collation', 'expireAfterSeconds'] as const;

/** What an index, or a lookup's, is made on. */
function keyOf(index: string): Readonly<Record<string, 1>> {
  return { [fieldOf(index)]: 1, _id: 1 };
}

/** A build that has lost its collection has seen nothing: it is folded from the log's start, and says meanwhile that it is behind. */
async function forgetSeen(database: Mongodb, model: ReadModel<unknown>): Promise<void> {
  const checkpoint = `checkpoints.${nameOf(model)}`;
  const forgotten = projectorIn(database).updateOne(
    { _id: PROJECTOR, [checkpoint]: { $exists: true } },
    { $unset: { [checkpoint]: '', [`counts.${nameOf(model)}`]: '' } },
  );
  const { modifiedCount } = await database.withTimeout(forgotten);
  if (modifiedCount > 0) log.warn({ readModel: nameOf(model) }, 'the collection of a read model is gone: its documents are folded again from the beginning');
}

/** By name, those of the projection's indexes and lookups. */
export function declaredIndexes({ indexes = {}, lookups = {} }: ReadModel<unknown>): readonly string[] {
  return [...Object.keys(indexes), ...Object.keys(lookups)];
}

/** The indexes that are there beside that of the keys; undefined where there is no collection. */
export async function indexesOf(database: Mongodb, model: ReadModel<unknown>): Promise<readonly IndexDescriptionInfo[] | undefined> {
  try {
    const indexes = await database.withTimeout(documentsOf(database, model).indexes());
    return indexes.filter(({ name }) => name !== '_id_');
  } catch (error) {
    if (isMissingCollection(error)) return undefined;
    throw error;
  }
}
