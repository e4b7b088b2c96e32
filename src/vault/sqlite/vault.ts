import type { StatementSync } from 'node:sqlite';
import { v7 as uuid } from 'uuid';
import { type Query, query } from '../../sqlite/query.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { SqliteFile } from '../../sqlite/sqlite-file.js';
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
import { SqliteVaultInspection, tombstoneKey } from './inspection.js';
import { prepareVault } from './prepare-vault.js';

interface Row {
  readonly id: string;
  readonly wrapped: Uint8Array;
}

/** A candidate's id with the hash of the name. */
interface NameHashRow extends Pick<Row, 'id'> {
  readonly name: Uint8Array;
}

/** A new candidate whose row is not inserted yet. */
interface NewCandidate extends Row {
  readonly safe: Safe;
}

/** The vault as one SQLite file, readable by its owner alone. */
export class SqliteVault extends Vault {
  override readonly inspection: SqliteVaultInspection;
  private readonly master: MasterKey;
  private readonly db: SqliteFile;
  private readonly byId: Query<Row>;
  private readonly byAdmission: Query<Row>;
  private readonly idByAdmission: Query<Pick<Row, 'id'>>;
  private readonly byCitizen: Query<NameHashRow>;
  private readonly byName: Query<Pick<Row, 'id'>>;
  private readonly foundRow: Query<Pick<Row, 'id'>>;
  private readonly insert: StatementSync;
  private readonly update: StatementSync;
  private readonly remove: StatementSync;

  /**
   * Opens the file, or creates it.
   * @param masterKey 32 bytes
   * @throws WrongMasterKey when the file was created with another, UnfinishedRotation, DamagedFile, StoreUnavailable
   */
  constructor(file: string, masterKey: Uint8Array) {
    super();
    this.master = new MasterKey(masterKey);
    this.db = new SqliteFile(file, { timeout: 10_000, remedy: RESTORE });
    try {
      // secure_delete overwrites a forgotten candidate's wrapped key
      this.db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 8000;');
      prepareVault(this.db, this.master);
      this.inspection = new SqliteVaultInspection(this.db, this.master);
    } catch (error) {
      this.db.close();
      throw error;
    }
    this.byId = query(this.db, 'SELECT id, wrapped FROM candidates WHERE id = ?');
    this.byAdmission = query(this.db, 'SELECT id, wrapped FROM candidates WHERE admission = ?');
    // without the wrapped key, because copying its bytes costs more than the search
    this.idByAdmission = query(this.db, 'SELECT id FROM candidates WHERE admission = ?');
    this.byCitizen = query(this.db, 'SELECT id, name FROM candidates WHERE citizen = ? ORDER BY id');
    // without an index, which every import would write: only an operator asks, once
    this.byName = query(this.db, 'SELECT id FROM candidates WHERE name IN (?, ?) ORDER BY id LIMIT ?');
    this.foundRow = query(this.db, 'SELECT id FROM candidates WHERE id = ? AND citizen = ? AND name = ?');
    this.insert = this.db.prepare('INSERT INTO candidates (id, admission, citizen, name, wrapped) VALUES (?, ?, ?, ?, ?) ON CONFLICT (admission) DO NOTHING');
    this.update = this.db.prepare('UPDATE candidates SET citizen = ?1, name = ?2 WHERE id = ?3 AND (citizen != ?1 OR name != ?2)');
    this.remove = this.db.prepare('DELETE FROM candidates WHERE id = ?');
  }

  async find(admissionNos: readonly string[]): Promise<readonly (string | undefined)[]> {
    const hashes = admissionNos.map((admissionNo) => this.master.admissionHash(admissionNo));
    return this.transaction('', () => hashes.map((hash) => this.idByAdmission.get(hash)?.id));
  }

  async findByName(name: string, limit: number): Promise<readonly string[]> {
    return this.byName.all(...this.master.nameHashes(name), limit).map(({ id }) => id);
  }

  async findByCitizenNos(people: readonly CitizenQuery[]): Promise<readonly (readonly CitizenMatch[])[]> {
    const hashed = people.map(({ citizenNo, name }) => ({ citizen: this.master.citizenHash(citizenNo), names: this.master.nameHashes(name) }));
    const found = this.transaction('', () => hashed.map(({ citizen }) => this.byCitizen.all(citizen)));
    return hashed.map(({ names }, at) => {
      const named = names.map((hash) => Buffer.from(hash));
      return (found[at] ?? []).map((row) => ({ id: row.id, sameName: named.some((hash) => hash.equals(row.name)) }));
    });
  }

  async findOrCreateSafes(people: readonly Identifiers[]): Promise<readonly Safe[]> {
    const hashed = people.map((person) => this.master.hashes(person));
    const known = this.transaction('', () => hashed.map(({ admission }) => this.idByAdmission.get(admission) !== undefined));
    // creates keys before locking the file, because others may be waiting for it
    const newCandidates = known.map((isKnown) => (isKnown ? undefined : this.newCandidate()));
    const admitted = this.transaction('IMMEDIATE', () => hashed.map((hashes, at) => this.admitOne(hashes, newCandidates[at])));
    return admitted.map(({ id, wrapped, safe }) => safe ?? this.master.safe(id, wrapped));
  }

  /** The existing row of an admission number, or else the new one. */
  private admitOne({ admission, citizen, name }: Hashes, newCandidate: NewCandidate | undefined): Row & Partial<NewCandidate> {
    if (newCandidate && this.insert.run(newCandidate.id, admission, citizen, name, newCandidate.wrapped).changes > 0) return newCandidate;
    const known = this.byAdmission.get(admission);
    if (!known) return this.admitOne({ admission, citizen, name }, this.newCandidate()); // deleted since it was looked up
    return known;
  }

