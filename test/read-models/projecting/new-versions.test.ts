import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildNewVersions } from '../../../src/read-models/projecting/build-new-versions.js';
import { newVersions } from '../../../src/read-models/projecting/new-versions.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { EMPTY_REGISTRY, withBuild } from '../../../src/read-models/registry.js';
import { added, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { Rebuilding } from '../rebuilding/rebuilding.js';

const first = textsBySubject as Projection;
const second: Projection = { ...first, version: 2, indexes: {}, on: { Added: (_doc, { data }) => ({ last: (data as { text: string }).text }) } };

describe('A newer version of a read model', () => {
  let events: MemoryEventStore;
  let rebuilding: Rebuilding;
  beforeEach(async () => {
    events = new MemoryEventStore();
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    rebuilding = new Rebuilding(events, [first, second]);
    const build = {
      name: 'texts-by-subject@1',
      readModel: first.name,
      version: 1,
      fingerprint: 'of this code',
      state: 'current',
      begun: '2026-11-22T00:00:00Z',
    } as const;
    await rebuilding.builds.change((registry) => withBuild(registry, build));
  });
  afterEach(() => rebuilding.drop());

  it('A newer version of a read model is built while the older one is served, once, and waits for the switch', async () => {
    expect(await buildNewVersions(rebuilding.ports(), false)).toMatchObject([{ build: 'texts-by-subject@2', outcome: 'current' }]);
    expect(await rebuilding.documents('texts-by-subject@2')).toEqual({ zhang: { last: 'b' } });
    const { serving, requests } = await rebuilding.builds.registry();
    expect([serving, requests]).toEqual([{ 'texts-by-subject': 'texts-by-subject@1' }, []]);
    expect(await buildNewVersions(rebuilding.ports(), false)).toEqual([]);
  });

  it('A newer version of a read model is asked to be shown at once where that is wanted', async () => {
    await buildNewVersions(rebuilding.ports(), true);
    expect((await rebuilding.builds.registry()).requests).toMatchObject([{ what: { kind: 'switch', build: 'texts-by-subject@2', accepted: [] } }]);
  });

  it('A newer version of a read model is none where nothing is served yet, or what is served is as new', async () => {
    const { fingerprints } = rebuilding.ports();
    expect(newVersions(EMPTY_REGISTRY, [first, second], fingerprints)).toEqual([]);
    expect(newVersions(await rebuilding.builds.registry(), [first], fingerprints)).toEqual([]);
    expect(newVersions(await rebuilding.builds.registry(), [first, second], fingerprints)).toEqual([second]);
  });

  it('A newer version of a read model that other code has made is made anew', async () => {
    await buildNewVersions(rebuilding.ports(), false);
    rebuilding.fingerprint = 'of changed code';
    expect(await buildNewVersions(rebuilding.ports(), false)).toMatchObject([{ build: 'texts-by-subject@2-2', outcome: 'current' }]);
    expect(await buildNewVersions(rebuilding.ports(), false)).toEqual([]);
  });
});
