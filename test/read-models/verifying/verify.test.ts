import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Recorded } from '../../../src/event-store/event.js';
import { foldDocument } from '../../../src/read-models/projecting/fold-document.js';
import type { Projection } from '../../../src/read-models/projection.js';
import type { ReplayPorts } from '../../../src/read-models/rebuilding/rebuild.js';
import { AlreadyReplaying, lockFolder } from '../../../src/read-models/rebuilding/replay-lock.js';
import type { Build } from '../../../src/read-models/registry.js';
import { selecting } from '../../../src/read-models/verifying/selection.js';
import { type Verified, type VerifyOptions, verify } from '../../../src/read-models/verifying/verify.js';
import { added, countsByTarget, removed, shown, spoilt, textsBySubject } from '../counting.js';
import { damage } from '../damage.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { event } from '../projecting/projector.property.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;

/** Nobody is waited for. */
const waitingTimes = { look: 0, idle: 0, stuck: 0 };

async function verified(rebuilding: Rebuilding, options: VerifyOptions = {}, ports: ReplayPorts = rebuilding.ports()): Promise<readonly Verified[]> {
  const { builds } = await rebuilding.builds.registry();
  const targets = await Promise.all(builds.map(async (build: Build) => ({ build, projection: await rebuilding.projectionOf(build.name) })));
  return verify(targets, ports, { waitingTimes, ...options });
}

