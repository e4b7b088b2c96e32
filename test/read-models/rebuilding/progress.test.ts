import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Position } from '../../../src/event-store/event.js';
import { type ReplayPhase, type ReplayProgress, ReplayProgressReporter } from '../../../src/read-models/rebuilding/replay-progress.js';
import { countsByTarget } from '../counting.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';
import { Died, Rebuilding } from './rebuilding.js';

const MOST = 10_000;
const added = (events: number): readonly Told[] => Array.from({ length: events }, () => ({ type: 'Added', data: { to: 'a', text: 'b' } }));

/** A log that others write to as well: ten times as much lies in it as is its own, and it counts no further than others do. */
class SharedEvents extends MemoryEventStore {
  override readonly countLimit = MOST;

  override async count(after: Position, upTo: Position): Promise<number> {
    return Math.min(MOST, await super.count(after, upTo));
  }

  override distance(after: Position, upTo: Position): number {
    return 10 * super.distance(after, upTo);
  }
}

describe('The progress of a rebuild on a log that does not count all its events', () => {
  let events: SharedEvents;
  let rebuilding: Rebuilding;
  beforeEach(() => {
    events = new SharedEvents();
    rebuilding = new Rebuilding(events, [countsByTarget]);
  });
  afterEach(() => rebuilding.drop());

  /** What was told of each phase. */
  const told = () => {
    const phases = new Map<ReplayPhase, ReplayProgress[]>();
    return { phases, progress: (reached: ReplayProgress) => phases.set(reached.phase, [...(phases.get(reached.phase) ?? []), reached]) };
  };
  const sizes = { ofPartition: 10, ofPiece: 10, ofSection: 10, saveInterval: 0 };

  it('The progress of a rebuild on a log that does not count all its events says how much of the log was looked through, comes to just its end, and names the events that were read', async () => {
    events.tell(added(400));
    const { phases, progress } = told();
    await rebuilding.rebuild(undefined, { sizes, progress: (reached) => progress(reached) });
    for (const phase of ['reading', 'folding'] as const) {
      const [first, last] = [phases.get(phase)?.[0], phases.get(phase)?.at(-1)];
      expect([phase, first?.done, first?.items]).toEqual([phase, 0, 0]);
      expect([phase, last?.done, last?.items]).toEqual([phase, last?.total, 400]);
    }
    expect(phases.get('reading')?.length).toBeGreaterThan(2);
  });

  it('The progress of a rebuild on a log that does not count all its events goes on with what an earlier run has read', async () => {
    events.tell(added(400));
    await rebuilding.rebuild(undefined, { sizes }, rebuilding.ports({ death: { at: 4, after: true } })).catch((error) => {
      if (!(error instanceof Died)) throw error;
    });
    const { phases, progress } = told();
    await rebuilding.rebuild(undefined, { sizes, progress: (reached) => progress(reached) });
    const [first, last] = [phases.get('reading')?.[0], phases.get('reading')?.at(-1)];
    expect(first?.items).toBeGreaterThan(0);
    expect(first?.done).toBe(10 * (first?.items ?? 0));
    expect([last?.done, last?.items]).toEqual([last?.total, 400]);
  });

  it('The progress of a rebuild on a log that does not count all its events is never more than the whole, and does not go back', () => {
    const reached: [number, number][] = [];
    const phase = new ReplayProgressReporter(({ done, total }) => reached.push([done, total])).phase('scanning');
    phase.begin(10, 2, 2);
    for (const done of [5, 4, 12]) phase.reach(done, done);
    phase.begin(20);
    expect(reached).toEqual([
      [2, 10],
      [5, 10],
      [5, 10],
      [10, 10],
      [0, 20],
    ]);
  });

  it('The progress of a rebuild on a log that does not count all its events follows what was recorded meanwhile until it is near, though that is more than the log counts', async () => {
    events.tell(added(1));
    const { phases, progress } = told();
    const later = [{ phase: 'folding', fresh: added(MOST + 1) } as const, { phase: 'following', fresh: added(1) } as const];
    await rebuilding.rebuild(undefined, {
      progress: (reached) => {
        progress(reached);
        if (reached.phase !== later[0]?.phase || reached.done < reached.total) return;
        events.tell(later.shift()?.fresh ?? []);
      },
    });
    expect((await rebuilding.builds.registry()).builds.map(({ state }) => state)).toEqual(['current']);
    expect(await rebuilding.checkpoint('counts-by-target@1')).toBe(await events.head());
    const following = phases.get('following') ?? [];
    expect(following.filter(({ done, total }) => done > total)).toEqual([]);
  });
});
