import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { withoutBuild } from '../../../src/read-models/registry.js';
import { withRegistrySnapshot } from '../../../src/read-models/serving/registry-snapshot.js';
import { UnservedReadModel } from '../../../src/read-models/unserved-read-model.js';
import { added } from '../counting.js';
import { texts } from '../opened-builds.js';
import { KeptUpBuilds } from '../projecting/kept-up-builds.js';

const code = [texts];

/** The texts as their next version has them: joined. */
const joined: Projection = {
  ...texts,
  version: 2,
  empty: { text: '' },
  indexes: {},
  on: { Added: (doc, { data }) => ({ text: `${(doc as { text: string }).text}${(data as { text: string }).text}` }), Removed: () => null },
};
const lifted: Projection = { ...texts, lift: (doc) => ({ text: `lifted ${(doc as { texts: string[] }).texts.join()}` }) };

let at: KeptUpBuilds;
beforeEach(() => {
  at = new KeptUpBuilds();
});
afterEach(() => at.drop());

describe('Builds that a projector keeps up', () => {
  it('Maintained builds of an older version are shown in the new form until the switch', async () => {
    at.events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    at.project([lifted]);
    await at.untilShown([lifted], 'zhang', { texts: ['a', 'b'] });
    await at.end();
    const release = [lifted, joined];
    at.project(release);
    expect(await at.shown(release, 'zhang')).toEqual({ text: 'lifted a,b' });
    expect(await at.shown(release, 'nobody')).toEqual({ text: '' });
    const name = await at.another(joined);
    expect(await at.switchTo(name)).toMatchObject({ done: true });
    expect(await at.shown(release, 'zhang')).toEqual({ text: 'ab' });
  });

  it('Maintained builds are not mixed in one request, and an empty result of a dropped build is not trusted', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const name = await at.another(texts);
    await withRegistrySnapshot(async () => {
      const before = await at.shown(code, 'zhang');
      expect(await at.switchTo(name)).toMatchObject({ done: true });
      await at.damage(texts, 'zhang', { texts: ['old'] });
      expect([before, await at.shown(code, 'zhang')]).toEqual([{ texts: ['a'] }, { texts: ['old'] }]);
      const later = new Date(Date.now() + 60_000).toISOString();
      await at.builds.change((registry) => withoutBuild(registry, 'texts-by-subject@1', later));
      await at.builds.drop(texts);
      expect(await at.shown(code, 'zhang')).toEqual({ texts: ['a'] });
    });
  });

  it('Maintained builds are looked up anew for each read outside a request, as an import reads, so that a dropped one is not missed', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const name = await at.another(texts);
    expect(await at.switchTo(name)).toMatchObject({ done: true });
    const later = new Date(Date.now() + 60_000).toISOString();
    await at.builds.change((registry) => withoutBuild(registry, 'texts-by-subject@1', later));
    await at.builds.drop(texts);
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['a'] });
    expect(await at.shown(code, 'nobody')).toEqual({ texts: [] });
  });

  it('Maintained builds are not mixed in one request, also where nothing was found in between', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const name = await at.another(texts);
    await withRegistrySnapshot(async () => {
      await at.shown(code, 'zhang');
      expect(await at.switchTo(name)).toMatchObject({ done: true });
      await at.damage(texts, 'zhang', { texts: ['old'] });
      expect(await at.shown(code, 'nobody')).toEqual({ texts: [] });
      expect(await at.shown(code, 'zhang')).toEqual({ texts: ['old'] });
    });
  });
});

describe('A served build whose table is gone', () => {
  it('A served build whose table is gone is not served, as nothing is known of its documents', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    await at.end();
    at.damageSql('DROP TABLE "texts-by-subject@1"');
    await expect(at.shown(code, 'zhang')).rejects.toThrow(UnservedReadModel);
    await expect(at.shown([{ ...texts }], 'zhang')).rejects.toThrow(UnservedReadModel); // for the first time, too
    await expect(at.shown(code, 'zhang')).rejects.toThrow('正在使用的 texts-by-subject@1 的文档表不存在，或者与程序不符');
  });
});
