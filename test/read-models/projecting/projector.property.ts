import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Event, Recorded } from '../../../src/event-store/event.js';
import type { ProjectorProgress } from '../../../src/read-models/projecting/projector.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { added, countsByTarget, passed, removed, shown, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';
import { ReadModelsFolder, type ReadModelsPlace } from './projecting.js';

const who = fc.constantFrom('zhang', 'li', '__proto__');
export const event: fc.Arbitrary<Told> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(who, fc.string({ maxLength: 3 }), fc.constantFrom('zhang', 'li', 'none')).map(([subject, text, to]) => added(subject, text, to)),
  },
  { weight: 2, arbitrary: who.map((subject) => removed(subject)) },
  { weight: 1, arbitrary: who.map(spoilt) },
  { weight: 2, arbitrary: fc.tuple(who, fc.constantFrom('1', '2')).map(([subject, due]) => shown(subject, due)) },
  { weight: 1, arbitrary: fc.constant(passed) },
  { weight: 1, arbitrary: who.map((subject): Told => ({ type: 'Renamed', subject, data: {}, unknown: true })) },
);

type Step =
  | { readonly kind: 'tell'; readonly events: readonly Told[] }
  /** Runs a projector in batches of a size, which dies at one of its writes: before or after it took effect, or between its parts. */
  | {
      readonly kind: 'run';
      readonly batch: number;
      readonly alone: boolean;
      readonly diesAt?: number | undefined;
      readonly when: 'before' | 'between' | 'after';
    }
  /** The log as it was when this share of it was recorded. */
  | { readonly kind: 'restore'; readonly share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tell' as const), events: fc.array(event, { maxLength: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      batch: fc.integer({ min: 1, max: 6 }),
      alone: fc.boolean(),
      diesAt: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
      when: fc.constantFrom('before' as const, 'between' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

/** Whether read models are equal to a fold from the start, or say that they need a rebuild, whatever happens on the way. */
export async function keepsUpWithTheLog(place: () => ReadModelsPlace, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const events = new MemoryEventStore();
      const folder = new ReadModelsFolder(place());
      try {
        for (const each of steps) {
          if (each.kind === 'tell') events.tell(each.events);
          else if (each.kind === 'restore') await restore(folder, events, each.share);
          else await runUntilItDies(folder, events, each);
          expect(await countsIn(folder)).toEqual([expect.stringMatching(/^(un)?known$/), expect.stringMatching(/^(un)?known$/)]);
        }
        const { state } = await folder.project(events, [textsBySubject, countsByTarget]);
        if (state === 'needs-rebuild') expect(await hasSeenAnotherLog(folder, events)).toBe(true);
        else {
          expect(state).toBe('live');
          expect(await folder.documents(textsBySubject)).toEqual(foldFromTheStart(textsBySubject, events.all));
          expect(await folder.documents(countsByTarget)).toEqual(foldFromTheStart(countsByTarget, events.all));
          expect((await folder.readModels.position([textsBySubject, countsByTarget])) === (await events.head())).toBe(true);
          if (events.all.length > 0) expect(await countsIn(folder)).toEqual(['known', 'known']);
        }
      } finally {
        await folder.drop();
      }
    }),
    { numRuns },
  );
}

async function runUntilItDies(folder: ReadModelsFolder, events: MemoryEventStore, { batch, alone, diesAt, when }: Extract<Step, { kind: 'run' }>) {
  const store = folder.store();
  const write = store.write.bind(store);
  let writes = 0;
  store.write = async (lease, batches) => {
    const dies = writes++ === diesAt;
    if (dies && when === 'between') folder.place.failNextCheckpoint?.();
    if (!dies || when !== 'before') await write(lease, batches);
    if (dies) throw new Error('killed');
  };
  const projector = folder.start(events, alone ? [textsBySubject] : [textsBySubject, countsByTarget], { store, batch });
  const ends = ({ state }: ProjectorProgress) => state === 'live' || state === 'needs-rebuild';
  const died = await projector.until(ends).then(
    () => false,
    () => true,
  );
  if (!died) await projector.stop();
}

/** Loses the end of the log, of which no write is unfinished. */
async function restore(folder: ReadModelsFolder, events: MemoryEventStore, share: number): Promise<void> {
  await folder.project(events, [textsBySubject, countsByTarget]);
  events.restore(Math.floor(events.all.length * share));
}

/** Whether the number of documents that is kept with each checkpoint is the number of those that are stored. */
async function countsIn(folder: ReadModelsFolder): Promise<readonly string[]> {
  const inspections = await Promise.all([folder.builds.inspect(textsBySubject as Projection), folder.builds.inspect(countsByTarget as Projection)]);
  return inspections.map(({ stored, kept }) => (kept === undefined ? 'unknown' : kept === stored ? 'known' : `${stored}, not ${kept}`));
}

/** Whether some checkpoint is of an event that this log does not hold there. */
async function hasSeenAnotherLog(folder: ReadModelsFolder, events: MemoryEventStore): Promise<boolean> {
  const checkpoints = await folder.store().checkpoints([textsBySubject, countsByTarget]);
  return checkpoints.some(({ position, eventId }) => eventId !== undefined && !events.all.some((each) => each.position === position && each.id === eventId));
}

/** The plainest fold there is: one event after the other, a document that cannot take one stays as it is for good. */
export function foldFromTheStart<Document, E extends Event>(projection: Projection<Document, E>, events: readonly Recorded[]): Record<string, Document> {
  const { key, on, empty } = projection as Projection<Document>;
  const handlers = on as Record<string, ((document: Document, event: Recorded) => Document | null) | undefined>;
  const documents = new Map<string, Document | null>();
  const spoiltKeys = new Set<string>();
  for (const event of events) {
    const handle = handlers[event.type];
    if (!handle && !event.unknown) continue;
    const of = event.unknown ? (projection.name === textsBySubject.name ? event.subject : undefined) : key(event);
    if (of === undefined || spoiltKeys.has(of)) continue;
    if (!handle || event.type === 'Spoilt') spoiltKeys.add(of);
    else documents.set(of, handle(documents.get(of) ?? empty, event));
  }
  return Object.fromEntries([...documents].filter((entry): entry is [string, Document] => entry[1] !== null));
}
