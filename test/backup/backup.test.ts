import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { backUp, checkBackup } from '../../src/backup/backup.js';
import { knownEvents } from '../../src/composition/known/events.js';
import { streamRules } from '../../src/composition/known/stream-categories.js';
import type { Recorded } from '../../src/event-store/event.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { ForgetCandidate } from '../../src/registrations/forget-candidate.command.js';
import { RegisterCandidate } from '../../src/registrations/register-candidate.command.js';
import type { Person, Registration } from '../../src/registrations/registrations.events.js';
import { type StoreSettings } from '../../src/settings/settings.js';
import { Photos } from '../../src/vault/photos.js';
import { SqliteVault } from '../../src/vault/sqlite/vault.js';
import { Vault } from '../../src/vault/vault.js';
import { TestCentre } from '../centre.js';
import { jsonOf, run } from '../cli/run.js';
import { told } from '../cli/told.js';
import { centreOn } from '../imports/centre.js';
import { scratch, smallBatch } from '../imports/scratch.js';
import { CentreProcess } from '../processes/centre-process.js';
import { until } from '../until.js';
import { checkpoints, documents, project, restore } from './restored.js';

const silent = { phase: () => undefined, step: () => undefined, end: () => undefined };
const settingsFor = (data: string): StoreSettings => ({ DATA_DIR: data, NODE_ENV: 'test', EVENT_STORE_URL: undefined, READ_MODELS_URL: undefined });
const keyIn = (folder: string) => Buffer.from(readFileSync(join(folder, 'master-key'), 'utf8'), 'base64');

/** Every file below a folder with its mode. */
const modes = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => [entry.isFile(), statSync(join(entry.parentPath, entry.name)).mode & 0o777]);

/** A centre with a candidate who has a photo. */
async function centreWithPhoto(): Promise<{ readonly centre: TestCentre; readonly id: string }> {
  const centre = await TestCentre.open();
  const photo = await sharp({ create: { width: 400, height: 576, channels: 3, background: '#438edb' } })
    .jpeg()
    .toBuffer();
  const person: Person = {
    admissionNo: '119912345001',
    name: '示范考生',
    idType: '军官证',
    idNo: '军字第0071号',
    sex: '女',
    birth: '1996-11-02',
    health: '健康',
    ethnicity: '汉',
    household: '北京市',
  };
  const standing = { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true } as const;
  await centre.record(new RegisterCandidate(centre.given(), person, standing, photo));
  return { centre, id: await centre.idOf(person.admissionNo) };
}

describe('A backup made while a server projects and an import records', () => {
  it('A backup made while a server projects and an import records is consistent: no read model is ahead of the log, every sealed value opens, and a centre continues from it', async () => {
    const { folder, data } = await smallBatch(2_000);
    const server = new CentreProcess({ DATA_DIR: data });
    await server.started();
    const importing = run(['import', folder], { DATA_DIR: data }).ended;
    await until('candidates to be shown', () => checkpoints(join(data, 'read-models.sqlite')).some((position) => position > '0000000000001000'));
    const backup = join(data, '..', 'backup');
    const made = await run(['backup', backup, '--json'], { DATA_DIR: data }).ended;
    const { position } = jsonOf(made) as { position: string };
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await importing).code).toBe(0);
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });

    const restored = await scratch();
    restore(backup, restored);
    for (const checkpoint of checkpoints(join(restored, 'read-models.sqlite'))) expect(checkpoint <= position).toBe(true);
    const log = new SqliteEventStore(join(restored, 'events.sqlite'), knownEvents);
    const whole = new SqliteEventStore(join(data, 'events.sqlite'), knownEvents);
    expect(await log.head()).toBe(position);
    expect(position < (await whole.head())).toBe(true);
    const registered = (await log.read('', 1_000_000, { types: ['CandidateRegistered'] })).events;
    expect((await log.read('', 1_000_000)).events).toEqual((await whole.read('', Number(position))).events);
    const vault = new SqliteVault(join(restored, 'vault.sqlite'), keyIn(restored));
    const safes = await vault.safes(registered.map(({ subject }) => subject ?? ''));
    expect(registered.length).toBeGreaterThan(50);
    registered.forEach(({ data }, at) => {
      expect(safes[at]?.open((data as Registration).person)).toMatchObject({ household: '北京市' });
    });
    await Promise.all([log.close(), whole.close(), vault.close()]);

    await project(join(restored, 'events.sqlite'), join(restored, 'read-models.sqlite'));
    await project(join(restored, 'events.sqlite'), join(restored, 'fresh.sqlite'));
    expect(documents(join(restored, 'read-models.sqlite'))).toEqual(documents(join(restored, 'fresh.sqlite')));
    expect(await told(['import', folder], { DATA_DIR: restored })).toMatchObject({ code: 0 });
  });
});

