import type { Collection } from 'mongodb';
import { v7 as uuid } from 'uuid';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isDuplicateKey, Mongodb } from '../../mongodb/mongodb.js';
import { type Hashes, MasterKey, officerKeyId } from '../master-key.js';
import { ForgottenSafe } from '../safe.js';
import {
  type CitizenMatch,
  type CitizenQuery,
  type FoundBy,
  type Identifiers,
  type LogCheckpoint,
  type NameHashProgress,
  type NameRehash,
  type NameRow,
  type Safe,
  Vault,
  type VaultOwner,
} from '../vault.js';
import type { CandidateDocument, ForgottenDocument, NameHashingDocument, OfficerDocument, OwnerDocument } from './documents.js';
import { MongodbVaultInspection, tombstoneKey } from './inspection.js';
import { prepareVault } from './prepare-vault.js';

/** Candidates in one call that no page asks for: an import does, and nobody waits for it. */
const MANY = 100;

/** How long a call for so many may take, in milliseconds. */
const MANY_TIMEOUT = 50_000;

/** Attempts when other processes create the same rows at the same time; each attempt finds some of them. */
const MAX_ATTEMPTS = 10;

/** The vault in MongoDB. Writes resolve when a majority has them. */
export class MongodbVault extends Vault {
  override readonly inspection: MongodbVaultInspection;

  private constructor(
    private readonly database: Mongodb,
    private readonly master: MasterKey,
  ) {
    super();
    this.inspection = new MongodbVaultInspection(database, master);
  }