  private newCandidate(): NewCandidate {
    const id = uuid();
    return { id, ...this.master.newSafe(id) };
  }

  async areFoundBy(people: readonly FoundBy[]): Promise<readonly boolean[]> {
    const hashed = people.map(({ id, citizenNo, name }) => ({ id, citizen: this.master.citizenHash(citizenNo), name: this.master.nameHash(name) }));
    return this.transaction('', () => hashed.map(({ id, citizen, name }) => this.foundRow.get(id, citizen, name) !== undefined));
  }

  async identify(people: readonly FoundBy[]): Promise<void> {
    const hashed = people.map(({ id, citizenNo, name }) => [this.master.citizenHash(citizenNo), this.master.nameHash(name), id] as const);
    this.transaction('IMMEDIATE', () => {
      for (const each of hashed) this.update.run(...each);
    });
  }

  async safes(ids: readonly string[]): Promise<readonly Safe[]> {
    const rows = this.transaction('', () => ids.map((id) => this.byId.get(id)));
    return ids.map((id, at) => {
      const row = rows[at];
      return row ? this.master.safe(row.id, row.wrapped) : new ForgottenSafe(id);
    });
  }

  async findOrCreateOfficerSafe(account: string): Promise<Safe> {
    const id = officerKeyId(account);
    this.db.prepare('INSERT OR IGNORE INTO officers VALUES (?, ?)').run(id, this.master.newSafe(id).wrapped);
    return this.officerSafe(account);
  }

  async officerSafe(account: string): Promise<Safe> {
    const row = query<Row>(this.db, 'SELECT id, wrapped FROM officers WHERE id = ?').get(officerKeyId(account));
    return row ? this.master.safe(row.id, row.wrapped) : new ForgottenSafe(officerKeyId(account));
  }

  async tombstone(admissionNo: string): Promise<string> {
    return Buffer.from(this.tombstoneHash(admissionNo)).toString('base64url');
  }

  async forget(id: string, tombstone?: string): Promise<void> {
    this.transaction('IMMEDIATE', () => {
      const bury = this.db.prepare('INSERT OR IGNORE INTO tombstones VALUES (?)');
      if (tombstone !== undefined) bury.run(Buffer.from(tombstone, 'base64url'));
      bury.run(this.master.erasure(tombstoneKey(this.db), id));
      this.remove.run(id);
    });
    // the WAL still holds the page with the row; truncating removes it as soon as no reader needs it
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async wereForgotten(admissionNos: readonly string[]): Promise<readonly boolean[]> {
    const isThere = this.db.prepare('SELECT 1 FROM tombstones WHERE admission = ?');
    return this.transaction('', () => {
      if (!this.db.prepare('SELECT 1 FROM tombstones LIMIT 1').get()) return admissionNos.map(() => false);
      return admissionNos.map((admissionNo) => isThere.get(this.tombstoneHash(admissionNo)) !== undefined);
    });
  }

  async forgottenUpTo(): Promise<LogCheckpoint | undefined> {
    return this.noted('forgotten');
  }

  async setForgottenUpTo({ position, eventId, candidates }: LogCheckpoint): Promise<void> {
    this.note('forgotten', { position, eventId, candidates });
  }

  async owner(): Promise<VaultOwner | undefined> {
    return this.noted('owner');
  }

  async setOwner({ installation, hasPhotos }: VaultOwner): Promise<void> {
    this.note('owner', { installation, hasPhotos });
  }

  async nameHashing(): Promise<NameHashProgress | undefined> {
    return this.noted('names');
  }

  async nameRows(after: string | undefined, limit: number): Promise<readonly NameRow[]> {
    const page = query<Row & NameHashRow>(this.db, 'SELECT id, name, wrapped FROM candidates WHERE id > ? ORDER BY id LIMIT ?');
    const rows = page.all(after ?? '', limit);
    return rows.map(({ id, name, wrapped }) => ({ safe: this.master.safe(id, wrapped), hash: name }));
  }

  async hashNames(names: readonly NameRehash[], reached: NameHashProgress): Promise<void> {
    const rename = this.db.prepare('UPDATE candidates SET name = ?1 WHERE id = ?2 AND name = ?3 AND name != ?1');
    const hashed = names.map(({ id, hash, name }) => [this.master.nameHash(name), id, hash] as const);
    this.transaction('IMMEDIATE', () => {
      for (const each of hashed) rename.run(...each);
      this.note('names', reached);
    });
  }

  async close(): Promise<void> {
    this.db.close();
  }

  private tombstoneHash(admissionNo: string): Uint8Array {
    return this.master.tombstone(tombstoneKey(this.db), admissionNo);
  }

  private noted<T>(name: string): T | undefined {
    const row = this.db.prepare('SELECT value FROM vault WHERE name = ?').get(name) as { value: Uint8Array } | undefined;
    return row && this.db.json(Buffer.from(row.value).toString());
  }

  private note(name: string, value: object): void {
    this.db.prepare('INSERT OR REPLACE INTO vault VALUES (?, ?)').run(name, Buffer.from(JSON.stringify(value)));
  }

  /** Reads in one transaction lock the file and check the WAL only once. */
  private transaction<T>(kind: 'IMMEDIATE' | '', work: () => T): T {
    this.db.exec(`BEGIN ${kind}`);
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }
}
