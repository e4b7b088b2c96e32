import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { added, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';
import { Operator } from '../verifying/operator.js';

/** Folds any text, and no store can hold what `huge` makes of a document. */
const unstorable = {
  ...textsBySubject,
  on: {
    Added: (doc: { readonly texts: readonly string[] }, { data: { text } }: { readonly data: { readonly text: string } }) => ({
      ...doc,
      texts: [...doc.texts, text],
      ...(text === 'huge' && { size: 1n }),
    }),
  },
} as Projection;

let events: MemoryEventStore;
let rebuilding: Rebuilding;
beforeEach(() => {
  events = new MemoryEventStore();
  rebuilding = new Rebuilding(events, [unstorable]);
});
afterEach(() => rebuilding.drop());

describe('A document that the store cannot hold', () => {
  it('A document that the store cannot hold is quarantined by the projector as it was before, and the others are projected', async () => {
    const operator = new Operator(rebuilding);
    events.tell([added('zhang', 'a')]);
    await rebuilding.rebuild();
    events.tell([added('li', 'b'), added('zhang', 'huge'), added('zhang', 'c'), added('li', 'd')]);
    await operator.catchUp();
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['b', 'd'] } });
    const [fault] = (await rebuilding.store.quarantined(unstorable)).values();
    expect(fault).toEqual({ key: 'zhang', position: events.all[2]?.position, error: expect.stringContaining('BigInt') });
    await expect(operator.apply({ kind: 'retry', build: 'texts-by-subject@1', key: 'zhang' })).rejects.toThrow('texts-by-subject@1 的文档 zhang 无法保存：');
    expect((await operator.problems({ quick: true })).map(({ kind }) => kind)).toEqual(['quarantined']);
    await operator.end();
  });

  it('A document that the store cannot hold is quarantined by a rebuild, which makes all others', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'huge'), added('li', 'b')]);
    expect(await rebuilding.rebuild()).toMatchObject([{ outcome: 'current', documents: 1, quarantined: 1 }]);
    expect(await rebuilding.documents('texts-by-subject@1')).toEqual({ li: { texts: ['b'] } });
    expect([...(await rebuilding.store.quarantined(unstorable)).values()]).toEqual([
      { key: 'zhang', position: events.all[0]?.position, error: expect.stringContaining('BigInt') },
    ]);
  });
});
