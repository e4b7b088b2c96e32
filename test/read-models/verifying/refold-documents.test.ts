import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { BadChange } from '../../../src/read-models/registry.js';
import { compareSome, type RefoldPorts, refoldSome } from '../../../src/read-models/verifying/refold-documents.js';
import { verifyTargets } from '../../../src/read-models/verifying/verify-targets.js';
import { until } from '../../until.js';
import { added, countsByTarget, removed, shown, spoilt, textsBySubject } from '../counting.js';
import { damage } from '../damage.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { event } from '../projecting/projector.property.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';
import { Operator } from './operator.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;

let events: MemoryEventStore;
let rebuilding: Rebuilding;
let operator: Operator;

beforeEach(() => {
  events = new MemoryEventStore();
  rebuilding = new Rebuilding(events, [texts, counts]);
  operator = new Operator(rebuilding);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await operator.end();
  await rebuilding.drop();
});

const sql = (text: string, ...values: readonly (string | null)[]) => damage(rebuilding.folder, text.replace('$', '"texts-by-subject@1"'), ...values);

async function targetOf(name: string) {
  const [target] = verifyTargets(await rebuilding.builds.registry(), rebuilding.code, rebuilding.ports().fingerprints, [name]).targets;
  if (!target) throw new Error(`there is no build of ${name}`);
  return target;
}

async function refold(name: string, keys: readonly string[], ports: RefoldPorts = rebuilding.ports()) {
  const { found, ...refolded } = await refoldSome(await targetOf(name), keys, ports);
  return { ...refolded, differing: found.keys.map(({ key, kind }) => `${key} ${kind}`) };
}

