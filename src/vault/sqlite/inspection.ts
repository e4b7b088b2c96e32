import { query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { damagedVault, type MasterKey, type OfficerKey, type VaultRow } from '../master-key.js';
import { type InspectedRow, VaultInspection } from '../vault.js';

/** @throws DamagedFile where it is gone */
export function tombstoneKey(db: SqliteFile): Uint8Array {
  const key = query<{ readonly value: Uint8Array }>(db, `SELECT value FROM vault WHERE name = 'tombstone key'`).get();
  if (!key) throw damagedVault('缺少识别已删除号码的密钥');
  return key.value;
}

export class SqliteVaultInspection extends VaultInspection {
  constructor(
    private readonly db: SqliteFile,
    private readonly master: MasterKey,
  ) {
    super();
  }

  async count(): Promise<number> {
    return query<{ readonly rows: number }>(this.db, 'SELECT count(*) AS rows FROM candidates').get()?.rows ?? 0;
  }

  async rows(ids: readonly string[]): Promise<readonly (InspectedRow | undefined)[]> {
    const rows = query<VaultRow>(this.db, 'SELECT id, admission, citizen, name, wrapped FROM candidates WHERE id IN (SELECT value FROM json_each(?))');
    const found = new Map(rows.all(JSON.stringify(ids)).map((row) => [row.id, this.master.inspected(row)]));
    return ids.map((id) => found.get(id));
  }

  async haveTombstones(tombstones: readonly string[]): Promise<readonly boolean[]> {
    const tombstone = query(this.db, 'SELECT 1 FROM tombstones WHERE admission = ?');
    return tombstones.map((each) => tombstone.get(Buffer.from(each, 'base64url')) !== undefined);
  }

  async wereErased(ids: readonly string[]): Promise<readonly boolean[]> {
    return this.haveTombstones(ids.map((id) => Buffer.from(this.master.erasure(tombstoneKey(this.db), id)).toString('base64url')));
  }

  async unusableOfficers(): Promise<readonly string[]> {
    return this.master.unusable(query<OfficerKey>(this.db, 'SELECT id, wrapped FROM officers ORDER BY id').all());
  }
}