  /**
   * Opens the vault in the database that a URL names, or creates it.
   * @param masterKey 32 bytes
   * @throws WrongMasterKey when it was created with another, UnfinishedRotation, StoreUnavailable
   */
  static async open(url: string, masterKey: Uint8Array): Promise<MongodbVault> {
    const database = Mongodb.open(url);
    try {
      const master = new MasterKey(masterKey);
      await prepareVault(database, master);
      return new MongodbVault(database, master);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async find(admissionNos: readonly string[]): Promise<readonly (string | undefined)[]> {
    const hashes = admissionNos.map((admissionNo) => this.master.admissionHash(admissionNo));
    const found = await this.many(hashes.length, this.candidates.find({ admission: { $in: hashes } }, { projection: { admission: 1 } }).toArray());
    const ids = new Map(found.map(({ _id, admission }) => [textOf(admission), _id]));
    return hashes.map((hash) => ids.get(textOf(hash)));
  }

  async findByName(name: string, limit: number): Promise<readonly string[]> {
    const rows = this.candidates.find({ name: { $in: [...this.master.nameHashes(name)] } }, { projection: { _id: 1 } });
    const found = await this.database.withTimeout(rows.sort({ _id: 1 }).limit(limit).toArray());
    return found.map(({ _id }) => _id);
  }

  async findByCitizenNos(people: readonly CitizenQuery[]): Promise<readonly (readonly CitizenMatch[])[]> {
    const hashed = people.map(({ citizenNo, name }) => ({ citizen: this.master.citizenHash(citizenNo), names: this.master.nameHashes(name).map(textOf) }));
    const rows = await this.many(people.length, this.candidates.find({ citizen: { $in: hashed.map(({ citizen }) => citizen) } }).toArray());
    const byCitizen = Map.groupBy(
      rows.toSorted((one, other) => (one._id < other._id ? -1 : 1)),
      ({ citizen }) => textOf(citizen),
    );
    return hashed.map(({ citizen, names }) =>
      (byCitizen.get(textOf(citizen)) ?? []).map(({ _id, name }) => ({ id: _id, sameName: names.includes(textOf(name)) })),
    );
  }

  async findOrCreateSafes(people: readonly Identifiers[]): Promise<readonly Safe[]> {
    const hashed = people.map((person) => this.master.hashes(person));
    const byAdmission = new Map(hashed.map((hashes) => [textOf(hashes.admission), hashes]));
    const rows = await this.findOrCreateRows([...byAdmission.values()]);
    return hashed.map(({ admission }) => {
      const { _id, wrapped } = rows.get(textOf(admission)) as CandidateDocument;
      return this.master.safe(_id, wrapped);
    });
  }

  /** The row of each admission number's hash, created if missing. The process that creates it first decides the id. */
  private async findOrCreateRows(people: readonly Hashes[]): Promise<ReadonlyMap<string, CandidateDocument>> {
    for (let round = 0; round < MAX_ATTEMPTS; round++) {
      const found = await this.many(people.length, this.candidates.find({ admission: { $in: people.map(({ admission }) => admission) } }).toArray());
      const known = new Map(found.map((row) => [textOf(row.admission), row]));
      const made = people.filter(({ admission }) => !known.has(textOf(admission))).map((hashes) => this.newRow(hashes));
      if (made.length === 0 || (await this.insert(this.candidates.insertMany(made, { ordered: false }), made.length))) {
        return new Map([...known, ...made.map((row) => [textOf(row.admission), row] as const)]);
      }
    }
    throw new StoreUnavailable('别的程序一直在登记和删除同样的考生，请稍后再试');
  }

  private newRow({ admission, citizen, name }: Hashes): CandidateDocument {
    const _id = uuid();
    return { _id, admission, citizen, name, wrapped: this.master.newSafe(_id).wrapped };
  }

  async areFoundBy(people: readonly FoundBy[]): Promise<readonly boolean[]> {
    const ids = people.map(({ id }) => id);
    const found = await this.many(ids.length, this.candidates.find({ _id: { $in: ids } }, { projection: { citizen: 1, name: 1 } }).toArray());
    const rows = new Map(found.map((row) => [row._id, row]));
    return people.map(({ id, citizenNo, name }) => {
      const row = rows.get(id);
      return row !== undefined && textOf(row.citizen) === textOf(this.master.citizenHash(citizenNo)) && textOf(row.name) === textOf(this.master.nameHash(name));
    });
  }

  async identify(people: readonly FoundBy[]): Promise<void> {
    const updates = people.map(({ id, citizenNo, name }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { citizen: this.master.citizenHash(citizenNo), name: this.master.nameHash(name) } } },
    }));
    if (updates.length > 0) await this.many(updates.length, this.candidates.bulkWrite(updates, { ordered: false }));
  }

  async safes(ids: readonly string[]): Promise<readonly Safe[]> {
    const found = await this.many(ids.length, this.candidates.find({ _id: { $in: ids } }, { projection: { wrapped: 1 } }).toArray());
    const wrapped = new Map(found.map((row) => [row._id, row.wrapped]));
    return ids.map((id) => {
      const key = wrapped.get(id);
      return key ? this.master.safe(id, key) : new ForgottenSafe(id);
    });
  }

  async findOrCreateOfficerSafe(account: string): Promise<Safe> {
    const _id = officerKeyId(account);
    await this.insert(this.officers.insertOne({ _id, wrapped: this.master.newSafe(_id).wrapped }));
    return this.officerSafe(account);
  }

  async officerSafe(account: string): Promise<Safe> {
    const row = await this.database.withTimeout(this.officers.findOne({ _id: officerKeyId(account) }));
    return row ? this.master.safe(row._id, row.wrapped) : new ForgottenSafe(officerKeyId(account));
  }

  async tombstone(admissionNo: string): Promise<string> {
    return Buffer.from(this.master.tombstone(await tombstoneKey(this.database), admissionNo)).toString('base64url');
  }

  async forget(id: string, tombstone?: string): Promise<void> {
    const erasure = Buffer.from(this.master.erasure(await tombstoneKey(this.database), id)).toString('base64url');
    // the tombstones first: a process that dies in between repeats all of it
    for (const _id of tombstone === undefined ? [erasure] : [tombstone, erasure]) {
      await this.database.withTimeout(this.tombstones.updateOne({ _id }, { $setOnInsert: { _id } }, { upsert: true }));
    }
    await this.database.withTimeout(this.candidates.deleteOne({ _id: id }));
  }

  async wereForgotten(admissionNos: readonly string[]): Promise<readonly boolean[]> {
    if (!(await this.database.withTimeout(this.tombstones.findOne({})))) return admissionNos.map(() => false);
    const hashes = await Promise.all(admissionNos.map((admissionNo) => this.tombstone(admissionNo)));
    const found = await this.database.withTimeout(this.tombstones.find({ _id: { $in: hashes } }).toArray());
    const known = new Set(found.map(({ _id }) => _id));
    return hashes.map((hash) => known.has(hash));
  }

  async forgottenUpTo(): Promise<LogCheckpoint | undefined> {
    const row = await this.database.withTimeout(this.marks.findOne({ _id: 'forgotten' }));
    if (!row) return undefined;
    const { position, eventId, candidates } = row;
    return { position, eventId, ...(candidates !== undefined && { candidates }) };
  }

  async setForgottenUpTo({ position, eventId, candidates }: LogCheckpoint): Promise<void> {
    const mark = { position, eventId, ...(candidates !== undefined && { candidates }) };
    await this.database.withTimeout(this.marks.replaceOne({ _id: 'forgotten' }, mark, { upsert: true }));
  }

  async owner(): Promise<VaultOwner | undefined> {
    const row = await this.database.withTimeout(this.owners.findOne({ _id: 'owner' }));
    return row ? { installation: row.installation, hasPhotos: row.hasPhotos } : undefined;
  }

  async setOwner({ installation, hasPhotos }: VaultOwner): Promise<void> {
    await this.database.withTimeout(this.owners.updateOne({ _id: 'owner' }, { $set: { installation, hasPhotos } }, { upsert: true }));
  }

  async nameHashing(): Promise<NameHashProgress | undefined> {
    const row = await this.database.withTimeout(this.hashings.findOne({ _id: 'names' }));
    return row ? { rule: row.rule, done: row.done, ...(row.after !== undefined && { after: row.after }) } : undefined;
  }

  async nameRows(after: string | undefined, limit: number): Promise<readonly NameRow[]> {
    const page = this.candidates
      .find(after === undefined ? {} : { _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit);
    return (await this.database.withTimeout(page.toArray())).map(({ _id, name, wrapped }) => ({ safe: this.master.safe(_id, wrapped), hash: name }));
  }

  async hashNames(names: readonly NameRehash[], reached: NameHashProgress): Promise<void> {
    const updates = names.map(({ id, hash, name }) => ({
      updateOne: { filter: { _id: id, name: hash }, update: { $set: { name: this.master.nameHash(name) } } },
    }));
    if (updates.length > 0) await this.many(updates.length, this.candidates.bulkWrite(updates, { ordered: false }));
    await this.database.withTimeout(this.hashings.updateOne({ _id: 'names' }, { $set: reached }, { upsert: true }));
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  /** Whether everything was inserted; false when some of it existed already. */
  private async insert(inserting: Promise<unknown>, count = 1): Promise<boolean> {
    try {
      await this.many(count, inserting);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The outcome of a call for so many candidates. */
  private many<T>(count: number, call: Promise<T>): Promise<T> {
    return count > MANY ? this.database.withTimeout(call, MANY_TIMEOUT) : this.database.withTimeout(call);
  }

  private get candidates(): Collection<CandidateDocument> {
    return this.database.collection('candidates');
  }

  private get officers(): Collection<OfficerDocument> {
    return this.database.collection('officers');
  }

  private get hashings(): Collection<NameHashingDocument> {
    return this.database.collection('vault');
  }

  private get tombstones(): Collection<{ readonly _id: string }> {
    return this.database.collection('tombstones');
  }

  private get owners(): Collection<OwnerDocument> {
    return this.database.collection('vault');
  }

  private get marks(): Collection<ForgottenDocument> {
    return this.database.collection('vault');
  }
}

/** Bytes as text, to compare them and to use them as keys of a map. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