describe('Refolding some documents', () => {
  it('Refolding some documents writes those that differ from their events and no others, without reading the whole log', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b'), shown('wang', '2026'), removed('wang'), added('zhao', 'c')]);
    await rebuilding.rebuild();
    sql(`UPDATE $ SET document = '{"texts":["x"]}' WHERE key IN ('zhang', 'zhao')`);
    sql(`DELETE FROM $ WHERE key = 'li'`);
    const read = jest.spyOn(events, 'read');
    expect(await refold('texts-by-subject', ['zhang', 'li', 'wang', 'zhang'])).toEqual({
      documents: 1,
      differing: ['li missing', 'zhang changed'],
      unknown: [],
      written: ['zhang', 'li'],
    });
    expect(read).not.toHaveBeenCalled();
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['b'] }, zhao: { texts: ['x'] } });
    expect(await refold('texts-by-subject', ['zhang', 'li', 'wang'])).toMatchObject({ differing: [], written: [] });
  });

  it('Refolding some documents of a read model that is not of candidates reads the events that it handles', async () => {
    events.tell([added('zhang', 'a', 'A7'), added('li', 'b', 'A7'), added('li', 'c', 'B1')]);
    await rebuilding.rebuild();
    damage(rebuilding.folder, `UPDATE "counts-by-target@1" SET document = '{"count":9}'`);
    expect(await refold('counts-by-target', ['A7'])).toMatchObject({ differing: ['A7 changed'], written: ['A7'] });
    expect(await rebuilding.documents('counts-by-target@1')).toEqual({ A7: { count: 2 }, B1: { count: 9 } });
  });

  it('Refolding some documents reads the whole log where the index of candidates is behind, and for the index itself', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    const ports = { ...rebuilding.ports(), subjectIndex: 'an index' };
    sql(`UPDATE $ SET document = '{"texts":["x"]}'`);
    jest.spyOn(events, 'subject').mockRejectedValue(new StoreUnavailable('the index is behind'));
    expect(await refold('texts-by-subject', ['zhang'], ports)).toMatchObject({ written: ['zhang'] });
    const subject = jest.spyOn(events, 'subject').mockRejectedValue(new Error('nobody asks'));
    subject.mockClear();
    sql(`UPDATE $ SET document = '{"texts":["y"]}'`);
    expect(await refold('texts-by-subject', ['zhang'], { ...ports, subjectIndex: 'texts-by-subject' })).toMatchObject({ written: ['zhang'] });
    expect(subject).not.toHaveBeenCalled();
  });

  it('Refolding some documents names keys of which nothing is stored and no event is known', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    expect(await refold('texts-by-subject', ['zhang', 'nobody'])).toEqual({ documents: 1, differing: [], unknown: ['nobody'], written: [] });
  });

  it('Refolding some documents removes a document of which there is no event', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    sql(`INSERT INTO $ (key, position, document) VALUES ('nobody', '00000001', '{"texts":[]}')`);
    expect(await refold('texts-by-subject', ['nobody'])).toMatchObject({ differing: ['nobody extra'], written: ['nobody'] });
    expect(Object.keys(await rebuilding.documents('texts-by-subject@1'))).toEqual(['zhang']);
  });

  it('Refolding some documents takes a document out of quarantine where its fault is gone, and leaves one whose fault is not', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b'), added('li', 'c'), spoilt('li')]);
    await rebuilding.rebuild();
    sql(`UPDATE $ SET document = '{"texts":["a"]}', position = '00000001' WHERE key = 'zhang'`);
    sql(`INSERT INTO quarantine VALUES ('texts-by-subject@1', 'zhang', '00000002', 'by a release before')`);
    expect(await refold('texts-by-subject', ['zhang', 'li'])).toMatchObject({ written: ['zhang'] });
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a', 'b'] }, li: { texts: ['c'] } });
    expect([...(await rebuilding.store.quarantined(await rebuilding.projectionOf('texts-by-subject@1'))).keys()]).toEqual(['li']);
  });

  it('Refolding some documents goes as far as its build has seen: the projector goes on from there', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    events.tell([added('zhang', 'b')]);
    sql(`UPDATE $ SET document = '{"texts":["x"]}'`);
    expect(await refold('texts-by-subject', ['zhang'])).toMatchObject({ written: ['zhang'] });
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a'] } });
    await operator.catchUp();
    expect(await operator.problems()).toEqual([]);
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a', 'b'] } });
  });

  it('Refolding some documents works beside a projector, which lends the lease and goes on afterwards', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await rebuilding.rebuild();
    operator.project();
    sql(`UPDATE $ SET document = '{"texts":["x"]}' WHERE key = 'zhang'`);
    expect(await refold('texts-by-subject', ['zhang'])).toMatchObject({ written: ['zhang'] });
    events.tell([added('zhang', 'c')]);
    await until('the projector to go on', async () => (await rebuilding.checkpoint('texts-by-subject@1')) === (await events.head()));
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a', 'c'] }, li: { texts: ['b'] } });
  });

  it('Refolding some documents is refused for a build of another log, with what cures it', async () => {
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    sql(`UPDATE checkpoints SET event_id = 'of another'`);
    const refused = refold('texts-by-subject', ['zhang']);
    await expect(refused).rejects.toThrow(BadChange);
    await expect(refused).rejects.toMatchObject({ remedies: [{ kind: 'rebuild', readModel: 'texts-by-subject' }] });
  });
});

it('Refolding makes any damaged documents of any log what a rebuild makes of them', () =>
  fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (told, choices) => {
      const log = new MemoryEventStore();
      log.tell(told);
      const place = new Rebuilding(log, [texts, counts]);
      try {
        await place.rebuild();
        const registry = await place.builds.registry();
        for (const { projection, build } of verifyTargets(registry, place.code, place.ports().fingerprints, []).targets) {
          const [before, keys] = [await place.documents(build.name), (await place.builds.scan(projection, undefined, 1_000)).map(({ key }) => key)];
          for (const key of keys) {
            const table = `"${build.name}"`;
            const choice = choices.next().value;
            if (choice === 1) damage(place.folder, `DELETE FROM ${table} WHERE key = ?`, key);
            if (choice === 2) damage(place.folder, `UPDATE ${table} SET document = '{"texts":["damaged"],"count":99}' WHERE key = ?`, key);
            if (choice === 3) damage(place.folder, `UPDATE ${table} SET position = '' WHERE key = ?`, key);
          }
          await refoldSome({ projection, build }, keys, place.ports());
          expect((await compareSome({ projection, build }, keys, place.ports())).found.keys).toEqual([]);
          expect(await place.documents(build.name)).toEqual(before);
        }
      } finally {
        await place.drop();
      }
    }),
    { numRuns: 30 },
  ));