describe('Stored documents beside a fold of the log', () => {
  let events: MemoryEventStore;
  let rebuilding: Rebuilding;

  beforeEach(() => {
    events = new MemoryEventStore();
    rebuilding = new Rebuilding(events, [texts]);
  });
  afterEach(() => rebuilding.drop());

  const inBuild = (sql: string, ...values: readonly (string | null)[]) =>
    expect(damage(rebuilding.folder, sql.replace('$', '"texts-by-subject@1"'), ...values)).toBeGreaterThan(0);
  const found = async (options?: VerifyOptions) => (await verified(rebuilding, options))[0];
  const differing = async () => (await found())?.found?.keys.map(({ key, kind }) => [key, kind]);
  /** The documents as a projector would write them next. */
  async function written(key: string, position: string, document: unknown): Promise<void> {
    await rebuilding.builds.fill(await rebuilding.projectionOf('texts-by-subject@1'), new Map([[key, { position, document }]]), []);
  }

  it('Stored documents are what their events come to, tombstones and all, and nothing is left of the work', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b'), removed('li'), added('wang', 'c')]);
    await rebuilding.rebuild();
    expect(await verified(rebuilding)).toEqual([
      { build: 'texts-by-subject@1', documents: 2, problems: [], found: { keys: [], kinds: {}, fields: [], examples: [] } },
    ]);
    expect(rebuilding.left).toEqual([]);
  });

  it('Stored documents are each named when they were damaged: changed, missing, extra, and at the wrong place', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b'), added('wang', 'c'), added('zhao', 'd'), added('zhao', 'e'), added('sun', 'f')]);
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ? WHERE key = ?', '{"texts":["x"]}', 'zhang');
    inBuild('DELETE FROM $ WHERE key = ?', 'li');
    inBuild('UPDATE $ SET document = NULL WHERE key = ?', 'wang');
    inBuild('INSERT INTO $ (key, position, document) VALUES (?, ?, ?)', 'nobody', '00000001', '{"texts":[]}');
    inBuild('UPDATE $ SET position = ?, document = ? WHERE key = ?', '00000004', '{"texts":["d"]}', 'zhao');
    inBuild('UPDATE $ SET position = ? WHERE key = ?', '00000009', 'sun');
    const outcome = await found();
    expect(outcome?.documents).toBe(4);
    expect(outcome?.found?.examples).toEqual([
      { key: 'li', kind: 'missing', fields: [{ path: '', fromLog: { texts: ['b'] } }] },
      { key: 'nobody', kind: 'extra', fields: [{ path: '', stored: { texts: [] } }] },
      { key: 'sun', kind: 'position', fields: [] },
      { key: 'wang', kind: 'missing', fields: [{ path: '', fromLog: { texts: ['c'] } }] },
      { key: 'zhang', kind: 'changed', fields: [{ path: 'texts.0', fromLog: 'a', stored: 'x' }] },
      { key: 'zhao', kind: 'position', fields: [] }, // what it says is right as far as it claims to have seen, but all had seen more
    ]);
  });

  it('Stored documents are made whole by a rebuild', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ? WHERE key = ?', '{"texts":[]}', 'zhang');
    await rebuilding.rebuild();
    expect((await verified(rebuilding)).map(({ build, found: { keys = [] } = {} }) => [build, keys.length])).toEqual([
      ['texts-by-subject@1', 1],
      ['texts-by-subject@1-2', 0],
    ]);
  });

  it('Stored documents may be ahead of what all have seen: the projector goes on meanwhile', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b'), added('wang', 'c')]);
    await rebuilding.rebuild();
    await written('zhang', events.tell([added('zhang', 'b')]), { texts: ['a', 'b'] });
    await written('li', events.tell([removed('li')]), null);
    await written('sun', events.tell([added('sun', 'new')]), { texts: ['new'] });
    events.tell([added('wang', 'not seen by any')]);
    expect(await found()).toMatchObject({ documents: 3, found: { keys: [] }, problems: [{ kind: 'behind' }] });
    await written('wang', await events.head(), { texts: ['c'] });
    expect(await differing()).toEqual([['wang', 'changed']]);
  });

  it('Stored documents may be written between the reading of two pieces of them', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await rebuilding.rebuild();
    const { builds, ...ports } = rebuilding.ports();
    const moving = Object.assign(Object.create(ports.workers), {
      scan: async (...given: Parameters<typeof ports.workers.scan>) => {
        await written('zhang', events.tell([added('zhang', 'b')]), { texts: ['a', 'b'] });
        const scanned = await ports.workers.scan(...given);
        await written('li', events.tell([added('li', 'c')]), { texts: ['b', 'c'] });
        return scanned;
      },
    });
    expect(await verified(rebuilding, {}, { ...ports, builds, workers: moving })).toMatchObject([{ documents: 2, found: { keys: [] } }]);
  });

  it('Stored documents in quarantine are compared as far as they have seen, and named', async () => {
    events.tell([added('zhang', 'a'), spoilt('zhang'), added('zhang', 'later'), added('li', 'b'), spoilt('wang')]);
    await rebuilding.rebuild();
    const quarantined = await found();
    expect(quarantined).toMatchObject({ documents: 2, found: { keys: [] }, problems: [{ kind: 'quarantined' }, { kind: 'quarantined' }] });
    const cures = ['wang', 'zhang'].map((key) => ({ kind: 'retry', build: 'texts-by-subject@1', key }));
    expect(quarantined?.problems.flatMap(({ cure }) => cure)).toEqual(cures);
    inBuild('UPDATE $ SET document = ? WHERE key = ?', '{"texts":["x"]}', 'zhang');
    expect(await differing()).toEqual([['zhang', 'changed']]);
  });

  it('Stored documents in quarantine are named one by one up to twenty, and the others counted', async () => {
    events.tell(Array.from({ length: 23 }, (_, at) => spoilt(`candidate-${at}`)));
    await rebuilding.rebuild();
    const problems = (await found({ quick: true }))?.problems ?? [];
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toEqual({
      kind: 'quarantined',
      says: 'texts-by-subject@1 另有 3 个文档被隔离',
      cure: [{ kind: 'retry-all', build: 'texts-by-subject@1' }],
    });
  });

  it('Stored documents may be let out of quarantine meanwhile', async () => {
    events.tell([added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b')]);
    await rebuilding.rebuild();
    const ports = rebuilding.ports();
    const releasing = Object.assign(Object.create(ports.workers), {
      scan: async (...given: Parameters<typeof ports.workers.scan>) => {
        const scanned = await ports.workers.scan(...given);
        await rebuilding.builds.release(await rebuilding.projectionOf('texts-by-subject@1'), 'zhang');
        return scanned;
      },
    });
    expect(await verified(rebuilding, {}, { ...ports, workers: releasing })).toMatchObject([{ found: { keys: [] }, problems: [{ kind: 'quarantined' }] }]);
    expect(await differing()).toEqual([['zhang', 'position']]);
  });

  it('Stored documents are all named, twenty of them with what they should be, and counted by kind and field', async () => {
    events.tell(Array.from({ length: 1_010 }, (_, at) => added(`candidate-${String(at).padStart(4, '0')}`, 'a')));
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ?', '{"texts":["x"]}');
    const { keys = [], kinds, fields, examples = [] } = (await found())?.found ?? {};
    expect(keys).toHaveLength(1_010);
    expect(keys.map(({ key }) => key)).toEqual(keys.map(({ key }) => key).toSorted());
    expect([kinds, fields]).toEqual([{ changed: 1_010 }, [{ field: 'texts.*', documents: 1_010 }]]);
    expect(examples).toHaveLength(20);
    expect(examples.every((each) => each.fields.length > 0)).toBe(true);
  });

  it('Stored documents that are listed by an index under another value, or under none, are named', async () => {
    events.tell([shown('zhang', '2026-11-01'), shown('li', '2026-11-02'), shown('wang', '2026-11-03')]);
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET "by due" = NULL WHERE key = ?', 'zhang');
    inBuild('UPDATE $ SET "by due" = ? WHERE key = ?', '2026-12-01', 'li');
    expect((await found())?.found?.examples).toEqual([
      { key: 'li', kind: 'listing', fields: [{ path: 'due', fromLog: '2026-11-02', stored: '2026-12-01' }] },
      { key: 'zhang', kind: 'listing', fields: [{ path: 'due', fromLog: '2026-11-01', stored: null }] },
    ]);
  });

  it('Stored documents that are no JSON are named, and a projector goes on without them', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ? WHERE key = ?', '{"texts":', 'zhang');
    expect(await differing()).toEqual([['zhang', 'unreadable']]);
    const projection = await rebuilding.projectionOf('texts-by-subject@1');
    const stored = await rebuilding.store.load(projection, ['zhang', 'li']);
    expect(stored.get('zhang')?.unreadable).toContain('texts-by-subject@1 的文档 zhang 不是 JSON');
    const { fault } = foldDocument(projection, stored.get('zhang'), [{ ...(events.all[0] as Recorded), position: '00000009' }]);
    expect(fault).toEqual({ position: '00000009', error: expect.stringContaining('texts-by-subject@1 的文档 zhang 不是 JSON') });
  });

  it('Stored documents are looked at for some keys alone, or for one of so many parts, each document in one of them', async () => {
    events.tell(Array.from({ length: 60 }, (_, at) => added(`candidate-${at}`, 'a')));
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ?', '{"texts":["x"]}');
    const sampled = await found({ sample: 6 });
    const compared = sampled?.documents ?? 0;
    expect(compared).toBeLessThan(30);
    expect(sampled?.found?.keys).toHaveLength(compared);
    const keys = Array.from({ length: 60 }, (_, at) => `candidate-${at}`);
    const parts = Array.from({ length: 10 }, (_, part) => keys.filter(selecting({ part, of: 10 })));
    expect(parts.flat().sort()).toEqual(keys.toSorted());
  });

  it('Stored documents show nothing of what is sealed', async () => {
    const sealed = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';
    events.tell([added('zhang', sealed)]);
    await rebuilding.rebuild();
    inBuild('UPDATE $ SET document = ?', JSON.stringify({ texts: [sealed.toUpperCase()] }));
    const outcome = await found();
    expect(outcome?.found?.examples[0]?.fields).toEqual([{ path: 'texts.0', fromLog: '〔密封〕', stored: '〔密封〕' }]);
    expect(JSON.stringify(outcome).toLowerCase()).not.toContain(sealed.toLowerCase());
  });

  it('Stored documents are not looked at while another process rebuilds or verifies; what a killed one left is swept away', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    const unlock = lockFolder(rebuilding.replays);
    await expect(found()).rejects.toThrow(AlreadyReplaying);
    unlock();
    mkdirSync(join(rebuilding.replays, 'verify', 'log'), { recursive: true });
    writeFileSync(join(rebuilding.replays, 'verify', 'documents-0.spool'), 'half');
    expect(await differing()).toEqual([]);
    expect(rebuilding.left).toEqual([]);
  });

  it('Stored documents are left alone when the signal comes, and nothing is left of the work', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    await expect(verified(rebuilding, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(readdirSync(rebuilding.replays).filter((name) => !name.startsWith('lock'))).toEqual([]);
  });
});

it('Verifying finds nothing in a rebuilt read model of any log, and only the document that was damaged', () =>
  fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), fc.nat(), async (told, ofPartition, which) => {
      const events = new MemoryEventStore();
      events.tell(told);
      const rebuilding = new Rebuilding(events, [texts, counts]);
      const sizes = { ofPartition, ofPiece: 3, ofSection: 5 };
      try {
        const [first] = await rebuilding.rebuild(undefined, { sizes });
        const keysOf = ({ found }: Verified) => found?.keys.map((each) => `${each.key} ${each.kind}`);
        expect((await verified(rebuilding, { sizes })).flatMap(keysOf)).toEqual([]);
        const keys = Object.keys(await rebuilding.documents(first?.build ?? ''));
        const key = keys[which % Math.max(1, keys.length)];
        if (key === undefined) return;
        damage(rebuilding.folder, `UPDATE "texts-by-subject@1" SET document = '{"texts":["damaged"]}' WHERE key = ?`, key);
        const damaged = (await verified(rebuilding, { sizes })).map(keysOf);
        expect(damaged).toEqual([[`${key} changed`], []]);
      } finally {
        await rebuilding.drop();
      }
    }),
    { numRuns: 30 },
  ));