describe('A backup', () => {
  it('A backup is readable by its owner alone, has one file for each store, and can be checked for completeness', async () => {
    const { centre } = await centreWithPhoto();
    const backup = join(await scratch(), 'backup');
    const manifest = await backUp(settingsFor(centre.folder), backup, { progress: silent, rules: streamRules });
    expect(manifest.madeAt).toMatch(/^\d{4}-\d\d-\d\dT.*\+08:00$/);
    await centre.close();
    expect(readdirSync(backup).sort()).toEqual(
      ['events.sqlite', 'manifest.json', 'master-key', 'photos', 'read-models.sqlite', 'session-secret', 'vault.sqlite'].sort(),
    );
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    for (const [isFile, mode] of modes(backup)) expect(mode).toBe(isFile ? 0o600 : 0o700);
    expect(await checkBackup(backup, streamRules)).toEqual(manifest);
    expect(manifest.photos.files).toBe(1);
    expect(await told(['backup', backup, '--check'])).toMatchObject({ code: 0, stdout: expect.stringContaining('备份完整') });
  });

  it.each([
    ['without its manifest', (backup: string) => rmSync(join(backup, 'manifest.json')), '没有做完'],
    ['with a changed file', (backup: string) => appendFileSync(join(backup, 'events.sqlite'), 'x'), 'events.sqlite 与备份时不同'],
    ['without its vault', (backup: string) => rmSync(join(backup, 'vault.sqlite')), 'vault.sqlite 不在备份中'],
    ['without its photos', (backup: string) => rmSync(join(backup, 'photos'), { recursive: true }), '照片与备份时不同'],
    ['of a newer release', (backup: string) => writeFileSync(join(backup, 'manifest.json'), '{"format":2}'), '无法识别'],
  ])('A backup %s is refused', async (_, harm, reason) => {
    const { centre } = await centreWithPhoto();
    const backup = join(await scratch(), 'backup');
    await backUp(settingsFor(centre.folder), backup, { progress: silent, rules: streamRules });
    await centre.close();
    harm(backup);
    await expect(checkBackup(backup, streamRules)).rejects.toThrow(reason);
  });

  it('A backup is refused into a folder that is not empty, and from one without data', async () => {
    const parent = await scratch();
    writeFileSync(join(parent, 'something'), '');
    mkdirSync(join(parent, 'empty'));
    const { centre } = await centreWithPhoto();
    const into = await told(['backup', parent, '--json'], { DATA_DIR: centre.folder });
    expect(into).toMatchObject({ code: 1, stderr: `${parent} 不是空文件夹：请给出一个新的文件夹\n` });
    await centre.close();
    const from = await told(['backup', join(parent, 'backup')], { DATA_DIR: join(parent, 'empty') });
    expect(from).toMatchObject({ code: 1, stderr: expect.stringContaining('没有 events.sqlite') });
    expect(existsSync(join(parent, 'backup'))).toBe(false);
  });

  it('A backup has the keys of officers, by which what is sealed for them opens', async () => {
    const { centre } = await centreWithPhoto();
    const sealed = (await centre.get(Vault).findOrCreateOfficerSafe('xicheng-1')).seal('a secret');
    const backup = join(await scratch(), 'backup');
    await backUp(settingsFor(centre.folder), backup, { progress: silent, rules: streamRules });
    await centre.close();
    const vault = new SqliteVault(join(backup, 'vault.sqlite'), keyIn(backup));
    expect((await vault.officerSafe('xicheng-1')).open(sealed)).toBe('a secret');
    await vault.close();
  });

  it('A backup links to photos of an earlier backup, and they open', async () => {
    const { centre, id } = await centreWithPhoto();
    const parent = await scratch();
    const [first, second] = [join(parent, 'first'), join(parent, 'second')];
    await backUp(settingsFor(centre.folder), first, { progress: silent, rules: streamRules });
    await backUp(settingsFor(centre.folder), second, { progress: silent, rules: streamRules, previous: first });
    await centre.close();
    const inodes = (backup: string) => {
      const [photo] = readdirSync(join(backup, 'photos', id.slice(-2)));
      return statSync(join(backup, 'photos', id.slice(-2), String(photo))).ino;
    };
    expect(inodes(second)).toBe(inodes(first));
    rmSync(first, { recursive: true });
    await checkBackup(second, streamRules);

    const restored = await scratch();
    restore(second, restored);
    const vault = new SqliteVault(join(restored, 'vault.sqlite'), keyIn(restored));
    const log = new SqliteEventStore(join(restored, 'events.sqlite'), knownEvents);
    const [registered] = (await log.subject(id)) as readonly (Recorded & { data: Registration })[];
    const opened = await new Photos(join(restored, 'photos')).get(await vault.safe(id), registered?.data.photo ?? '');
    expect((await sharp(opened).metadata()).format).toBe('jpeg');
    await Promise.all([vault.close(), log.close()]);
    await expect(
      backUp(settingsFor(restored), join(parent, 'third'), { progress: silent, rules: streamRules, previous: join(parent, 'nowhere') }),
    ).rejects.toThrow('manifest.json');
  });

  it('A backup contains only what is in DATA_DIR, and says how and when the rest is saved', async () => {
    const { centre } = await centreWithPhoto();
    const parent = await scratch();
    const elsewhere = { EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false', READ_MODELS_URL: 'mongodb://127.0.0.1:1/centre' };
    const backup = (name: string, environment: Readonly<Record<string, string>>) =>
      run(['backup', join(parent, name)], { DATA_DIR: centre.folder, ...environment }).ended;
    const both = await backup('both', elsewhere);
    const log = await backup('log', { EVENT_STORE_URL: elsewhere.EVENT_STORE_URL });
    const readModels = await backup('read-models', { READ_MODELS_URL: elsewhere.READ_MODELS_URL });
    await centre.close();
    const stores = (name: string) => readdirSync(join(parent, name)).filter((file) => file.endsWith('.sqlite'));
    expect([both.code, stores('both')]).toEqual([0, []]);
    expect(both.stdout).toMatch(/EventStoreDB 的备份办法.*mongodump/s);
    expect([log.code, stores('log')]).toEqual([0, ['vault.sqlite']]);
    expect(log.stdout).toMatch(/没有读模型.*在运行本命令之前完成/s);
    expect([readModels.code, stores('read-models')]).toEqual([0, ['events.sqlite']]);
    expect(readModels.stdout).toMatch(/mongodump.*vault.*candidates、officers 和 tombstones.*在本命令完成之后/s);
  });
});

describe('A vault older than the log that it is restored with', () => {
  it("A vault older than the log that it is restored with forgets the log's forgotten candidates again before anything is served", async () => {
    const { centre, id } = await centreWithPhoto();
    const parent = await scratch();
    const [before, after, restored] = [join(parent, 'before'), join(parent, 'after'), join(parent, 'restored')];
    await centre.candidate('119912345002');
    await backUp(settingsFor(centre.folder), before, { progress: silent, rules: streamRules });
    await centre.record(new ForgetCandidate(centre.given(), id));
    await backUp(settingsFor(centre.folder), after, { progress: silent, rules: streamRules });
    await centre.close();
    mkdirSync(restored);
    restore(after, restored, ['events.sqlite', 'read-models.sqlite', 'master-key', 'photos']);
    restore(before, restored, ['vault.sqlite']);
    const older = new SqliteVault(join(restored, 'vault.sqlite'), keyIn(restored));
    expect(await older.find(['119912345001'])).toEqual([id]);
    await older.close();

    const again = await centreOn(restored);
    const [registered] = await again.events.subject(id);
    expect(await again.vault.find(['119912345001', '119912345002'])).toEqual([undefined, expect.any(String)]);
    expect((await again.vault.safe(id)).open((registered as Recorded & { data: Registration }).data.person)).toBeUndefined();
    await again.close();
  });
});
