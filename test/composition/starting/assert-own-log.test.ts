import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { knownEvents } from '../../../src/composition/known/events.js';
import { knownProjections } from '../../../src/composition/known/projections.js';
import { AnotherInstallation, AnotherLog } from '../../../src/composition/starting/assert-own-log.js';
import { establishAtStart } from '../../../src/composition/starting/establish-installation.js';
import { openProjectionStore } from '../../../src/composition/stores.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite/event-store.js';
import { BadSettings, readSettings } from '../../../src/settings/settings.js';
import { told } from '../../cli/told.js';
import { RealOrTestServer } from '../../event-store/eventstoredb/real-or-test-server.js';
import { TestServer } from '../../event-store/eventstoredb/test-server/test-server.js';
import { readAll } from '../../event-store/test-events.js';

describe('A start on EventStoreDB with existing read models', () => {
  let folder: string;
  let servers: TestServer[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'own-log-'));
    servers = [await TestServer.start(), await TestServer.start()];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });
  const on = (which: number, dataDir = folder, prefix?: string) =>
    establishAtStart(
      readSettings({
        DATA_DIR: dataDir,
        DEMO: 'false',
        EVENT_STORE_URL: `esdb://127.0.0.1:${servers[which]?.port}?tls=false`,
        ...(prefix && { EVENT_STREAM_PREFIX: prefix }),
      }),
    );
  const written = (which: number) => servers[which]?.log.entries.length;

  it('A start on EventStoreDB with existing read models goes on with the log that they were made from', async () => {
    const first = await on(0);
    expect(await on(0)).toEqual(first);
  });

  it('A start on EventStoreDB with existing read models is refused on an empty server, with the id of the installation, and writes nothing there', async () => {
    const first = await on(0);
    const before = written(1);
    await expect(on(1)).rejects.toThrow(`日志是空的，而读模型属于安装 ${first?.id}：不是同一个中心的。请检查`);
    expect(written(1)).toBe(before);
  });

  it('A start on EventStoreDB with existing read models is refused on the log of another installation, with both ids', async () => {
    const first = await on(0);
    const other = mkdtempSync(join(tmpdir(), 'own-log-'));
    const second = await on(1, other);
    rmSync(other, { recursive: true });
    await expect(on(1)).rejects.toThrow(`日志属于安装 ${second?.id}，而读模型属于安装 ${first?.id}`);
  });

  it.each([
    ['a prefix', undefined, 'zikao/', '它没有 EVENT_STREAM_PREFIX，而设置中有 EVENT_STREAM_PREFIX=zikao/'],
    ['no prefix any more', 'zikao/', undefined, '它有 EVENT_STREAM_PREFIX=zikao/，而设置中没有 EVENT_STREAM_PREFIX'],
  ])(
    'A start on EventStoreDB with existing read models is refused with %s, with the old and the new value, and writes nothing',
    async (_, was, says, sentence) => {
      const first = await on(0, folder, was);
      expect(await on(0, folder, was)).toEqual(first);
      const before = written(0);
      await expect(on(0, folder, says)).rejects.toThrow(`日志是空的，而读模型属于安装 ${first?.id}（${sentence}）`);
      expect(written(0)).toBe(before);
    },
  );

  it('A start on EventStoreDB with existing read models is refused without its prefix, also when all read models are new', async () => {
    await on(0, folder, 'zikao/');
    const fresh = mkdtempSync(join(tmpdir(), 'own-log-'));
    await expect(on(0, fresh)).rejects.toThrow(
      /设置中没有 EVENT_STREAM_PREFIX，这样的日志是空的，而服务器上已经有别的安装，有 EVENT_STREAM_PREFIX=zikao\/：.*NEW_INSTALLATION=none/,
    );
    await expect(on(0, fresh, 'sikao/')).rejects.toThrow(AnotherInstallation);
    rmSync(fresh, { recursive: true });
  });

  it('A start on EventStoreDB with existing read models is refused on an empty server when the read models are of a release without installation ids', async () => {
    const store = await openProjectionStore(readSettings({ DATA_DIR: folder }));
    const [projection] = knownProjections;
    if (!projection) throw new Error('there are no projections');
    await store.prepare([projection]);
    const lease = await store.lease('a test');
    if (!lease) throw new Error('there is no lease');
    const checkpoint = { position: '1'.repeat(40), eventId: crypto.randomUUID() };
    await store.write(lease, [{ projection, documents: new Map(), quarantined: [], checkpoint }]);
    await store.close();
    await expect(on(0)).rejects.toBeInstanceOf(AnotherLog);
  });
});

