import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { assertUsable, UnusableReadModels } from '../../../src/read-models/fingerprints.js';
import { nameOf, type Projection, projectionOf } from '../../../src/read-models/projection.js';
import type { Lease } from '../../../src/read-models/read-models.js';
import { type Change, withRequest } from '../../../src/read-models/registry.js';
import { added } from '../counting.js';
import { counts, texts } from '../opened-builds.js';
import { eventually, fingerprints, KeptUpBuilds } from './kept-up-builds.js';

const code = [texts];
const next: Projection = { ...texts, version: 2 };

let at: KeptUpBuilds;
beforeEach(() => {
  at = new KeptUpBuilds();
});
afterEach(() => at.drop());

describe('Builds that a projector keeps up', () => {
  it('Maintained builds are registered and served from the first start', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project([texts, counts]);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const { serving, builds: made } = await at.builds.registry();
    expect(serving).toEqual({ 'texts-by-subject': 'texts-by-subject@1', 'counts-by-target': 'counts-by-target@1' });
    expect(made.map(({ name, state }) => `${name} ${state}`)).toEqual(['texts-by-subject@1 current', 'counts-by-target@1 current']);
  });

  it('Maintained builds are projected beside what is served, shown when the pointer is moved, and left again the same way', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    await at.damage(texts, 'zhang', { texts: ['damaged'] });
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['damaged'] });
    const name = await at.another(texts);
    expect(name).toBe('texts-by-subject@1-2');
    expect(await at.switchTo(name)).toEqual({ done: true, says: '现在使用 texts-by-subject@1-2' });
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['a'] });
    at.events.tell([added('zhang', 'b')]);
    await at.untilShown(code, 'zhang', { texts: ['a', 'b'] });
    expect(await at.outcomeOf({ kind: 'rollback', readModel: 'texts-by-subject' })).toMatchObject({ done: true });
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['damaged'] });
    expect(await at.switchTo('texts-by-subject@1')).toEqual({ done: false, says: 'texts-by-subject@1 已经在使用' });
    expect(await at.switchTo('texts-by-subject@7')).toMatchObject({ done: false });
  });

  it('Maintained builds are not switched by a request that was withdrawn meanwhile', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const name = await at.another(texts);
    await at.end();
    await at.builds.change((registry) => withRequest(registry, 'withdrawn', { kind: 'switch', build: name, accepted: [] }));
    const store = at.openStore();
    const read = at.builds.registry.bind(at.builds);
    let looks = 0;
    const slow = Object.create(at.builds) as typeof at.builds;
    slow.registry = async () => {
      const registry = await read();
      // withdrawn just after the projector has seen it
      if (registry.requests.length > 0 && ++looks === 2) await at.builds.change((before) => ({ ...before, requests: [] }));
      return registry;
    };
    const kept = at.kept(code, store, slow);
    const lease = await store.lease('me');
    const projections = await kept.load();
    const statuses = projections.map((projection) => ({ projection, checkpoint: { position: '' }, quarantined: new Set<string>() }));
    await kept.whenAligned(lease as Lease, statuses);
    await store.close();
    expect((await at.builds.registry()).serving).toEqual({ 'texts-by-subject': 'texts-by-subject@1' });
  });

  it('Maintained builds are not switched for one who asked long ago and hears nothing any more', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    const name = await at.another(texts);
    const wish: Change = { kind: 'switch', build: name, accepted: [] };
    await at.builds.change((registry) =>
      withRequest(withRequest(registry, 'killed', wish, new Date(Date.now() - 1)), 'waiting', wish, new Date(Date.now() + 60_000)),
    );
    await eventually(async () => expect((await at.builds.registry()).requests.map(({ outcome }) => outcome?.done)).toEqual([false, true]));
  });

  it('Maintained builds of another log are left as they are, while those made anew go on and can be served', async () => {
    at.events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a', 'b'] });
    await at.end();
    at.events.restore(1);
    at.events.tell([added('zhang', 'c')]);
    const progress = at.project(code);
    await eventually(async () => expect(progress()?.state).toBe('needs-rebuild'));
    const name = await at.another(texts);
    expect(await at.switchTo(name)).toMatchObject({ done: true });
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['a', 'c'] });
    expect(progress()?.stopped).toHaveProperty(['texts-by-subject@1'], expect.stringContaining('不在这份日志里'));
  });

  it('Maintained builds go on by themselves when their own log is back', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    await at.end();
    const another = jest.spyOn(at.events, 'at').mockResolvedValue(undefined);
    const progress = at.project(code);
    await eventually(async () => expect(progress()?.state).toBe('needs-rebuild'));
    another.mockRestore();
    at.events.tell([added('zhang', 'b')]);
    await at.untilShown(code, 'zhang', { texts: ['a', 'b'] });
  });

  it('Maintained builds made by code that changed without a new version, or served without any code, keep a process from starting', async () => {
    at.events.tell([added('zhang', 'a')]);
    at.project(code);
    await eventually(async () => expect((await at.builds.registry()).revision).toBeGreaterThan(0));
    const registry = await at.builds.registry();
    assertUsable(registry, code, fingerprints);
    assertUsable(registry, [texts, next], fingerprints);
    expect(() => assertUsable(registry, [next], fingerprints)).toThrow(UnusableReadModels);
    expect(() => assertUsable(registry, code, { of: () => 'other code' })).toThrow('texts-by-subject@1');
  });

  it('Maintained builds are not those that other code made, and a first build has a name that none of them has', async () => {
    const build = {
      name: 'texts-by-subject@1',
      readModel: texts.name,
      version: 1,
      fingerprint: 'of other code',
      state: 'current',
      begun: '2026-11-22T00:00:00.000Z',
    } as const;
    await at.builds.change((registry) => ({ ...registry, builds: [build] }));
    const store = at.openStore();
    const maintained = await at.kept([texts], store).load();
    await store.close();
    expect(maintained.map(nameOf)).toEqual(['texts-by-subject@1-2']);
    expect((await at.builds.registry()).serving).toEqual({ 'texts-by-subject': 'texts-by-subject@1-2' });
  });

  it('Maintained builds are the same object whenever they are asked for', () => {
    const build = { readModel: 'texts-by-subject', version: 1, name: 'texts-by-subject@1-3' };
    expect(projectionOf(code, build)).toBe(projectionOf(code, build));
    expect(nameOf(projectionOf(code, build) as Projection)).toBe('texts-by-subject@1-3');
    expect(projectionOf(code, { ...build, version: 4 })).toBeUndefined();
  });
});
