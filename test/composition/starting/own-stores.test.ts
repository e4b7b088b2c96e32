import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { establishAtStart } from '../../../src/composition/starting/establish-installation.js';
import { readSettings } from '../../../src/settings/settings.js';
import { told } from '../../cli/told.js';
import { pastTriggers } from '../../event-store/sqlite/past-triggers.js';
import { writeBatch } from '../../imports/batch.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const VAULT = ['vault.sqlite', 'vault.sqlite-wal', 'vault.sqlite-shm'];
const LOG = ['events.sqlite', 'events.sqlite-wal', 'events.sqlite-shm'];

/** Before, and after a second import with more candidates, of one installation; and another installation. */
const FOLDERS = ['older', 'newer', 'foreign'] as const;

describe('A start with stores of different installations or moments', () => {
  const made = mkdtempSync(join(tmpdir(), 'own-stores-'));
  let data: string;
  const start = (folder = data) => establishAtStart(readSettings({ DATA_DIR: folder, DEMO: 'false', MASTER_KEY }));
  const imported = async (folder: string, candidates: number) => {
    const batch = join(made, `batch-${candidates}`);
    await writeBatch(batch, { candidates });
    const { code, stdout, stderr } = await told(['import', batch], { DATA_DIR: folder, MASTER_KEY });
    if (code !== 0) throw new Error(stdout + stderr);
  };
  /** Puts files of another folder in place of the own ones. */
  const take = (from: (typeof FOLDERS)[number], names: readonly string[]) => {
    for (const name of names) {
      rmSync(join(data, name), { force: true });
      if (existsSync(join(made, from, name))) cpSync(join(made, from, name), join(data, name));
    }
  };
  const remove = (names: readonly string[]) => {
    for (const name of names) rmSync(join(data, name), { force: true, recursive: true });
  };
  const aCandidate = (folder: string): string => {
    const db = new DatabaseSync(join(folder, 'vault.sqlite'), { readOnly: true });
    const { id } = db.prepare('SELECT min(id) AS id FROM candidates').get() as { readonly id: string };
    db.close();
    return id;
  };
  const putPhoto = (folder: string, candidate: string) => {
    mkdirSync(join(folder, 'photos', 'aa'), { recursive: true });
    writeFileSync(join(folder, 'photos', 'aa', `${candidate}.digest`), 'sealed');
  };

  beforeAll(async () => {
    const [older, newer, foreign] = FOLDERS.map((name) => join(made, name)) as [string, string, string];
    await imported(older, 2);
    await start(older);
    cpSync(older, newer, { recursive: true });
    await imported(newer, 4);
    await start(newer);
    await imported(foreign, 2);
  });
  afterAll(() => rmSync(made, { recursive: true }));
  beforeEach(() => {
    data = mkdtempSync(join(made, 'data-'));
    cpSync(join(made, 'newer'), data, { recursive: true });
  });

  it('A start succeeds where all stores are of one installation', async () => {
    const first = await start();
    expect(await start()).toEqual(first);
    expect(readFileSync(join(data, 'photos', 'installation'), 'utf8').trim()).toBe(first?.id);
  });

  it('A start is refused without a vault when the log has candidates, and creates none', async () => {
    remove(VAULT);
    await expect(start()).rejects.toThrow('没有 vault.sqlite，而日志中有考生');
    expect(existsSync(join(data, 'vault.sqlite'))).toBe(false);
  });

  it('A start is refused with the vault of another installation, with both ids', async () => {
    take('foreign', VAULT);
    await expect(start()).rejects.toThrow(/密钥库（vault）属于安装 .+，而日志属于 /);
  });

  it('A start is refused with a vault that lacks candidates of the log, whether it is an older copy or was emptied', async () => {
    take('older', VAULT);
    await expect(start()).rejects.toThrow('密钥库（vault）比日志旧，或是丢了内容：日志中有它没有的考生');
    const db = new DatabaseSync(join(data, 'vault.sqlite'));
    db.exec("DELETE FROM candidates; DELETE FROM vault WHERE name IN ('owner', 'forgotten')");
    db.close();
    await expect(start()).rejects.toThrow('密钥库（vault）比日志旧，或是丢了内容');
  });

  describe('Through a command that records', () => {
    /** Refused before it looks for the task. */
    const settle = () => told(['settle', 'task-1', '已处理', '--by', 'finance-1'], { DATA_DIR: data, MASTER_KEY });
    const importAgain = () => told(['import', join(made, 'batch-4')], { DATA_DIR: data, MASTER_KEY });

    it.each([
      ['a missing vault', () => remove(VAULT), /没有 vault\.sqlite/],
      ['the vault of another installation', () => take('foreign', VAULT), /密钥库（vault）属于安装/],
      ['an older vault', () => take('older', VAULT), /密钥库（vault）比日志旧/],
      ['an older log', () => take('older', LOG), /日志比密钥库（vault）旧/],
    ])('A start through a command that records is refused with %s, and leaves it as it was', async (_, damage, problem) => {
      damage();
      for (const command of [importAgain, settle, importAgain]) {
        const { code, stdout, stderr } = await command();
        expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(problem)]);
      }
      await expect(start()).rejects.toThrow(problem);
    });
  });

  it('A start is refused with a log that lacks an event, with the position', async () => {
    pastTriggers(join(data, 'events.sqlite'), 'DELETE FROM events WHERE position = 5');
    await expect(start()).rejects.toThrow(/events\.sqlite 已损坏（.+缺少 1 条，例如位置 0000000000000005）：/);
  });

  it('A start is refused with a log that is older than the vault', async () => {
    take('older', LOG);
    await expect(start()).rejects.toThrow('日志比密钥库（vault）旧，或是另外的日志');
  });

  it('A start takes over a vault and photos of a release without installation ids, where they fit', async () => {
    const db = new DatabaseSync(join(data, 'vault.sqlite'));
    db.exec("DELETE FROM vault WHERE name = 'owner'");
    db.close();
    remove(['photos']);
    putPhoto(data, aCandidate(data));
    const installation = await start();
    expect(readFileSync(join(data, 'photos', 'installation'), 'utf8').trim()).toBe(installation?.id);
  });

  it('A start is refused with photos of another installation, marked or not', async () => {
    remove(['photos']);
    putPhoto(data, aCandidate(join(made, 'foreign')));
    await expect(start()).rejects.toThrow('有日志里没有的考生的照片');
    writeFileSync(join(data, 'photos', 'installation'), 'another');
    await expect(start()).rejects.toThrow('照片属于安装 another');
  });

  it('A start is refused where photos are gone, until they are given up by the file that the message names', async () => {
    putPhoto(data, aCandidate(data));
    const installation = await start();
    remove(['photos']);
    await expect(start()).rejects.toThrow('照片不见了');
    mkdirSync(join(data, 'photos'));
    writeFileSync(join(data, 'photos', 'installation'), `${installation?.id}\n`);
    expect(await start()).toEqual(installation);
  });

  it('A start creates the folder of photos where there has been no photo', async () => {
    await start();
    remove(['photos']);
    await start();
    expect(existsSync(join(data, 'photos', 'installation'))).toBe(true);
  });

  it('A start empties the rate limits of another installation, and keeps its own', async () => {
    await start();
    const db = new DatabaseSync(join(data, 'login-tallies.sqlite'));
    const count = () => (db.prepare('SELECT count(*) AS count FROM tallies').get() as { readonly count: number }).count;
    db.exec(`INSERT INTO tallies VALUES ('one', '{}', 9000000000000, 1)`);
    await start();
    expect(count()).toBe(1);
    db.exec(`UPDATE owner SET installation = 'another'`);
    await start();
    expect(count()).toBe(0);
    db.close();
  });
});
