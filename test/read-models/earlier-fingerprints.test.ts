import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertUsable, UnusableReadModels } from '../../src/read-models/fingerprints.js';
import type { Projection } from '../../src/read-models/projection.js';
import { added, textsBySubject } from './counting.js';
import { MemoryEventStore } from './memory.event-store.js';
import { Died, Rebuilding } from './rebuilding/rebuilding.js';

const texts = textsBySubject as Projection;
const accepting: Projection = { ...texts, earlierFingerprints: ['of the code before', 'of this code'] };
const changed = { of: () => 'of changed code' };

describe('A projection that names the fingerprints of its earlier code', () => {
  let events: MemoryEventStore;
  const opened: Rebuilding[] = [];
  const rebuilding = (code: Projection) => {
    const made = new Rebuilding(events, [code]);
    opened.push(made);
    return made;
  };
  beforeEach(() => {
    events = new MemoryEventStore();
    events.tell([added('zhang', 'a'), added('zhang', 'b'), added('li', 'c')]);
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.drop();
  });

  it('A projection that names the fingerprints of its earlier code can use the builds that the earlier code made, and no others', async () => {
    const made = rebuilding(texts);
    await made.rebuild();
    const registry = await made.builds.registry();
    assertUsable(registry, [accepting], changed);
    expect(() => assertUsable(registry, [{ ...texts, earlierFingerprints: ['of the code before'] }], changed)).toThrow(UnusableReadModels);
    expect(() => assertUsable(registry, [texts], changed)).toThrow(
      expect.objectContaining({ remedies: [{ kind: 'rebuild', readModel: 'texts-by-subject' }], ofProgrammer: expect.stringContaining('of this code') }),
    );
  });

  it('A projection that names the fingerprints of its earlier code goes on with a rebuild that the earlier code began', async () => {
    const made = rebuilding(accepting);
    await expect(made.rebuild(undefined, {}, made.ports({ death: { at: 3, after: true } }))).rejects.toThrow(Died);
    const [begun] = await made.unfinished();
    made.fingerprint = 'of changed code';
    expect(await made.rebuild()).toMatchObject([{ build: begun, outcome: 'current' }]);
    expect(await made.documents(String(begun))).toMatchObject({ li: { texts: ['c'] } });
  });

  it('A projection that names the fingerprints of its earlier code begins a rebuild anew that other code began', async () => {
    const made = rebuilding(texts);
    await expect(made.rebuild(undefined, {}, made.ports({ death: { at: 3, after: true } }))).rejects.toThrow(Died);
    const [begun] = await made.unfinished();
    made.fingerprint = 'of changed code';
    const [rebuilt] = await made.rebuild();
    expect(rebuilt?.build).not.toBe(begun);
  });
});
