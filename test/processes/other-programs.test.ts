import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { told } from '../cli/told.js';
import { until } from '../until.js';
import { ask, ready } from './centre-process.js';
import { candidatesFolder, LoadedCentre, signInsIn } from './loaded-centre.js';

const SLOW = 240_000;
const FILES = ['events.sqlite', 'vault.sqlite', 'read-models.sqlite', 'login-tallies.sqlite'];
/** How often each program opens and closes every file before the centre is killed. */
const ROUNDS = 10;
/** The first byte that SQLite locks for reading. */
const SHARED_FIRST = 0x40000002;

/** Opens a file, reads all of it, and closes it. */
async function readAsAnotherProgram(file: string): Promise<void> {
  const { stdout } = await promisify(execFile)('sqlite3', ['-cmd', '.timeout 10000', file, 'PRAGMA quick_check']);
  if (stdout !== 'ok\n') throw new Error(`${file}: ${stdout}`);
}

it(
  'Another program that opens and closes the SQLite files of a centre under load costs it no acknowledged event when it is killed',
  async () => {
    const data = await candidatesFolder();
    const before = await signInsIn(data);
    const centre = await LoadedCentre.start(data);
    const wals = FILES.map((name) => statSync(join(data, `${name}-wal`)).ino);
    const loaded = centre.load();
    for (let round = 1; round <= ROUNDS; round++) {
      for (const name of FILES) await readAsAnotherProgram(join(data, name));
      const reached = centre.acknowledged + 2;
      await until('more sign-ins', () => centre.acknowledged >= reached);
    }
    const left = FILES.map((name) => statSync(join(data, `${name}-wal`), { throwIfNoEntry: false })?.ino);
    await centre.kill();
    await loaded;
    expect((await signInsIn(data)) - before).toBeGreaterThanOrEqual(centre.acknowledged);
    expect(left).toEqual(wals);
    expect((await told(['catch-up'], { DATA_DIR: data })).code).toBe(0);
    expect((await told(['verify'], { DATA_DIR: data })).code).toBe(0);
  },
  SLOW,
);

if (existsSync('/proc/locks')) {
  it(
    'The centre holds a lock on each of its SQLite files for as long as it runs, as the system lists them',
    async () => {
      const data = await candidatesFolder();
      const centre = await LoadedCentre.start(data);
      const locked = new Set(
        readFileSync('/proc/locks', 'utf8')
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .filter(
            ([, kind, , mode, pid, , start]) => kind === 'POSIX' && mode === 'READ' && Number(pid) === centre.process.pid && Number(start) === SHARED_FIRST,
          )
          .map(([, , , , , file = '']) => Number(file.split(':')[2])),
      );
      for (const name of FILES) expect([name, locked.has(statSync(join(data, name)).ino)]).toEqual([name, true]);
    },
    SLOW,
  );
}
it.each(['events.sqlite', 'vault.sqlite', 'read-models.sqlite'])(
  'A WAL of %s that is deleted under the centre is said at level fatal, ends all recording, and has cost nothing that was acknowledged',
  async (name) => {
    const data = await candidatesFolder();
    const before = await signInsIn(data);
    const centre = await LoadedCentre.start(data);
    await centre.threadsAtWork();
    const loaded = centre.load();
    await until('sign-ins', () => centre.acknowledged > 10);
    rmSync(join(data, `${name}-wal`));
    const fatal = await fatalLine(centre);
    expect(fatal).toMatchObject({ file: `${name}-wal`, msg: expect.stringContaining('nothing more is recorded') });
    await until('sign-ins to be refused', () => (centre.refused.get(503) ?? 0) > 3);
    const acknowledged = centre.acknowledged;
    const refused = centre.refused.get(503) ?? 0;
    await until('more of them to be refused', () => (centre.refused.get(503) ?? 0) > refused + 3);
    expect(centre.acknowledged).toBe(acknowledged);
    expect((await ask(centre.started.address, '/login')).status).toBe(200); // pages go on
    const ready = await ask(centre.started.address, '/health/ready');
    expect([ready.status, JSON.parse(ready.body)]).toMatchObject([503, { reasons: { files: expect.stringContaining(`${name}-wal`) } }]);
    await centre.kill();
    await loaded;
    expect((await signInsIn(data)) - before).toBeGreaterThanOrEqual(acknowledged);
  },
  SLOW,
);

it(
  'Read models that are deleted while the centre runs are logged as fatal and not created again beside their WAL, and are rebuilt once that is gone',
  async () => {
    const data = await candidatesFolder();
    const centre = await LoadedCentre.start(data);
    await centre.threadsAtWork();
    rmSync(join(data, 'read-models.sqlite'));
    expect(await fatalLine(centre)).toMatchObject({ file: 'read-models.sqlite', msg: expect.stringContaining('nothing more is recorded') });
    // each thread looks at its files by itself
    const health = await until('the thread of pages to find out too', async () => {
      const { status, body } = await ask(centre.started.address, '/health/ready');
      return status === 503 && JSON.parse(body);
    });
    expect(health).toMatchObject({ reasons: { files: expect.stringContaining('read-models.sqlite 在使用中被删除') } });
    expect(await centre.signIn(0)).toBe(false); // nothing is recorded
    const named = /read-models\.sqlite 不见了，旁边还有 read-models\.sqlite-wal.*：请停止所有进程，把它和旁边的 -wal、-shm 文件移走后再启动/;
    for (const command of ['status', 'tasks', 'projections']) {
      const { code, stdout, stderr } = await told([command], { DATA_DIR: data });
      expect([command, code, stdout + stderr]).toEqual([command, 1, expect.stringMatching(named)]);
    }
    expect(existsSync(join(data, 'read-models.sqlite'))).toBe(false);
    await centre.process.kill('SIGTERM');
    for (const suffix of ['-wal', '-shm']) rmSync(join(data, `read-models.sqlite${suffix}`), { force: true });
    const again = await LoadedCentre.start(data);
    await again.process.kill('SIGTERM');
    expect((await told(['verify'], { DATA_DIR: data })).code).toBe(0);
  },
  SLOW,
);

it(
  'A WAL of the login rate limits that is deleted while the centre runs is logged as fatal and keeps nobody out',
  async () => {
    const centre = await LoadedCentre.start(await candidatesFolder());
    await centre.threadsAtWork();
    const loaded = centre.load();
    await until('sign-ins', () => centre.acknowledged > 10);
    rmSync(join(centre.data, 'login-tallies.sqlite-wal'));
    expect(await fatalLine(centre)).toMatchObject({ file: 'login-tallies.sqlite-wal', msg: expect.stringContaining('counted from zero') });
    const acknowledged = centre.acknowledged;
    await until('more sign-ins', () => centre.acknowledged > acknowledged + 10);
    expect([...centre.refused]).toEqual([]);
    await ready(centre.started.address);
    await centre.kill();
    await loaded;
  },
  SLOW,
);

async function fatalLine(centre: LoadedCentre): Promise<unknown> {
  return JSON.parse(await until('the centre to say so', () => centre.process.logged.find((line) => JSON.parse(line).level === 60)));
}
