import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from '@jest/globals';
import { run } from '../cli/run.js';
import { fillDisk } from '../fill-disk.js';
import { until } from '../until.js';
import { ask, folder } from './centre-process.js';
import { candidatesFolder, LoadedCentre, signInsIn } from './loaded-centre.js';

const SLOW = 240_000;
const exec = promisify(execFile);

/** The answer of `/health/ready`. */
const readiness = async ({ started }: LoadedCentre) => JSON.parse((await ask(started.address, '/health/ready')).body);

/** Checks that pages are served, sign-ins are refused, and nothing fails with 500. */
async function expectPagesOnly(centre: LoadedCentre): Promise<void> {
  const before = centre.acknowledged;
  for (let at = 0; at < 4; at++) await centre.signIn(at);
  expect([centre.acknowledged, centre.refused.get(500)]).toEqual([before, undefined]);
  for (const path of ['/login', '/help']) expect((await ask(centre.started.address, path)).status).toBe(200);
}

it(
  'A centre whose files cannot grow serves pages, refuses commands, and continues as soon as they can',
  async () => {
    const data = await candidatesFolder();
    const before = await signInsIn(data);
    const centre = await LoadedCentre.start(data);
    await centre.process.limitFiles(1);
    await until('sign-ins to be refused', async () => !(await centre.signIn(0)));
    await expectPagesOnly(centre);
    await centre.process.limitFiles();
    await until('candidates to be let in', () => centre.signIn(0));
    await centre.kill();
    expect((await signInsIn(data)) - before).toBeGreaterThanOrEqual(centre.acknowledged);
  },
  SLOW,
);

const disks: string[] = [];
afterEach(unmountAll);

/** A disk of 24 MB; undefined when none can be mounted, which takes root. */
async function smallDisk(): Promise<string | undefined> {
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
    disks.push(disk);
    return disk;
  } catch {
    rmdirSync(disk);
    return undefined;
  }
}

async function unmountAll(): Promise<void> {
  for (const disk of disks.splice(0)) {
    await exec('umount', ['--lazy', disk]);
    rmdirSync(disk);
  }
}

const mayMount = (await smallDisk()) !== undefined;
await unmountAll();
if (mayMount) {
  it(
    'A start on a full disk serves pages, refuses commands, is degraded, and records as soon as there is space',
    async () => {
      const disk = (await smallDisk()) as string;
      const data = join(disk, 'data');
      mkdirSync(data);
      await candidatesFolder(data);
      const before = await signInsIn(data);
      const ended = await LoadedCentre.start(data);
      const acknowledged = ended.acknowledged;
      await ended.process.kill('SIGTERM');
      fillDisk(join(disk, 'full'));
      // and again: the first leaves what the second needs, killed or not
      for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
        const centre = await LoadedCentre.onFullDisk(data);
        await expectPagesOnly(centre);
        expect(await readiness(centre)).toMatchObject({ status: 'degraded', reasons: { disk: expect.stringContaining('磁盘已满') } });
        await centre.process.kill(signal);
      }
      const centre = await LoadedCentre.onFullDisk(data);
      rmSync(join(disk, 'full'));
      await until('candidates to be let in', () => centre.signIn(0));
      await until('readiness', async () => (await readiness(centre)).status === 'ready');
      await centre.process.kill('SIGTERM');
      expect((await signInsIn(data)) - before).toBe(acknowledged + centre.acknowledged);
    },
    SLOW,
  );

  it(
    'A start on a disk without a free byte and without a reserve serves pages and refuses commands until there is space',
    async () => {
      const disk = (await smallDisk()) as string;
      const data = join(disk, 'data');
      mkdirSync(data);
      await candidatesFolder(data);
      const before = await signInsIn(data);
      const ended = await LoadedCentre.start(data);
      await ended.process.kill('SIGTERM');
      rmSync(join(data, 'reserve'));
      fillDisk(join(disk, 'full'));
      let acknowledged = ended.acknowledged;
      // and again: the first leaves what the second needs, killed or not
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const centre = await LoadedCentre.onFullDisk(data);
        await expectPagesOnly(centre);
        expect(await readiness(centre)).toMatchObject({ status: 'degraded', reasons: { disk: expect.stringContaining('磁盘已满') } });
        await centre.process.kill(signal);
      }
      const centre = await LoadedCentre.onFullDisk(data);
      const backup = () => run(['backup', join(folder(), 'backup')], { DATA_DIR: data }).ended;
      expect(await backup()).toMatchObject({ code: 3, stderr: expect.stringMatching(/^\S+ 现在无法使用：.*locked）\n/m) });
      rmSync(join(disk, 'full'));
      await until('candidates to be let in', () => centre.signIn(0));
      await until('it to be said that others are kept out', async () => /重新启动/.test((await readiness(centre)).reasons.disk));
      await centre.process.kill('SIGKILL');
      acknowledged += centre.acknowledged;
      const again = await LoadedCentre.start(data);
      await until('readiness', async () => (await readiness(again)).status === 'ready');
      expect(await backup()).toMatchObject({ code: 0 });
      await again.process.kill('SIGTERM');
      expect((await signInsIn(data)) - before).toBe(acknowledged + again.acknowledged);
    },
    SLOW,
  );
}
