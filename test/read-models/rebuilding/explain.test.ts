import { describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import type { DocumentEvents } from '../../../src/read-models/rebuilding/document-events.js';
import { explain } from '../../../src/read-models/rebuilding/explain.js';
import { added, countsByTarget, passed, removed, shown, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;
/** Documents in documents, by keys of the data's own. */
const papers: Projection = {
  name: 'papers',
  version: 3,
  empty: {},
  key: texts.key,
  on: {
    Added: (doc, { data }) => {
      const { to, text } = data as { to: string; text: string };
      const before = (doc as Record<string, { score?: string; kept?: true }>)[to];
      return { ...(doc as object), [to]: { ...before, score: text } };
    },
    Shown: (doc, { data }) => ({ ...(doc as object), [(data as { to: string }).to]: { kept: true } }),
  },
};

function logOf(...told: readonly Told[]): DocumentEvents {
  const events = new MemoryEventStore();
  events.tell(told);
  return { events };
}
const at = (told: Told, recordedAt: string): Told => ({ ...told, recordedAt });

describe('A document explained', () => {
  it('A document explained names its events in their order, what each changed, and what came of it', async () => {
    const log = logOf(added('zhang', 'a'), added('li', 'x'), passed, shown('zhang', '2026'), removed('zhang'), added('zhang', 'b'));
    const explained = await explain(log, texts, 'zhang');
    expect(explained).toMatchObject({ readModel: 'texts-by-subject', version: 1, key: 'zhang', value: { texts: ['b'] } });
    expect(explained.events.map(({ type, changes }) => [type, ...changes])).toEqual([
      ['Added', { path: 'texts', before: [], after: ['a'] }],
      ['Shown', { path: 'due', after: '2026' }],
      ['Removed', { path: 'texts', before: ['a'], after: [] }, { path: 'due', before: '2026' }],
      ['Added', { path: 'texts', before: [], after: ['b'] }],
    ]);
    expect(explained.events[0]).toMatchObject({ stream: 'stream-zhang', revision: 1, position: '00000001', by: 'test', origin: 'office', id: 'event-1' });
  });

  it('A document explained is null where its last event took it away, and where there never was one', async () => {
    expect(await explain(logOf(added('zhang', 'a'), removed('zhang')), texts, 'zhang')).toMatchObject({ value: null });
    expect(await explain(logOf(added('zhang', 'a')), texts, 'nobody')).toMatchObject({ value: null, events: [] });
  });

  it('A document explained shows one field: the events after which it was another, through keys with dots in them', async () => {
    const log = logOf(added('zhang', '58', '2610.06090'), added('zhang', '70', '00149'), added('zhang', '63', '2610.06090'), shown('zhang', ''));
    const explained = await explain(log, papers, 'zhang', { field: '2610.06090.score' });
    expect(explained.value).toBe('63');
    expect(explained.events.map(({ position, changes }) => [position, ...changes])).toEqual([
      ['00000001', { path: '2610.06090.score', after: '58' }],
      ['00000003', { path: '2610.06090.score', before: '58', after: '63' }],
    ]);
    expect(await explain(log, papers, 'zhang', { field: '2610.06090' })).toMatchObject({
      value: { score: '63' },
      events: [{ changes: [{ path: '2610.06090', after: { score: '58' } }] }, { changes: [{ path: '2610.06090.score', before: '58', after: '63' }] }],
    });
    expect(await explain(log, papers, 'zhang', { field: 'nothing.of.the.kind' })).toMatchObject({ value: null, events: [] });
  });

  it('A document explained shows it as it was at a past time, that moment included', async () => {
    const log = logOf(at(added('zhang', 'a'), '2026-11-20T08:00:00.000Z'), at(added('zhang', 'b'), '2026-11-21T08:00:00.000Z'));
    const then = async (instant: string) => (await explain(log, texts, 'zhang', { at: instant })).value;
    expect(await then('2026-11-20T07:59:59.999Z')).toBeNull();
    expect(await then('2026-11-20T08:00:00.000Z')).toEqual({ texts: ['a'] });
    expect(await then('2026-11-21T08:00:00.000Z')).toEqual({ texts: ['a', 'b'] });
  });

  it('A document explained finds the events of a document that is of no candidate, in however many pages', async () => {
    const others = Array.from({ length: 4_100 }, (_, number) => added(`candidate-${number}`, 'x', 'another'));
    const log = logOf(added('zhang', 'a', 'A7'), ...others, added('li', 'b', 'A7'));
    const explained = await explain(log, counts, 'A7');
    expect(explained.value).toEqual({ count: 2 });
    expect(explained.events.map(({ stream }) => stream)).toEqual(['stream-zhang', 'stream-li']);
  });

  it('A document explained names the event that it could not take, and stays before it', async () => {
    const explained = await explain(logOf(added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b')), texts, 'zhang');
    expect(explained).toMatchObject({ value: { texts: ['a'] }, fault: { position: '00000002', error: 'cannot take it' } });
    expect(explained.events).toHaveLength(1);
    const newer: Told = { ...added('zhang', 'a'), unknown: true };
    expect(await explain(logOf(newer), texts, 'zhang')).toMatchObject({ value: null, fault: { error: '事件 Added 由更新的版本写入，这个版本不认识' } });
  });

  it('A document explained says of sealed values only that they are', async () => {
    const sealed = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';
    const explained = await explain(logOf(added('zhang', sealed), added('zhang', `${sealed}x`)), texts, 'zhang');
    expect(explained.value).toEqual({ texts: ['〔密封〕', '〔密封〕'] });
    expect(JSON.stringify(explained)).not.toContain(sealed);
  });
});
