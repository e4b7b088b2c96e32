import { expect, it } from '@jest/globals';
import { type Position, START } from '../../../src/event-store/event.js';
import { BatchFold, type Load, type ProjectionStatus } from '../../../src/read-models/projecting/batch-fold.js';
import type { Projection } from '../../../src/read-models/projection.js';
import type { Stored } from '../../../src/read-models/read-models.js';
import { added, countsByTarget, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';

/** What folding these events into what is stored comes to, for one projection. */
async function folded(projection: Projection, events: readonly Told[], stored: Record<string, Stored> = {}, checkpoint: Position = START) {
  const log = new MemoryEventStore();
  log.tell(events);
  const asked: string[][] = [];
  const load: Load = async (_, keys) => {
    asked.push([...keys]);
    return new Map(Object.entries(stored).filter(([key]) => keys.includes(key)));
  };
  const status: ProjectionStatus = { projection, checkpoint: { position: checkpoint }, quarantined: new Set() };
  const { batches, statuses } = await new BatchFold([projection]).fold([status], await log.read(START, 1_000), load);
  return { documents: Object.fromEntries(batches[0]?.documents ?? []), quarantined: batches[0]?.quarantined, asked, status: statuses[0] };
}

it('The fold of a batch ignores events that the document has seen', async () => {
  const stored = { zhang: { position: '00000002', document: { texts: ['a', 'b'] } } };
  const { documents } = await folded(textsBySubject, [added('zhang', 'a'), added('zhang', 'b'), added('zhang', 'c')], stored);
  expect(documents).toEqual({ zhang: { position: '00000003', document: { texts: ['a', 'b', 'c'] } } });
});

it('The fold of a batch returns nothing for a document that has seen all events', async () => {
  const stored = { zhang: { position: '00000002', document: null } };
  expect((await folded(textsBySubject, [added('zhang', 'a'), spoilt('zhang')], stored)).documents).toEqual({});
});

it('The fold of a batch loads its documents together and once, and none for events before the checkpoint', async () => {
  const events = [added('wang', 'x'), added('zhang', 'a'), added('li', 'b'), added('zhang', 'c')];
  expect((await folded(textsBySubject, events, {}, '00000001')).asked).toEqual([['zhang', 'li']]);
});

it('Folding a batch asks for no key of events that nobody handles', async () => {
  const timid: Projection = {
    ...countsByTarget,
    key: ({ type }) => {
      throw new Error(`asked about ${type}`);
    },
  };
  expect((await folded(timid, [spoilt('zhang')])).status?.stopped).toBeUndefined();
  expect((await folded(timid, [added('zhang', 'a')])).status?.stopped).toContain('asked about Added');
});

it('Folding a batch gives handlers the empty document frozen in time: what one makes of it is not in the next', async () => {
  const { documents } = await folded(textsBySubject, [added('zhang', 'a'), added('li', 'b')]);
  expect(documents).toEqual({
    zhang: { position: '00000001', document: { texts: ['a'] } },
    li: { position: '00000002', document: { texts: ['b'] } },
  });
});

it('Folding a batch keeps the message of an error alone, and nothing of what was thrown otherwise', async () => {
  const thrower = (thrown: unknown): Projection => ({
    ...countsByTarget,
    on: {
      Added: () => {
        throw thrown;
      },
    },
  });
  const fault = new Error('no such bill', { cause: { name: '张三' } });
  expect((await folded(thrower(fault), [added('zhang', 'a')])).quarantined).toEqual([{ key: 'zhang', position: '00000001', error: 'no such bill' }]);
  expect((await folded(thrower({ name: '张三' }), [added('zhang', 'a')])).quarantined?.[0]?.error).toBe('抛出的不是错误');
});
