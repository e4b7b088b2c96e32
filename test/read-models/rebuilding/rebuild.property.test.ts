import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsByTarget, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { event, foldFromTheStart } from '../projecting/projector.property.js';
import { Died, Rebuilding } from './rebuilding.js';

const few = fc.integer({ min: 1, max: 8 });
const run = fc.record({
  /** Events that come in before it. */
  events: fc.array(event, { maxLength: 12 }),
  atOnce: fc.integer({ min: 1, max: 3 }),
  death: fc.record({ at: fc.nat({ max: 30 }), after: fc.boolean() }),
  saveInterval: fc.constantFrom(0, 1_000_000),
});

it('A rebuild equals a fold from the start for any log, however it is partitioned and wherever it is killed and continued', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 40 }),
      few,
      few,
      few,
      fc.array(run, { maxLength: 4 }),
      async (told, ofPartition, ofPiece, ofSection, runs) => {
        const events = new MemoryEventStore();
        events.tell(told);
        const rebuilding = new Rebuilding(events, [textsBySubject, countsByTarget]);
        try {
          for (const { events: more, atOnce, death, saveInterval } of runs) {
            events.tell(more);
            const sizes = { ofPartition, ofPiece, ofSection, saveInterval };
            await rebuilding.rebuild(undefined, { sizes }, rebuilding.ports({ atOnce, death })).catch((error) => {
              if (!(error instanceof Died)) throw error;
            });
          }
          const [texts, counts] = await rebuilding.rebuild(undefined, { sizes: { ofPartition, ofPiece, ofSection } });
          expect(await rebuilding.documents(texts?.build ?? '')).toEqual(foldFromTheStart(textsBySubject, events.all));
          expect(await rebuilding.documents(counts?.build ?? '')).toEqual(foldFromTheStart(countsByTarget, events.all));
          expect((await rebuilding.unfinished()).length).toBe(0);
          expect(await rebuilding.checkpoint(texts?.build ?? '')).toBe(await events.head());
          expect(rebuilding.left).toEqual([]);
        } finally {
          await rebuilding.drop();
        }
      },
    ),
    { numRuns: 50 },
  ));
