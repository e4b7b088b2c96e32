import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildReports } from '../../src/read-models/build-reports.js';
import type { Projection } from '../../src/read-models/projection.js';
import { isReplaying, lockFolder } from '../../src/read-models/rebuilding/replay-lock.js';
import { added, countsByTarget, textsBySubject } from './counting.js';
import { damage } from './damage.js';
import { MemoryEventStore, type Told } from './memory.event-store.js';
import { Died, Rebuilding } from './rebuilding/rebuilding.js';
import { Operator } from './verifying/operator.js';

const texts = textsBySubject as Projection;
const counts = countsByTarget as Projection;

/** A log that counts three events and no further. */
class ShortCounting extends MemoryEventStore {
  override readonly countLimit = 3;

  override async count(...range: Parameters<MemoryEventStore['count']>): Promise<number> {
    return Math.min(this.countLimit, await super.count(...range));
  }
}

/** Recorded after the builds were begun. */
const now = (told: Told): Told => ({ ...told, recordedAt: new Date().toISOString() });

describe('What projections says of builds', () => {
  let events: ShortCounting;
  let rebuilding: Rebuilding;
  let operator: Operator;

  beforeEach(async () => {
    events = new ShortCounting();
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    rebuilding = new Rebuilding(events, [texts, counts]);
    operator = new Operator(rebuilding);
    await rebuilding.rebuild();
  });
  afterEach(async () => {
    await operator.end();
    await rebuilding.drop();
  });

  const reports = async () => {
    const { builds, unmade } = await buildReports({ ...rebuilding.ports() }, isReplaying(rebuilding.replays));
    return { unmade, builds: builds.map(({ build: { name }, role, condition, behind, more }) => [name, role, condition, behind, more].join(' ')) };
  };

  it('What `projections` says of builds is which is served and how far it is, and that there may be more events than the log counts', async () => {
    expect((await reports()).builds).toEqual(['texts-by-subject@1 served live 0 false', 'counts-by-target@1 served live 0 false']);
    events.tell([now(added('zhang', 'c')), now(added('zhang', 'd'))]);
    expect((await reports()).builds[0]).toBe('texts-by-subject@1 served behind 2 false');
    events.tell([now(added('zhang', 'e')), now(added('zhang', 'f'))]);
    expect((await reports()).builds[0]).toBe('texts-by-subject@1 served behind 3 true');
  });

  it('What `projections` says of builds is told apart: one new that awaits the switch, one kept as the way back, one being made and one broken off', async () => {
    await rebuilding.rebuild([texts]);
    expect((await reports()).builds.at(-1)).toBe('texts-by-subject@1-2 awaiting-switch live 0 false');
    await operator.switchTo('texts-by-subject');
    expect((await reports()).builds.filter((each) => each.startsWith('texts'))).toEqual([
      'texts-by-subject@1 kept live 0 false',
      'texts-by-subject@1-2 served live 0 false',
    ]);
    await expect(rebuilding.rebuild([counts], {}, rebuilding.ports({ death: { at: 5, after: false } }))).rejects.toThrow(Died);
    expect((await reports()).builds.at(-1)).toMatch(/^counts-by-target@1-2 broken-off /);
    const unlock = lockFolder(rebuilding.replays);
    expect((await reports()).builds.at(-1)).toMatch(/^counts-by-target@1-2 building /);
    unlock();
  });

  it('What `projections` says of builds is that one has stopped, has seen another log, or cannot be read, and which read models there are none of', async () => {
    const newer: Told = { type: 'Newer', data: {}, unknown: true };
    events.tell([newer]);
    expect((await reports()).builds).toEqual(['texts-by-subject@1 served stopped 1 false', 'counts-by-target@1 served stopped 1 false']);
    damage(rebuilding.folder, 'DROP TABLE "texts-by-subject@1"');
    events.restore(1);
    expect((await reports()).builds).toEqual(['texts-by-subject@1 served unread  false', 'counts-by-target@1 served needs-rebuild  false']);
    await rebuilding.builds.change(({ builds, ...registry }) => ({ ...registry, builds: builds.slice(1) }));
    expect((await reports()).unmade).toEqual(['texts-by-subject']);
  });
});
