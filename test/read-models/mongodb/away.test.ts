import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Collection } from 'mongodb';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { Projector } from '../../../src/read-models/projecting/projector.js';
import { ProjectorHost } from '../../../src/read-models/projecting/projector-host.js';
import { MongodbVault } from '../../../src/vault/mongodb/vault.js';
import { inline } from '../../inline.js';
import { describeWithMongodb, newDatabase, type TestDatabase } from '../../mongodb/mongodb-server.js';
import { TcpProxy } from '../../tcp-proxy.js';
import { until } from '../../until.js';
import { added, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';

describeWithMongodb('While MongoDB is away', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  beforeEach(async () => {
    database = newDatabase();
    proxy = await TcpProxy.to(database.port, database.host);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await proxy.close();
    await database.drop();
  });

  it('While MongoDB is away, pages say so while it lasts, and are shown again once it is back, whatever ailed the network', async () => {
    const showsAgain = async (fault: string, begin: (faulty: TcpProxy) => unknown, end: (faulty: TcpProxy) => unknown) => {
      const faulty = await TcpProxy.to(database.port, database.host);
      const readModels = new MongodbReadModels(database.through(faulty));
      const read = () => readModels.get(textsBySubject, 'zhang');
      expect(await read()).toEqual({ texts: [] });
      await begin(faulty);
      await expect(read()).rejects.toThrow(StoreUnavailable);
      await end(faulty);
      expect(await until(`a page after ${fault}`, () => read().catch(() => undefined))).toEqual({ texts: [] });
      await readModels.close();
      await faulty.close();
    };
    await Promise.all([
      showsAgain(
        'connections that are refused',
        (faulty) => faulty.close(),
        (faulty) => faulty.open(),
      ),
      showsAgain(
        'connections that hang',
        (faulty) => faulty.hang(),
        (faulty) => faulty.goOn(),
      ),
      showsAgain(
        'answers that are lost',
        (faulty) => faulty.loseAnswers(),
        (faulty) => faulty.answerAgain(),
      ),
    ]);
  });

  it('While MongoDB is away, nothing is opened that cannot be checked, and it can be opened later', async () => {
    await proxy.close();
    await expect(MongodbVault.open(database.through(proxy), new Uint8Array(32))).rejects.toThrow(StoreUnavailable);
    await proxy.open();
    const vault = await MongodbVault.open(database.through(proxy), new Uint8Array(32));
    expect(await vault.find(['010512345678'])).toEqual([undefined]);
    await vault.close();
  });

  it('While MongoDB is away, a candidate whose admission was not answered has the id that was stored', async () => {
    const vault = await MongodbVault.open(database.through(proxy), new Uint8Array(32));
    const zhang = { admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' };
    expect(await vault.find([zhang.admissionNo])).toEqual([undefined]);
    const { insertMany } = Collection.prototype;
    jest.spyOn(Collection.prototype, 'insertMany').mockImplementationOnce(function (this: Collection, ...given) {
      proxy.loseAnswers();
      return insertMany.apply(this, given);
    });
    await expect(vault.findOrCreateSafe(zhang)).rejects.toThrow(StoreUnavailable);
    const stored = async () => (await database.rows()).flatMap(({ collection, row }) => (collection === 'candidates' ? [row._id] : []));
    const [first, ...more] = await stored();
    expect(first).toEqual(expect.any(String));
    expect(more).toEqual([]);
    proxy.answerAgain();
    const { id } = await until('an admission', () => vault.findOrCreateSafe(zhang).catch(() => undefined));
    expect([id]).toEqual([first]);
    expect(await stored()).toEqual([id]);
    expect(await vault.find([zhang.admissionNo])).toEqual([id]);
    await vault.close();
  });

  it('While MongoDB is away, the projector is started again until it is back, and nothing is missing or doubled', async () => {
    const events = new MemoryEventStore();
    const stores: MongodbProjectionStore[] = [];
    const projector = new ProjectorHost(
      inline((report, signal) => {
        const store = new MongodbProjectionStore(database.through(proxy));
        stores.push(store);
        return new Projector(events, store, [textsBySubject], { holder: 'one', report, heartbeatInterval: 10 }).run(signal);
      }),
      async (signal) => void (await until('its turn', () => signal.aborted || stores.length > 0)),
    );
    events.tell([added('zhang', 'a')]);
    await until('a projector that follows', () => projector.state().state === 'live');
    await proxy.close();
    events.tell([added('zhang', 'b')]);
    await until('its end', () => projector.state().state === 'failed');
    events.tell([added('zhang', 'c')]);
    await proxy.open();
    const readModels = new MongodbReadModels(database.url);
    await until('all that happened meanwhile', async () => (await readModels.position([textsBySubject])) === (await events.head()));
    expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['a', 'b', 'c'] });
    await projector.stop();
    for (const store of stores) await store.close();
    await readModels.close();
  });
});
