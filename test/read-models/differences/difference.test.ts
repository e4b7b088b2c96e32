import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DifferenceOptions, type DifferencePorts, difference, isNone } from '../../../src/read-models/differences/difference.js';
import type { Difference } from '../../../src/read-models/differences/difference-tally.js';
import type { Projection } from '../../../src/read-models/projection.js';
import type { Stored } from '../../../src/read-models/read-models.js';
import { added, removed, spoilt, textsBySubject } from '../counting.js';
import { damage } from '../damage.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';

const texts = textsBySubject as Projection;
const SEALED_VALUE = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';

describe('The difference of two builds', () => {
  let events: MemoryEventStore;
  let rebuilding: Rebuilding;

  beforeEach(() => {
    events = new MemoryEventStore();
    rebuilding = new Rebuilding(events, [texts]);
  });
  afterEach(() => rebuilding.drop());

  /** Two builds of what is told. */
  async function bothOf(told: readonly Told[]): Promise<void> {
    events.tell(told);
    await rebuilding.rebuild();
    await rebuilding.rebuild();
  }
  async function compared(options: DifferenceOptions = {}, ports: DifferencePorts = rebuilding): Promise<Difference> {
    const [one, other] = [await rebuilding.projectionOf('texts-by-subject@1'), await rebuilding.projectionOf('texts-by-subject@1-2')];
    return difference(one, other, ports, options);
  }
  const inServed = (sql: string, ...values: readonly (string | null)[]) =>
    expect(damage(rebuilding.folder, sql.replace('$', '"texts-by-subject@1"'), ...values)).toBeGreaterThan(0);
  const write = (document: unknown, key: string) => inServed('UPDATE $ SET document = ? WHERE key = ?', JSON.stringify(document), key);
  /** As the projector would write them: documents of a build, and how far it has seen. */
  async function seen(build: string, position: string, documents: Readonly<Record<string, unknown>>): Promise<void> {
    const projection = await rebuilding.projectionOf(build);
    const stored = Object.entries(documents).map(([key, document]): [string, Stored] => [key, { position, document }]);
    await rebuilding.builds.fill(projection, new Map(stored), []);
    await rebuilding.builds.complete(projection, { position, eventId: 'some event' });
  }

  it('The difference of two builds is none for two builds of one log, tombstones and all', async () => {
    await bothOf([added('zhang', 'a'), added('li', 'b'), removed('li')]);
    const found = await compared();
    expect(found).toMatchObject({ one: 'texts-by-subject@1', other: 'texts-by-subject@1-2', compared: 1, fields: [] });
    expect(isNone(found)).toBe(true);
  });

  it('The difference of two builds names what was damaged: changed, missing and extra documents, with their fields', async () => {
    await bothOf([added('zhang', 'a'), added('li', 'b'), added('li', 'c'), added('wang', 'd')]);
    write({ texts: ['b', 'x'] }, 'li');
    inServed('DELETE FROM $ WHERE key = ?', 'wang');
    inServed('INSERT INTO $ (key, position, document) VALUES (?, ?, ?)', 'nobody', '00000001', '{"texts":["e"]}');
    const keys: string[] = [];
    const found = await compared({ each: (kind, key) => keys.push(`${kind} ${key}`) });
    expect(keys.toSorted()).toEqual(['added wang', 'changed li', 'removed nobody']);
    expect(found).toMatchObject({
      compared: 4,
      changed: { documents: 1, examples: [{ key: 'li', fields: [{ path: 'texts.1', before: 'x', after: 'c' }] }] },
      added: { documents: 1, examples: [{ key: 'wang', fields: [{ path: '', after: { texts: ['d'] } }] }] },
      removed: { documents: 1, examples: [{ key: 'nobody', fields: [{ path: '', before: { texts: ['e'] } }] }] },
      fields: [{ field: 'texts.*', documents: 1 }],
      moving: { documents: 0 },
    });
    expect(isNone(found)).toBe(false);
  });

  it('The difference of two builds says nothing of documents whose keys only stand in another order', async () => {
    await bothOf([added('zhang', 'a'), { type: 'Shown', subject: 'zhang', data: { to: 'zhang', due: '1' } }]);
    inServed('UPDATE $ SET document = ?', '{"due":"1","texts":["a"]}');
    expect(isNone(await compared())).toBe(true);
  });

  it('The difference of two builds takes a tombstone for no document, on either side', async () => {
    await bothOf([added('zhang', 'a'), added('li', 'b'), removed('li')]);
    inServed('DELETE FROM $ WHERE key = ?', 'li');
    expect(isNone(await compared())).toBe(true);
    inServed('UPDATE $ SET document = NULL WHERE key = ?', 'zhang');
    expect(await compared()).toMatchObject({ added: { documents: 1, examples: [{ key: 'zhang' }] }, removed: { documents: 0 } });
  });

  it('The difference of two builds counts all documents and fields, and shows twenty of each kind', async () => {
    await bothOf(Array.from({ length: 25 }, (_, at) => added(`candidate-${at}`, 'a')));
    inServed('UPDATE $ SET document = ?', '{"texts":["x"],"due":"2"}');
    const { changed, fields } = await compared();
    expect(changed.documents).toBe(25);
    expect(changed.examples).toHaveLength(20);
    expect(fields).toEqual([
      { field: 'due', documents: 25 },
      { field: 'texts.*', documents: 25 },
    ]);
  });

  it('The difference of two builds looks at every page, however many there are', async () => {
    await bothOf(Array.from({ length: 4_500 }, (_, at) => added(`candidate-${String(at).padStart(4, '0')}`, 'a')));
    for (const at of ['0000', '1999', '2000', '4499']) write({ texts: ['x'] }, `candidate-${at}`);
    inServed('DELETE FROM $ WHERE key BETWEEN ? AND ?', 'candidate-2001', 'candidate-4400');
    const told: number[] = [];
    const found = await compared({ progress: (documents) => told.push(documents) });
    expect(found).toMatchObject({ compared: 4_500, changed: { documents: 4 }, added: { documents: 2_400 }, removed: { documents: 0 } });
    expect(told.at(-1)).toBe(4_500);
  });

  it('The difference of two builds only names sealed values as such, also where they changed', async () => {
    await bothOf([added('zhang', SEALED_VALUE)]);
    write({ texts: [SEALED_VALUE.toUpperCase()] }, 'zhang');
    const found = await compared();
    expect(found.changed.examples[0]?.fields).toEqual([{ path: 'texts.0', before: '〔密封〕', after: '〔密封〕' }]);
    expect(JSON.stringify(found).toLowerCase()).not.toContain(SEALED_VALUE.toLowerCase());
  });

  it('The difference of two builds waits for a document that one of the builds has not brought up yet, and finds no difference then', async () => {
    await bothOf([added('zhang', 'a')]);
    const position = events.tell([added('zhang', 'b')]);
    await seen('texts-by-subject@1', position, { zhang: { texts: ['a', 'b'] } });
    let looks = 0;
    const store = Object.assign(Object.create(rebuilding.store), {
      checkpoints: async (projections: readonly Projection[]) => {
        if (++looks === 3) await seen('texts-by-subject@1-2', position, { zhang: { texts: ['a', 'b'] } });
        return rebuilding.store.checkpoints(projections);
      },
    });
    const found = await compared({}, { builds: rebuilding.builds, store });
    expect(looks).toBe(3);
    expect(isNone(found)).toBe(true);
  });

  it('The difference of two builds tells of documents that change all the time, rather than call them changed or removed', async () => {
    await bothOf([added('zhang', 'a'), added('li', 'b')]);
    const position = events.tell([added('zhang', 'b'), removed('li')]);
    await seen('texts-by-subject@1', position, { zhang: { texts: ['a', 'b'] }, li: null });
    const found = await compared({ timeout: 0 });
    expect(found).toMatchObject({ changed: { documents: 0 }, added: { documents: 0 }, moving: { documents: 2 } });
    expect([...found.moving.examples].sort()).toEqual(['li', 'zhang']);
    expect(isNone(found)).toBe(false);
  });

  it('The difference of two builds names documents that are in quarantine only in what was rebuilt', async () => {
    await rebuilding.drop();
    const tolerant = { ...texts, on: { ...texts.on, Spoilt: (doc: unknown) => doc } } as Projection;
    const strict = { ...texts, version: 2 };
    rebuilding = new Rebuilding(events, [tolerant, strict]);
    events.tell([added('zhang', 'a'), spoilt('zhang'), added('li', 'b')]);
    await rebuilding.rebuild([tolerant]);
    await rebuilding.rebuild([strict]);
    const found = await difference(tolerant, strict, rebuilding);
    expect(found).toMatchObject({ newlyQuarantined: ['zhang'], changed: { documents: 0 } });
    expect(isNone(found)).toBe(false);
    expect((await difference(strict, tolerant, rebuilding)).newlyQuarantined).toEqual([]);
  });

  it('The difference of two builds ends with the reason of its signal, also while it waits', async () => {
    await bothOf([added('zhang', 'a')]);
    await seen('texts-by-subject@1', events.tell([added('zhang', 'b')]), { zhang: { texts: ['a', 'b'] } });
    const stopping = new AbortController();
    const waiting = compared({ signal: stopping.signal, timeout: 60_000 });
    stopping.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(compared({ signal: stopping.signal })).rejects.toThrow('enough');
  });
});
