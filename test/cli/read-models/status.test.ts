import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { smallBatch } from '../../imports/scratch.js';
import { damage } from '../../read-models/damage.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

describe('`personal-centre status`', () => {
  const kept = mkdtempSync(join(tmpdir(), 'status-'));
  let data: string;
  const status = (): Promise<Ended> => told(['status', '--json'], { DATA_DIR: data });

  beforeAll(async () => {
    const batch = await smallBatch(2);
    for (const args of [['import', batch.folder], ['catch-up']]) expect(await told(args, { DATA_DIR: batch.data })).toMatchObject({ code: 0 });
    cpSync(batch.data, join(kept, 'data'), { recursive: true });
  });
  afterAll(() => rmSync(kept, { recursive: true }));
  beforeEach(() => {
    data = mkdtempSync(join(kept, 'copy-'));
    cpSync(join(kept, 'data'), data, { recursive: true });
  });

  it('`personal-centre status` finds nothing wrong with a sound centre, and says how large it is and where its log ends', async () => {
    const sound = await status();
    expect(jsonOf(sound)).toMatchObject({ well: true, problems: [], log: { recordedAt: expect.stringMatching(/\+08:00$/) } });
    expect(sound.code).toBe(0);
    const { stdout, code } = await told(['status'], { DATA_DIR: data });
    expect(stdout).toMatch(/^sittings@\d+：使用中，文档 \d+ 个，落后事件 0 条，隔离 0 个$/m);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/没有发现问题\n核对了全部 \d+ 个文档/)]);
  });

  it('`personal-centre status` tells how old the last backup is, its seal and its check, and says so where none is known', async () => {
    expect(jsonOf(await status())).toMatchObject({ backup: null, well: true });
    expect((await told(['status'], { DATA_DIR: data })).stdout).toContain('备份：没有记录做过备份');
    const folder = join(data, '..', 'backup');
    for (const args of [
      ['backup', folder],
      ['backup', folder, '--check'],
    ])
      expect(await told(args, { DATA_DIR: data })).toMatchObject({ code: 0 });
    const seal = createHash('sha256')
      .update(readFileSync(join(folder, 'manifest.json')))
      .digest('hex');
    expect(jsonOf(await status())).toMatchObject({
      well: true,
      backup: { folder: resolve(folder), ageHours: 0, seal, sealed: 'as-made', checkedAt: expect.stringMatching(/\+08:00$/) },
    });

    writeFileSync(join(folder, 'events.sqlite'), 'other');
    expect(await told(['backup', folder, '--check'], { DATA_DIR: data })).toMatchObject({ code: 1 });
    expect((await status()).stdout).toContain('检查时不能使用：events.sqlite 与备份时不同');
    rmSync(folder, { recursive: true });
    const noted = JSON.parse(readFileSync(join(data, 'last-backup.json'), 'utf8'));
    writeFileSync(join(data, 'last-backup.json'), JSON.stringify({ ...noted, madeAt: '2026-01-01T00:00:00.000Z', fault: undefined }));
    const old = await status();
    expect([old.code, jsonOf(old)]).toMatchObject([1, { backup: { sealed: 'gone' }, problems: [{ says: expect.stringMatching(/^上次备份是 \d+ 天前的$/) }] }]);
  });

  it('`personal-centre status` tells how many tasks of the office are open, and since when', async () => {
    expect(jsonOf(await status())).toMatchObject({ tasks: { open: 0, oldest: null, byKind: {} } });
    const raisedAt = '2026-11-01T01:00:00.000Z';
    const task = { task: 't1', kind: 'refund_refused', proposal: 'look', about: {}, raisedAt };
    damage(data, `INSERT INTO "tasks@1" (key, position, document, "by open") VALUES ('t1', '1', ?, ?)`, JSON.stringify(task), raisedAt);
    expect(jsonOf(await status())).toMatchObject({ tasks: { open: 1, oldest: '2026-11-01T09:00:00+08:00', byKind: { refund_refused: 1 } } });
    expect((await told(['status'], { DATA_DIR: data })).stdout).toContain('待办 1 项，最早的 2026-11-01T09:00:00+08:00（tasks 列出）');
  });

  it.each([
    ['a document in quarantine', () => damage(data, `INSERT INTO quarantine VALUES ('candidate@1', 'x', '1', 'broken')`), '隔离'],
    [
      'a checkpoint that was changed',
      () => damage(data, `UPDATE checkpoints SET position = '0000000000000001' WHERE read_model = 'candidate@1'`),
      'replay candidate',
    ],
    ['documents that are gone', () => damage(data, `DELETE FROM "candidate@1"`), 'candidate@1'],
    ['photos of another installation', () => writeFileSync(join(data, 'photos', 'installation'), 'another'), '照片属于安装 another'],
    [
      'a vault that was emptied',
      () => inVault(`DELETE FROM candidates; DELETE FROM vault WHERE name IN ('owner', 'forgotten')`),
      '密钥库（vault）比日志旧，或是丢了内容',
    ],
    ['a file that is cut off', () => writeFileSync(join(data, 'read-models.sqlite'), 'not a database'), 'read-models.sqlite'],
  ])('`personal-centre status` ends with 1 and names %s', async (_, harm, named) => {
    harm();
    const ill = await status();
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringContaining(named)]);
    expect(ill.stderr).not.toContain('    at ');
  });

  it.each<[string, number, RegExp, () => Readonly<Record<string, string>>]>([
    ['a log that is gone', 1, /中没有 events\.sqlite，而 vault\.sqlite 还在/, () => withoutLog()],
    ['an empty log', 1, /中没有 events\.sqlite，而 vault\.sqlite 还在/, () => withoutLog('')],
    ['EventStoreDB away', 3, /^事件日志无法使用：/, () => ({ EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false' })],
  ])('`personal-centre status` with %s ends with %i and says so, and says of disk, sizes, vault and backup what it can', async (_, code, named, harm) => {
    const folder = join(data, '..', `backup-of-${basename(data)}`);
    expect(await told(['backup', folder], { DATA_DIR: data })).toMatchObject({ code: 0 });
    inVault('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(join(data, 'vault.sqlite'), 'not a database');
    const environment = { DATA_DIR: data, ...harm() };
    const ill = await told(['status', '--json'], environment);
    expect([ill.code, ill.stderr, jsonOf(ill)]).toEqual([
      code,
      expect.stringMatching(named),
      expect.objectContaining({
        well: false,
        freeBytes: expect.any(Number),
        files: expect.arrayContaining([{ file: 'vault.sqlite', bytes: 14 }]),
        backup: expect.objectContaining({ folder: resolve(folder), sealed: 'as-made' }),
        problems: expect.arrayContaining([
          { says: expect.stringMatching(named), cure: [] },
          { kind: 'file', says: expect.stringContaining('vault.sqlite 已损坏'), cure: [] },
        ]),
        error: expect.objectContaining({ message: expect.stringMatching(named) }),
      }),
    ]);
    const said = await told(['status'], environment);
    expect([said.code, said.stderr]).toEqual([code, expect.stringMatching(named)]);
    for (const part of ['read-models.sqlite：', '磁盘还有', '备份：', 'vault.sqlite 已损坏', '个问题']) expect(said.stdout).toContain(part);
  });

  function withoutLog(left?: string): Readonly<Record<string, string>> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(data, `events.sqlite${suffix}`), { force: true });
    if (left !== undefined) writeFileSync(join(data, 'events.sqlite'), left);
    return {};
  }

  function inVault(sql: string): void {
    const db = new DatabaseSync(join(data, 'vault.sqlite'));
    db.exec(sql);
    db.close();
  }
});
