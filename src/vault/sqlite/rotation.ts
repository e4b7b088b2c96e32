import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { query } from '../../sqlite/query.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { DamagedFile, isBusy, translateSqliteError } from '../../sqlite/sqlite-errors.js';
import type { OfficerKey, VaultRow } from '../master-key.js';
import { BadRotation, type KeyChecks, VaultUnderRotation } from '../rotation.js';

/** Milliseconds to wait for a process that is ending. */
const TIMEOUT = 2_000;

/** A vault's SQLite file during a rotation, locked against all other processes. */
export class SqliteVaultUnderRotation extends VaultUnderRotation {
  private readonly db: DatabaseSync;

  /** @throws BadRotation when the file does not exist or another process has it open; DamagedFile, as all methods */
  constructor(private readonly file: string) {
    super();
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) throw new BadRotation(`没有密钥库 ${file}（数据文件夹由 DATA_DIR 指定）`);
    if (found.size === 0) throw new DamagedFile(`${file} 已损坏（长度为 0）：${RESTORE}`);
    this.db = new DatabaseSync(file, { timeout: TIMEOUT });
    try {
      // exclusive mode before the first read: this fails while another process has the file open, and locks it for this one
      this.db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; BEGIN EXCLUSIVE; COMMIT');
    } catch (error) {
      this.db.close();
      if (isBusy(error)) throw new BadRotation('密钥库正在使用：请先停止个人中心的所有进程');
      throw translateSqliteError(error, file, RESTORE);
    }
  }

  async checks(): Promise<KeyChecks> {
    const check = this.value('check');
    if (!check) throw new BadRotation('这不是密钥库');
    return { check, before: this.value('check before'), former: this.value('check former') };
  }

  async begin(check: Uint8Array, before: Uint8Array): Promise<void> {
    this.transaction(() => {
      const put = this.db.prepare('INSERT OR REPLACE INTO vault VALUES (?, ?)');
      put.run('check', check);
      put.run('check before', before);
    });
  }

  async finish(): Promise<void> {
    this.guarded(() => {
      this.db.exec(`UPDATE OR REPLACE vault SET name = 'check former' WHERE name = 'check before'`);
      this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'); // the WAL still holds keys wrapped by the old master key
    });
  }

  async tombstoneKey(): Promise<Uint8Array | undefined> {
    return this.value('tombstone key');
  }

  async setTombstoneKey(wrapped: Uint8Array): Promise<void> {
    this.transaction(() => {
      this.db.prepare(`UPDATE vault SET value = ? WHERE name = 'tombstone key'`).run(wrapped);
    });
  }

  async count(): Promise<number> {
    return this.guarded(() => (this.db.prepare('SELECT count(*) AS rows FROM candidates').get() as { rows: number }).rows);
  }

  async rows(after: string | undefined, limit: number): Promise<readonly VaultRow[]> {
    return this.guarded(() => {
      const page = query<VaultRow>(this.db, 'SELECT id, admission, citizen, name, wrapped FROM candidates WHERE id > ? ORDER BY id LIMIT ?');
      return page.all(after ?? '', limit);
    });
  }

  async write(replaced: readonly VaultRow[], deleted: readonly string[]): Promise<void> {
    this.transaction(() => {
      const update = this.db.prepare('UPDATE candidates SET admission = ?, citizen = ?, name = ?, wrapped = ? WHERE id = ?');
      const remove = this.db.prepare('DELETE FROM candidates WHERE id = ?');
      for (const { id, admission, citizen, name, wrapped } of replaced) update.run(admission, citizen, name, wrapped, id);
      for (const id of deleted) remove.run(id);
    });
  }

  async officerKeys(): Promise<readonly OfficerKey[]> {
    return this.guarded(() => {
      // a vault of an earlier release that no centre has opened since has no such table
      const exists = this.db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'officers'`).get();
      return exists ? query<OfficerKey>(this.db, 'SELECT id, wrapped FROM officers ORDER BY id').all() : [];
    });
  }

  async setOfficerKeys(keys: readonly OfficerKey[]): Promise<void> {
    this.transaction(() => {
      const update = this.db.prepare('UPDATE officers SET wrapped = ? WHERE id = ?');
      for (const { id, wrapped } of keys) update.run(wrapped, id);
    });
  }

  async close(): Promise<void> {
    if (this.db.isOpen) this.db.close();
  }

  private value(name: string): Uint8Array | undefined {
    return this.guarded(() => (this.db.prepare('SELECT value FROM vault WHERE name = ?').get(name) as { value: Uint8Array } | undefined)?.value);
  }

  private transaction(work: () => void): void {
    this.guarded(() => {
      this.db.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.db.exec('COMMIT');
      } finally {
        if (this.db.isTransaction) this.db.exec('ROLLBACK');
      }
    });
  }

  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translateSqliteError(error, this.file, RESTORE);
    }
  }
}
