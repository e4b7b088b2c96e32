import type { Collection } from 'mongodb';
import { isDuplicateKey, type Mongodb } from '../../mongodb/mongodb.js';
import type { MasterKey } from '../master-key.js';
import { newMarks } from '../new-marks.js';
import type { CandidateDocument, CheckDocument, ForgottenDocument, OfficerDocument, TombstoneKeyDocument } from './documents.js';

type Mark = CheckDocument | TombstoneKeyDocument;

/** Creates what a new vault needs, or asserts that the vault is whole and of this master key. @throws WrongMasterKey, UnfinishedRotation, DamagedFile, StoreUnavailable */
export async function prepareVault(database: Mongodb, master: MasterKey): Promise<void> {
  const candidates: Collection<CandidateDocument> = database.collection('candidates');
  await database.withTimeout(candidates.createIndex({ admission: 1 }, { unique: true }));
  await database.withTimeout(candidates.createIndex({ citizen: 1, _id: 1 }));
  const { check, tombstoneKey } = await missingMarks(database, master);
  const made: readonly Mark[] = [
    ...(check ? [{ _id: 'check' as const, value: check }] : []),
    ...(tombstoneKey ? [{ _id: 'tombstone key' as const, value: tombstoneKey }] : []),
  ];
  for (const each of made) await insertOnce(database, each);
  if (made.length > 0) await missingMarks(database, master); // another process may have made them, with another master key
}

async function missingMarks(database: Mongodb, master: MasterKey) {
  const candidates: Collection<CandidateDocument> = database.collection('candidates');
  const officers: Collection<OfficerDocument> = database.collection('officers');
  const tombstones: Collection<{ readonly _id: string }> = database.collection('tombstones');
  const kept = <Mark extends { readonly _id: string }>(): Collection<Mark> => database.collection('vault');
  // what comes later is read first: another process may be making the vault
  const forgotten = await database.withTimeout(kept<ForgottenDocument>().findOne({ _id: 'forgotten' }));
  const hasTombstones = forgotten?.candidates !== undefined || (await database.withTimeout(tombstones.findOne({}))) !== null;
  const hasKeys = (await database.withTimeout(candidates.findOne({}))) !== null || (await database.withTimeout(officers.findOne({}))) !== null;
  const check = await database.withTimeout(kept<CheckDocument>().findOne({ _id: 'check' }));
  const tombstoneKey = await database.withTimeout(kept<TombstoneKeyDocument>().findOne({ _id: 'tombstone key' }));
  const marks = { check: check?.value, before: check?.before, tombstoneKey: tombstoneKey?.value, hasKeys, hasTombstones };
  return newMarks(marks, master, `the vault in the database ${database.name}`);
}

async function insertOnce(database: Mongodb, mark: Mark): Promise<void> {
  const marks: Collection<Mark> = database.collection('vault');
  try {
    await database.withTimeout(marks.insertOne(mark));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}