describe('A start on a shared EventStoreDB', () => {
  let folders: string[];
  let server: RealOrTestServer;
  beforeEach(async () => {
    folders = ['one', 'other'].map((name) => mkdtempSync(join(tmpdir(), `own-log-${name}-`)));
    server = await RealOrTestServer.start();
  });
  afterEach(async () => {
    await server.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const under = (prefix: string, folder = folders[0], told = prefix) =>
    establishAtStart(
      readSettings({ DATA_DIR: folder, DEMO: 'false', EVENT_STORE_URL: server.url, EVENT_STREAM_PREFIX: prefix, ...(told && { NEW_INSTALLATION: told }) }),
    );
  const streamsUnder = async (prefix: string) => (await server.others.last(100)).map(({ stream }) => stream).filter((stream) => stream.startsWith(prefix));

  it('A start on a shared EventStoreDB goes on with the log of its prefix', async () => {
    const first = await under(server.prefix());
    expect(first).toMatchObject({ prefix: server.prefix() });
    expect(await under(server.prefix())).toEqual(first);
    expect(await streamsUnder(server.prefix())).toEqual([`${server.prefix()}installation`]);
  });

  it('A start on a shared EventStoreDB is refused with a prefix that an installation without one would take for its own', async () => {
    const refused = under('candidate-x/');
    await expect(refused).rejects.toThrow(BadSettings);
    await expect(refused).rejects.toThrow('EVENT_STREAM_PREFIX: 没有前缀的安装会把以 candidate-x/ 开头的名称当作自己的');
    expect(await streamsUnder('candidate-x/')).toEqual([]);
  });

  it.each(['', 'another/'])(
    'A start on a shared EventStoreDB is refused where another installation is on the server, unless NEW_INSTALLATION names its own prefix (%p)',
    async (told) => {
      const [own, other] = [server.prefix('own'), server.prefix('other')];
      await under(own);
      const refused = under(other, folders[1], told);
      await expect(refused).rejects.toThrow(AnotherInstallation);
      await expect(refused).rejects.toThrow(
        new RegExp(`EVENT_STREAM_PREFIX=${other}，这样的日志是空的，而服务器上已经有别的安装，${server.own ? `有 EVENT_STREAM_PREFIX=${own}：` : ''}`),
      );
      await expect(refused).rejects.toThrow(`请设置 NEW_INSTALLATION=${other}`);
      expect(await streamsUnder(other)).toEqual([]);
      expect(await under(other, folders[1])).toMatchObject({ prefix: other });
      expect(await under(own, folders[0], '')).toMatchObject({ prefix: own });
    },
  );

  it('A start on a shared EventStoreDB is refused with another prefix, with the old and the new value, and writes nothing', async () => {
    const [own, other] = [server.prefix('own'), server.prefix('other')];
    const first = await under(own);
    const sentence = `它有 EVENT_STREAM_PREFIX=${own}，而设置中有 EVENT_STREAM_PREFIX=${other}`;
    await expect(under(other)).rejects.toThrow(`日志是空的，而读模型属于安装 ${first?.id}（${sentence}）`);
    expect(await streamsUnder(other)).toEqual([]);
  });

  it('A start on a shared EventStoreDB is refused on the log of another installation, with both ids', async () => {
    const first = await under(server.prefix('own'));
    const second = await under(server.prefix('other'), folders[1]);
    const sentence = `日志属于安装 ${second?.id}，而读模型属于安装 ${first?.id}`;
    await expect(under(server.prefix('other'))).rejects.toThrow(sentence);
    expect(await streamsUnder(server.prefix('other'))).toHaveLength(1);
  });

  it('A start on a shared EventStoreDB is refused on streams that were copied to another prefix', async () => {
    const [own, copied] = [server.prefix('own'), server.prefix('copied')];
    const first = await under(own);
    const metadata = JSON.stringify({ $causationId: 'c', $correlationId: 'd', by: 'installation', origin: 'office', version: 1 });
    await server.others.append(`${copied}installation`, { type: 'InstallationMade', data: JSON.stringify(first), metadata });
    const sentence = `日志属于安装 ${first?.id}，它开始时有 EVENT_STREAM_PREFIX=${own}，而设置中有 EVENT_STREAM_PREFIX=${copied}`;
    for (const folder of folders) await expect(under(copied, folder)).rejects.toThrow(sentence);
    expect(await streamsUnder(copied)).toHaveLength(1);
  });
});

describe("A log file that was replaced by another installation's", () => {
  it('A log file that was replaced by another installation’s is refused by a start and by commands, with both ids, and nothing is written to it', async () => {
    const folders = ['one', 'other'].map((name) => mkdtempSync(join(tmpdir(), `own-log-${name}-`)));
    const [one = '', other = ''] = folders;
    const begun = (folder: string) => establishAtStart(readSettings({ DATA_DIR: folder, DEMO: 'false', ROLES: 'projector' }));
    const [first, second] = [await begun(one), await begun(other)];
    copyFileSync(join(other, 'events.sqlite'), join(one, 'events.sqlite'));
    const sentence = `日志属于安装 ${second?.id}，而读模型属于安装 ${first?.id}`;
    await expect(begun(one)).rejects.toThrow(sentence);
    for (const command of [['tasks'], ['import', one], ['projections'], ['events', 'installation']]) {
      const { code, stdout, stderr } = await told(command, { DATA_DIR: one });
      expect([command, code, stdout, stderr]).toEqual([command, 3, '', expect.stringContaining(sentence)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    const store = new SqliteEventStore(join(one, 'events.sqlite'), knownEvents);
    expect(await readAll(store)).toHaveLength(1);
    await store.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
});
