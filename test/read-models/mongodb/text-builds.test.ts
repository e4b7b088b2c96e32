import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { nameOf, type Projection, projectionOf } from '../../../src/read-models/projection.js';
import type { Lease } from '../../../src/read-models/read-models.js';
import type { Build, Registry } from '../../../src/read-models/registry.js';
import { ServedReadModels } from '../../../src/read-models/serving/served.read-models.js';
import { describeWithMongodb, newDatabase, type TestDatabase } from '../../mongodb/mongodb-server.js';
import { textsBySubject } from '../counting.js';
import { batchOf } from '../opened-read-models.js';

/** There were no lookups then. */
const { lookups: _, ...texts } = textsBySubject;
const code = [texts as Projection];
const name = nameOf(texts);
const begun = '2026-11-01T00:00:00.000Z';
/** As releases before registered it. */
const before: Build = { name, readModel: textsBySubject.name, version: 1, fingerprint: 'x', state: 'current', begun };
const registered: Registry = { revision: 1, serving: { [textsBySubject.name]: name }, before: {}, builds: [before], requests: [] };

describeWithMongodb('A build that a release before made of JSON as text', () => {
  let database: TestDatabase;
  let shared: Mongodb;
  let store: MongodbProjectionStore;
  let builds: MongodbBuildStore;
  let readModels: MongodbReadModels;
  const asText = projectionOf(code, before) as Projection;
  const rows = async () => (await shared.collection<{ _id: string }>(name).find().sort({ _id: 1 }).toArray()) as readonly object[];

  beforeEach(async () => {
    database = newDatabase();
    shared = Mongodb.open(database.url);
    const stored = [
      { _id: 'li', position: '1', document: null },
      { _id: 'zhang', position: '1', document: '{"texts":["a.b"],"due":"2026"}', by: { due: '2026', first: 'a.b' } },
    ];
    await shared.collection<{ _id: string }>(name).insertMany(stored);
    await shared.collection<{ _id: string }>('registry').insertOne({ _id: 'registry', revision: 1, registry: JSON.stringify(registered) } as { _id: string });
    store = new MongodbProjectionStore(database.url);
    builds = new MongodbBuildStore(database.url);
    readModels = new MongodbReadModels(database.url);
  });
  afterEach(async () => {
    for (const each of [store, builds, readModels, shared]) await each.close();
    await database.drop();
  });

  it('A build that a release before made of JSON as text is served, listed and scanned as it is', async () => {
    const served = new ServedReadModels(readModels, builds, code);
    expect(await builds.registry()).toEqual(registered);
    expect(await served.get(texts, 'zhang')).toEqual({ texts: ['a.b'], due: '2026' });
    expect(await served.get(texts, 'li')).toEqual({ texts: [] });
    expect((await served.list(texts, 'due', undefined, 10)).map(({ key }) => key)).toEqual(['zhang']);
    expect((await served.all(texts)).documents).toEqual(new Map([['zhang', { texts: ['a.b'], due: '2026' }]]));
    expect(await builds.scan(asText, undefined, 10)).toEqual([
      { key: 'li', position: '1', document: null, listed: { due: null, first: null } },
      { key: 'zhang', position: '1', document: { texts: ['a.b'], due: '2026' }, listed: { due: '2026', first: 'a.b' } },
    ]);
    expect(await builds.count(asText)).toBe(1);
  });

  it('A build that a release before made of JSON as text is kept up as text, so that the release before can go on with it', async () => {
    const lease = (await store.lease('one')) as Lease;
    expect((await store.load(asText, ['zhang'])).get('zhang')).toEqual({ position: '1', document: { texts: ['a.b'], due: '2026' } });
    await store.write(lease, [batchOf(asText, { zhang: null, wang: { texts: ['c'] } }, '2')]);
    expect(await rows()).toEqual([
      { _id: 'li', position: '1', document: null },
      { _id: 'wang', position: '2', document: '{"texts":["c"]}', by: { first: 'c' } },
      { _id: 'zhang', position: '2', document: null },
    ]);
  });

  it('A build that a release before made of JSON as text is compared with one of today, which has the fields of documents, without a difference', async () => {
    const registry = await builds.change((now) => ({ ...now, builds: [...now.builds, { ...before, name: `${name}-2`, form: 'fields' as const }] }));
    const today = projectionOf(code, registry.builds[1] as Build) as Projection;
    await builds.prepare(today);
    await builds.fill(today, new Map([['zhang', { position: '2', document: { texts: ['a.b'], due: '2026' } }]]), []);
    expect(await builds.unequal(asText, today, undefined)).toEqual({ pairs: [], looked: 1, next: undefined });
    const stored = await shared.collection<{ _id: string }>(`${name}-2`).findOne({ due: '2026', texts: 'a.b' });
    expect(stored).toEqual({ _id: 'zhang', position: '2', by: { due: '2026', first: 'a.b' }, texts: ['a.b'], due: '2026' });
  });
});

describeWithMongodb('The registry in MongoDB', () => {
  it('The registry in MongoDB is fields that a person can read and ask by, and text for a process of the release before, whose change counts', async () => {
    const database = newDatabase();
    const shared = Mongodb.open(database.url);
    const builds = new MongodbBuildStore(database.url);
    await builds.replace(registered);
    const collection = shared.collection<{ _id: string }>('registry');
    const row = await collection.findOne({ 'builds.begun': { $lt: new Date('2026-11-02') } });
    expect(row).toMatchObject({
      serving: [{ readModel: 'texts-by-subject', build: 'texts-by-subject@1' }],
      builds: [{ name: 'texts-by-subject@1', begun: new Date(begun) }],
      registry: JSON.stringify(registered),
    });
    const changed = { ...registered, revision: 2, before: { [textsBySubject.name]: 'texts-by-subject@1-2' } };
    await collection.replaceOne({ _id: 'registry' }, { revision: 2, registry: JSON.stringify(changed) });
    expect(await builds.registry()).toEqual(changed);
    await builds.change((now) => ({ ...now, before: {} }));
    expect(await builds.registry()).toEqual({ ...registered, revision: 3 });
    await builds.close();
    await shared.close();
    await database.drop();
  });

  it('The registry in MongoDB names to a process of the release before builds of fields as of a version for which it has no code, and reads back what it wrote', async () => {
    const database = newDatabase();
    const shared = Mongodb.open(database.url);
    const builds = new MongodbBuildStore(database.url);
    const native: Build = { ...before, name: `${name}-2`, form: 'fields' };
    const both: Registry = { ...registered, serving: { [textsBySubject.name]: native.name }, builds: [before, native] };
    await builds.replace(both);
    expect(await builds.registry()).toEqual(both);
    const collection = shared.collection<{ _id: string; revision: number; registry: string }>('registry');
    const row = await collection.findOne({ _id: 'registry' });
    const seen = JSON.parse(row?.registry ?? '') as Registry;
    // as that release looks for the code of a build
    expect(seen.builds.map(({ form: _, ...build }) => projectionOf(code, build)?.name)).toEqual([textsBySubject.name, undefined]);
    await collection.replaceOne({ _id: 'registry' }, { revision: 2, registry: JSON.stringify({ ...seen, revision: 2 }) });
    expect(await builds.registry()).toEqual({ ...both, revision: 2 });
    await builds.close();
    await shared.close();
    await database.drop();
  });
});
