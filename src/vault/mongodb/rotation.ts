import type { Collection } from 'mongodb';
import { Mongodb } from '../../mongodb/mongodb.js';
import type { OfficerKey, VaultRow } from '../master-key.js';
import { BadRotation, type KeyChecks, VaultUnderRotation } from '../rotation.js';
import type { CandidateDocument, CheckDocument, OfficerDocument, TombstoneKeyDocument } from './documents.js';

/** Milliseconds that writing many rows may take. */
const BULK_TIMEOUT = 60_000;

/** The vault in MongoDB during a rotation. It cannot lock out processes that had it open before. */
export class MongodbVaultUnderRotation extends VaultUnderRotation {
  private readonly database: Mongodb;

  constructor(url: string) {
    super();
    this.database = Mongodb.open(url);
  }

  async checks(): Promise<KeyChecks> {
    const row = await this.database.withTimeout(this.kept.findOne({ _id: 'check' }));
    if (!row) throw new BadRotation(`数据库 ${this.database.name} 中没有密钥库`);
    return { check: row.value, before: row.before, former: row.former };
  }

  async begin(value: Uint8Array, before: Uint8Array): Promise<void> {
    await this.database.withTimeout(this.kept.updateOne({ _id: 'check' }, { $set: { value, before } }));
  }

  async finish(): Promise<void> {
    await this.database.withTimeout(this.kept.updateOne({ _id: 'check' }, { $rename: { before: 'former' } }));
  }

  async tombstoneKey(): Promise<Uint8Array | undefined> {
    return (await this.database.withTimeout(this.tombstoneKeys.findOne({ _id: 'tombstone key' })))?.value;
  }

  async setTombstoneKey(value: Uint8Array): Promise<void> {
    await this.database.withTimeout(this.tombstoneKeys.updateOne({ _id: 'tombstone key' }, { $set: { value } }));
  }

  async count(): Promise<number> {
    return this.database.withTimeout(this.candidates.countDocuments(), BULK_TIMEOUT);
  }

  async rows(after: string | undefined, limit: number): Promise<readonly VaultRow[]> {
    const page = this.candidates
      .find(after === undefined ? {} : { _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit);
    return (await this.database.withTimeout(page.toArray())).map(({ _id: id, ...row }) => ({ id, ...row }));
  }

  async write(replaced: readonly VaultRow[], deleted: readonly string[]): Promise<void> {
    await this.database.withTimeout(
      this.candidates.bulkWrite([
        ...replaced.map(({ id: _id, ...row }) => ({ updateOne: { filter: { _id }, update: { $set: row } } })),
        ...deleted.map((_id) => ({ deleteOne: { filter: { _id } } })),
      ]),
      BULK_TIMEOUT,
    );
  }

  async officerKeys(): Promise<readonly OfficerKey[]> {
    return (await this.database.withTimeout(this.officers.find().toArray(), BULK_TIMEOUT)).map(({ _id: id, wrapped }) => ({ id, wrapped }));
  }

  async setOfficerKeys(keys: readonly OfficerKey[]): Promise<void> {
    const updates = keys.map(({ id: _id, wrapped }) => ({ updateOne: { filter: { _id }, update: { $set: { wrapped } } } }));
    await this.database.withTimeout(this.officers.bulkWrite(updates), BULK_TIMEOUT);
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private get candidates(): Collection<CandidateDocument> {
    return this.database.collection('candidates');
  }

  private get officers(): Collection<OfficerDocument> {
    return this.database.collection('officers');
  }

  private get kept(): Collection<CheckDocument> {
    return this.database.collection('vault');
  }

  private get tombstoneKeys(): Collection<TombstoneKeyDocument> {
    return this.database.collection('vault');
  }
}
