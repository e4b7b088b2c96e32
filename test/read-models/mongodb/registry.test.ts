import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { type Build, withBuild } from '../../../src/read-models/registry.js';
import { DamagedFile } from '../../../src/sqlite/sqlite-errors.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';

const bills: Build = { name: 'bills@2', readModel: 'bills', version: 2, fingerprint: 'f', state: 'current', begun: '2026-11-22T00:00:00.000Z' };

describeWithMongodb('The registry in MongoDB', () => {
  const database = newDatabase();
  let builds: MongodbBuildStore;
  let other: Mongodb;

  beforeEach(async () => {
    [builds, other] = [new MongodbBuildStore(database.url), Mongodb.open(database.url)];
    await builds.change((registry) => withBuild(registry, bills));
  });
  afterEach(async () => {
    for (const each of [builds, other]) await each.close();
    await database.drop();
  });

  const update = (change: object) => other.collection<{ _id: string }>('registry').updateOne({ _id: 'registry' }, change);

  describe('The registry in MongoDB is refused', () => {
    it.each<[string, object, string]>([
      ['it serves a build of another read model', { $set: { 'serving.0.readModel': 'sittings' } }, '中 sittings 的版本写成了 bills@2'],
      ['it serves two builds of one read model', { $push: { serving: { readModel: 'bills', build: 'bills@1' } } }, '中同一个读模型写了两次'],
      ['an entry of a map is nothing', { $set: { 'serving.0': null } }, '无法读取'],
      ['a build is there twice', { $push: { builds: bills } }, '中有两个 bills@2'],
      ['its revision is text', { $set: { revision: '1' } }, '中的 revision 不对'],
      ['only a text is left that is no JSON', { $unset: { builds: '' }, $set: { registry: '{' } }, '无法读取'],
    ])('The registry in MongoDB is refused as damaged where %s', async (_, change, lacks) => {
      await update(change);
      await expect(builds.registry()).rejects.toThrow(DamagedFile);
      await expect(builds.registry()).rejects.toThrow(`MongoDB 的集合 registry 已损坏（${lacks}）`);
    });
  });

  it('The registry in MongoDB has the revision by which changes are guarded, also where only a text with another is left', async () => {
    await update({ $unset: { builds: '', serving: '', before: '', requests: '' }, $set: { revision: 7 } });
    expect(await builds.registry()).toMatchObject({ revision: 7, serving: { bills: 'bills@2' }, builds: [bills] });
    expect(await builds.change((registry) => ({ ...registry, installation: 'one' }))).toMatchObject({ revision: 8 });
  });
});
