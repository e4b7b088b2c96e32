import type { Collection } from 'mongodb';
import type { Mongodb } from '../../mongodb/mongodb.js';
import { damagedVault, type MasterKey } from '../master-key.js';
import { type InspectedRow, VaultInspection } from '../vault.js';
import type { CandidateDocument, OfficerDocument, TombstoneKeyDocument } from './documents.js';

/** Milliseconds that a question about many rows may take. */
const TIMEOUT = 60_000;

/** @throws DamagedFile where it is gone */
export async function tombstoneKey(database: Mongodb): Promise<Uint8Array> {
  const keys: Collection<TombstoneKeyDocument> = database.collection('vault');
  const found = await database.withTimeout(keys.findOne({ _id: 'tombstone key' }));
  if (!found) throw damagedVault('缺少识别已删除号码的密钥');
  return found.value;
}

export class MongodbVaultInspection extends VaultInspection {
  constructor(
    private readonly database: Mongodb,
    private readonly master: MasterKey,
  ) {
    super();
  }

  async count(): Promise<number> {
    return this.database.withTimeout(this.candidates.countDocuments(), TIMEOUT);
  }

  async rows(ids: readonly string[]): Promise<readonly (InspectedRow | undefined)[]> {
    const rows = await this.database.withTimeout(this.candidates.find({ _id: { $in: [...ids] } }).toArray(), TIMEOUT);
    const found = new Map(rows.map(({ _id: id, ...row }) => [id, this.master.inspected({ id, ...row })]));
    return ids.map((id) => found.get(id));
  }

  async haveTombstones(tombstones: readonly string[]): Promise<readonly boolean[]> {
    const kept: Collection<{ readonly _id: string }> = this.database.collection('tombstones');
    const rows = await this.database.withTimeout(kept.find({ _id: { $in: [...tombstones] } }).toArray(), TIMEOUT);
    const found = new Set(rows.map(({ _id }) => _id));
    return tombstones.map((each) => found.has(each));
  }

  async wereErased(ids: readonly string[]): Promise<readonly boolean[]> {
    const key = await tombstoneKey(this.database);
    return this.haveTombstones(ids.map((id) => Buffer.from(this.master.erasure(key, id)).toString('base64url')));
  }

  async unusableOfficers(): Promise<readonly string[]> {
    const officers: Collection<OfficerDocument> = this.database.collection('officers');
    const keys = await this.database.withTimeout(officers.find().toArray(), TIMEOUT);
    return this.master.unusable(keys.map(({ _id: id, wrapped }) => ({ id, wrapped })));
  }

  private get candidates(): Collection<CandidateDocument> {
    return this.database.collection('candidates');
  }
}
