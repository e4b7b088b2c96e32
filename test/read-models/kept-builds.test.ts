import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertUsable, UnusableReadModels } from '../../src/read-models/fingerprints.js';
import { codeOf, KeptBuilds } from '../../src/read-models/kept-builds.js';
import { inOneView } from '../../src/read-models/one-view.js';
import { nameOf, type Projection } from '../../src/read-models/projection.js';
import { type Progress, Projector } from '../../src/read-models/projector.js';
import { asked, type Build, nextName, type Registry, STILL_READ, type Wish, withBuild, withoutBuild } from '../../src/read-models/registry.js';
import { ServedReadModels } from '../../src/read-models/served.read-models.js';
import { SqliteBuildStore } from '../../src/read-models/sqlite.build-store.js';
import { SqliteProjectionStore } from '../../src/read-models/sqlite.projection-store.js';
import { SqliteReadModels } from '../../src/read-models/sqlite.read-models.js';
import { until } from '../until.js';
import { added, countsByTarget, spoilt, textsBySubject } from './counting.js';
import { MemoryEventStore } from './memory.event-store.js';

/** Waits until an expectation of what the projector does holds. */
function eventually(expected: () => Promise<void>): Promise<true> {
  let unmet = '';
  return until(
    'what the projector does',
    async () => {
      try {
        await expected();
        return true;
      } catch (error) {
        unmet = String(error);
        return false;
      }
    },
    10_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${unmet}`);
  });
}

/** The texts as their next version has them: joined. */
const joined: Projection = {
  ...(textsBySubject as Projection),
  version: 2,
  empty: { text: '' },
  indexes: {},
  on: { Added: (doc, { data }) => ({ text: `${(doc as { text: string }).text}${(data as { text: string }).text}` }), Removed: () => null },
};
const lifted: Projection = { ...(textsBySubject as Projection), lift: (doc) => ({ text: `lifted ${(doc as { texts: string[] }).texts.join()}` }) };

describe('Builds that a projector keeps up', () => {
  let folder: string;
  let events: MemoryEventStore;
  let builds: SqliteBuildStore;
  let stored: SqliteReadModels;
  let able = true;
  const ended: (() => Promise<void>)[] = [];

  /** Takes what is spoilt once it is able to. */
  const patient: Projection = {
    ...(textsBySubject as Projection),
    on: {
      ...(textsBySubject as Projection).on,
      Spoilt: (doc) => {
        if (!able) throw new Error('cannot take it');
        return { texts: [...(doc as { texts: string[] }).texts, 'spoilt'] };
      },
    } as Projection['on'],
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'builds-'));
    const file = join(folder, 'read-models.sqlite');
    events = new MemoryEventStore();
    builds = new SqliteBuildStore(file);
    stored = new SqliteReadModels(file);
    able = true;
  });
  afterEach(async () => {
    for (const end of ended.splice(0).reverse()) await end();
    await stored.close();
    await builds.close();
    rmSync(folder, { recursive: true });
  });

  const fingerprints = { of: ({ name, version }: Projection) => `code of ${name} ${version}` };

  /** A projector of a release; answers its progress. */
  function project(code: readonly Projection[]): () => Progress | undefined {
    const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
    const kept = new KeptBuilds(builds, store, events, code, fingerprints);
    const stopping = new AbortController();
    let last: Progress | undefined;
    const report = (progress: Progress) => {
      last = progress;
    };
    const running = new Projector(events, store, code, { holder: `holder-${ended.length}`, kept, report, beat: 5 }).run(stopping.signal);
    ended.push(async () => {
      stopping.abort();
      await running;
      await store.close();
    });
    return () => last;
  }

  const pages = (code: readonly Projection[]) => new ServedReadModels(stored, builds, code);
  const shown = async (code: readonly Projection[], subject: string) => pages(code).get(code.at(-1) as Projection, subject);
  /** As a rebuild registers one that has caught up; the projector makes it from the log's start. */
  async function another(projection: Projection): Promise<string> {
    const build = (registry: Registry): Build => ({
      name: nextName(registry, projection.name, projection.version),
      readModel: projection.name,
      version: projection.version,
      fingerprint: fingerprints.of(projection),
      state: 'current',
      begun: new Date().toISOString(),
    });
    const after = await builds.change((registry) => withBuild(registry, build(registry)));
    return after.builds.at(-1)?.name ?? '';
  }
  async function outcomeOf(what: Wish) {
    const id = `request ${Math.random()}`;
    await builds.change((registry) => asked(registry, id, what));
    const find = async () => (await builds.registry()).requests.find((request) => request.id === id)?.outcome;
    await eventually(async () => expect(await find()).toBeDefined());
    return find();
  }
  const switchTo = (build: string, accepted: readonly string[] = []) => outcomeOf({ kind: 'switch', build, accepted });

  it('are registered and served from the first start', async () => {
    events.tell([added('zhang', 'a')]);
    project([textsBySubject as Projection, countsByTarget as Projection]);
    await eventually(async () => expect(await shown([textsBySubject as Projection], 'zhang')).toEqual({ texts: ['a'] }));
    const { serving, builds: made } = await builds.registry();
    expect(serving).toEqual({ 'texts-by-subject': 'texts-by-subject@1', 'counts-by-target': 'counts-by-target@1' });
    expect(made.map(({ name, state }) => `${name} ${state}`)).toEqual(['texts-by-subject@1 current', 'counts-by-target@1 current']);
  });

  it('are projected beside what is served, shown when the pointer is moved, and left again the same way', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] }));
    await builds.fill(textsBySubject as Projection, new Map([['zhang', { position: '99999999', document: { texts: ['damaged'] } }]]), []);
    expect(await shown(code, 'zhang')).toEqual({ texts: ['damaged'] });
    const name = await another(textsBySubject as Projection);
    expect(name).toBe('texts-by-subject@1-2');
    expect(await switchTo(name)).toEqual({ done: true, says: '现在使用 texts-by-subject@1-2' });
    expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] });
    events.tell([added('zhang', 'b')]);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a', 'b'] }));
    expect(await outcomeOf({ kind: 'rollback', readModel: 'texts-by-subject' })).toMatchObject({ done: true });
    expect(await shown(code, 'zhang')).toEqual({ texts: ['damaged'] });
    expect(await switchTo('texts-by-subject@1')).toEqual({ done: false, says: 'texts-by-subject@1 已经在使用' });
    expect(await switchTo('texts-by-subject@7')).toMatchObject({ done: false });
  });

  it('of an older version are shown in the new shape until the pointer is moved', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    project([lifted]);
    await eventually(async () => expect(await shown([lifted], 'zhang')).toEqual({ texts: ['a', 'b'] }));
    for (const end of ended.splice(0)) await end();
    const release = [lifted, joined];
    project(release);
    expect(await shown(release, 'zhang')).toEqual({ text: 'lifted a,b' });
    expect(await shown(release, 'nobody')).toEqual({ text: '' });
    const name = await another(joined);
    expect(await switchTo(name)).toMatchObject({ done: true });
    expect(await shown(release, 'zhang')).toEqual({ text: 'ab' });
  });

  it('are not mixed in one request, and an empty answer of a build that is gone is not believed', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] }));
    const name = await another(textsBySubject as Projection);
    await inOneView(async () => {
      const before = await shown(code, 'zhang');
      expect(await switchTo(name)).toMatchObject({ done: true });
      await builds.fill(textsBySubject as Projection, new Map([['zhang', { position: '99999999', document: { texts: ['old'] } }]]), []);
      expect([before, await shown(code, 'zhang')]).toEqual([{ texts: ['a'] }, { texts: ['old'] }]);
      const later = new Date(Date.now() + STILL_READ).toISOString();
      await builds.change((registry) => withoutBuild(registry, 'texts-by-subject@1', later));
      await builds.drop(textsBySubject as Projection);
      expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] });
    });
  });

  it('are not mixed in one request, also where nothing was found in between', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] }));
    const name = await another(textsBySubject as Projection);
    await inOneView(async () => {
      await shown(code, 'zhang');
      expect(await switchTo(name)).toMatchObject({ done: true });
      await builds.fill(textsBySubject as Projection, new Map([['zhang', { position: '99999999', document: { texts: ['old'] } }]]), []);
      expect(await shown(code, 'nobody')).toEqual({ texts: [] });
      expect(await shown(code, 'zhang')).toEqual({ texts: ['old'] });
    });
  });

  it('are not switched by a request that was withdrawn meanwhile', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] }));
    const name = await another(textsBySubject as Projection);
    for (const end of ended.splice(0)) await end();
    await builds.change((registry) => asked(registry, 'withdrawn', { kind: 'switch', build: name, accepted: [] }));
    const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
    const read = builds.registry.bind(builds);
    let looks = 0;
    const slow = Object.create(builds) as typeof builds;
    slow.registry = async () => {
      const registry = await read();
      // withdrawn just after the projector has seen it
      if (registry.requests.length > 0 && ++looks === 2) await builds.change((before) => ({ ...before, requests: [] }));
      return registry;
    };
    const kept = new KeptBuilds(slow, store, events, code, fingerprints);
    const lease = await store.lease('me');
    const projections = await kept.begin();
    const standings = projections.map((projection) => ({ projection, checkpoint: { position: '' }, quarantined: new Set<string>() }));
    await kept.atOnePosition(lease as never, standings);
    await store.close();
    expect((await builds.registry()).serving).toEqual({ 'texts-by-subject': 'texts-by-subject@1' });
  });

  it('are not switched for one who asked long ago and hears nothing any more', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a'] }));
    const name = await another(textsBySubject as Projection);
    const wish: Wish = { kind: 'switch', build: name, accepted: [] };
    await builds.change((registry) => asked(asked(registry, 'killed', wish, new Date(Date.now() - 1)), 'waiting', wish, new Date(Date.now() + 60_000)));
    await eventually(async () => expect((await builds.registry()).requests.map(({ outcome }) => outcome?.done)).toEqual([false, true]));
  });

  it('do not take a document out of quarantine that an event of a newer release keeps there', async () => {
    events.tell([added('zhang', 'a'), { ...added('zhang', 'x'), type: 'OfANewerRelease', unknown: true } as never, added('zhang', 'b')]);
    project([textsBySubject as Projection]);
    await eventually(async () => expect(await shown([textsBySubject as Projection], 'zhang')).toEqual({ texts: ['a'] }));
    expect(await outcomeOf({ kind: 'retry', build: 'texts-by-subject@1', key: 'zhang' })).toMatchObject({ done: false });
    expect(await shown([textsBySubject as Projection], 'zhang')).toEqual({ texts: ['a'] });
  });

  it('with a quarantined document are served only when a person accepts what is already so', async () => {
    able = false;
    events.tell([added('zhang', 'a'), added('li', 'b'), spoilt('zhang')]);
    const progress = project([patient]);
    await eventually(async () => expect(progress()?.state).toBe('live'));
    const name = await another(patient);
    expect(await switchTo(name)).toMatchObject({ done: false, says: expect.stringContaining('zhang') });
    expect(await switchTo(name, ['li'])).toMatchObject({ done: false });
    expect(await switchTo(name, ['zhang'])).toMatchObject({ done: true });
  });

  it('take a quarantined document on again, with all that came meanwhile', async () => {
    able = false;
    events.tell([added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b')]);
    project([patient]);
    await eventually(async () => expect(await shown([patient], 'zhang')).toEqual({ texts: ['a'] }));
    const again: Wish = { kind: 'retry', build: 'texts-by-subject@1', key: 'zhang' };
    expect(await outcomeOf(again)).toMatchObject({ done: false, says: expect.stringContaining('cannot take it') });
    able = true;
    events.tell([added('zhang', 'c')]);
    expect(await outcomeOf(again)).toMatchObject({ done: true });
    expect(await shown([patient], 'zhang')).toEqual({ texts: ['a', 'spoilt', 'b', 'c'] });
    events.tell([added('zhang', 'd')]);
    await eventually(async () => expect(await shown([patient], 'zhang')).toEqual({ texts: ['a', 'spoilt', 'b', 'c', 'd'] }));
    expect(await outcomeOf(again)).toMatchObject({ done: false });
  });

  it('of another log are left as they are, while those made anew go on and can be served', async () => {
    const code = [textsBySubject as Projection];
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    project(code);
    await eventually(async () => expect(await shown(code, 'zhang')).toEqual({ texts: ['a', 'b'] }));
    for (const end of ended.splice(0)) await end();
    events.restore(1);
    events.tell([added('zhang', 'c')]);
    const progress = project(code);
    await eventually(async () => expect(progress()?.state).toBe('needs-rebuild'));
    const name = await another(textsBySubject as Projection);
    expect(await switchTo(name)).toMatchObject({ done: true });
    expect(await shown(code, 'zhang')).toEqual({ texts: ['a', 'c'] });
    expect(progress()?.stopped).toHaveProperty(['texts-by-subject@1'], expect.stringContaining('not in this log'));
  });

  it('made by code that changed without a new version, or served without any code, keep a process from starting', async () => {
    events.tell([added('zhang', 'a')]);
    project([textsBySubject as Projection]);
    await eventually(async () => expect((await builds.registry()).revision).toBeGreaterThan(0));
    const registry = await builds.registry();
    assertUsable(registry, [textsBySubject as Projection], fingerprints);
    assertUsable(registry, [textsBySubject as Projection, joined], fingerprints);
    expect(() => assertUsable(registry, [joined], fingerprints)).toThrow(UnusableReadModels);
    expect(() => assertUsable(registry, [textsBySubject as Projection], { of: () => 'other code' })).toThrow('texts-by-subject@1');
  });

  it('are the same object whenever they are asked for', () => {
    const build = { readModel: 'texts-by-subject', version: 1, name: 'texts-by-subject@1-3' };
    const code = [textsBySubject as Projection];
    expect(codeOf(code, build)).toBe(codeOf(code, build));
    expect(nameOf(codeOf(code, build) as Projection)).toBe('texts-by-subject@1-3');
    expect(codeOf(code, { ...build, version: 4 })).toBeUndefined();
  });
});
