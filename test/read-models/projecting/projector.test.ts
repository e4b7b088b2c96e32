import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogReplaced } from '../../../src/event-store/append.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { LEASE_TIMEOUT, type Lease } from '../../../src/read-models/read-models.js';
import { added, countsByTarget, passed, removed, shown, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { ReadModelsFolder } from './projecting.js';

describe('The projector', () => {
  let events: MemoryEventStore;
  let folder: ReadModelsFolder;
  beforeEach(() => {
    events = new MemoryEventStore();
    folder = new ReadModelsFolder();
  });
  afterEach(() => folder.drop());

  const both: readonly Projection[] = [textsBySubject, countsByTarget];

  it('The projector catches up with the log in batches, and then follows it', async () => {
    events.tell([added('zhang', 'a'), added('li', 'b'), added('zhang', 'c')]);
    const projector = folder.start(events, both, { batch: 2 });
    await projector.untilState('live');
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'c'] }, li: { texts: ['b'] } });
    const position = events.tell([added('li', 'd')]);
    await projector.until((progress) => progress.position === position);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'c'] }, li: { texts: ['b', 'd'] } });
    await projector.stop();
  });

  it('The projector goes on where it stopped', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, both);
    events.tell([added('zhang', 'b')]);
    await folder.project(events, both);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b'] } });
    expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 2 } });
  });

  it('The projector moves its checkpoint over events that nobody wants', async () => {
    const position = events.tell([passed, passed]);
    await folder.project(events, both);
    expect(await folder.store().checkpoints(both)).toEqual(Array(2).fill({ position, eventId: events.all.at(-1)?.id }));
  });

  it('The projector writes each document of a batch once, however many events it has', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b'), shown('zhang', '2026'), added('zhang', 'c')]);
    const store = folder.store();
    let written = 0;
    const write = store.write.bind(store);
    store.write = async (lease, batches) => {
      for (const { documents } of batches) written += documents.size;
      await write(lease, batches);
    };
    const projector = folder.start(events, [textsBySubject], { store });
    await projector.untilState('live');
    await projector.stop();
    expect(written).toBe(1);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b', 'c'], due: '2026' } });
  });

  it('The projector brings a read model that is new to an old log up to the others, which ignore what they have seen', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, [textsBySubject]);
    events.tell([added('zhang', 'c')]);
    await folder.project(events, both, 1);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b', 'c'] } });
    expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 3 } });
  });

  it('The projector gives events without a document of their own to none', async () => {
    events.tell([added('zhang', 'a', 'none')]);
    await folder.project(events, both);
    expect(await folder.documents(countsByTarget)).toEqual({});
  });

  it('The projector folds a document that was removed anew from nothing', async () => {
    events.tell([added('zhang', 'a'), removed('zhang')]);
    await folder.project(events, both);
    expect(await folder.documents(textsBySubject)).toEqual({});
    events.tell([added('zhang', 'b')]);
    await folder.project(events, both);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['b'] } });
  });

  it('The projector says how far it is behind while more is waiting', async () => {
    events.tell([{ ...added('zhang', 'a'), recordedAt: new Date(Date.now() - 60_000).toISOString() }, added('zhang', 'b')]);
    const projector = folder.start(events, both, { batch: 1 });
    const { lag } = await projector.until((progress) => progress.position === events.all[0]?.position);
    expect(lag).toBeGreaterThanOrEqual(60_000);
    const { lag: atTheEnd } = await projector.untilState('live');
    expect(atTheEnd).toBe(0);
    await projector.stop();
  });

  it('The projector writes the batch in hand before it stops, and gives the lease up', async () => {
    const store = folder.store();
    const load = store.load.bind(store);
    const stopping = Promise.withResolvers<void>();
    const loading = Promise.withResolvers<void>();
    store.load = async (projection, keys) => {
      loading.resolve();
      await stopping.promise;
      return load(projection, keys);
    };
    events.tell([added('zhang', 'a')]);
    const projector = folder.start(events, [textsBySubject], { store });
    await loading.promise;
    const stopped = projector.stop();
    stopping.resolve();
    await stopped;
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] } });
    expect(await folder.store().lease('the next')).toBeDefined();
  });

  describe('Beside another', () => {
    it('The projector beside another waits until the other has stopped', async () => {
      const one = folder.start(events, both);
      await one.untilState('live');
      const other = folder.start(events, both);
      await other.untilState('waiting');
      await one.stop();
      await other.untilState('live');
      const position = events.tell([added('zhang', 'a')]);
      await other.until((progress) => progress.position === position);
      await other.stop();
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 1 } });
    });

    it('The projector beside another writes nothing more once the other has taken over, and takes its turn again', async () => {
      const hung = folder.store();
      const beat = hung.lease.bind(hung);
      const projector = folder.start(events, both, { store: hung });
      await projector.untilState('live');
      const lease = (await beat('holder-1')) as Lease;
      hung.lease = async () => lease; // believes that it beats, and does not
      let now = 0;
      const challenger = folder.store(() => now);
      await challenger.lease('challenger');
      now = LEASE_TIMEOUT;
      expect(await challenger.lease('challenger')).toBeDefined();
      hung.lease = beat;
      events.tell([added('zhang', 'a')]);
      await projector.untilState('waiting');
      expect(await folder.documents(countsByTarget)).toEqual({});
      await challenger.release('challenger');
      await projector.until(({ position }) => position === events.all.at(-1)?.position);
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 1 } });
      await projector.stop();
    });
  });

  describe('On another log than the one that it has seen', () => {
    it('The projector on another log than the one that it has seen says that it needs a rebuild when the log was restored to an older state', async () => {
      events.tell([added('zhang', 'a'), added('zhang', 'b')]);
      await folder.project(events, both);
      events.restore(1);
      const { state, reason } = await folder.project(events, both);
      expect(state).toBe('needs-rebuild');
      expect(reason).toContain('texts-by-subject@1 看过的事件 event-2');
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b'] } });
    });

    it('The projector on another log than the one that it has seen says so too when other events were recorded since', async () => {
      events.tell([added('zhang', 'a'), added('zhang', 'b')]);
      await folder.project(events, both);
      events.restore(1);
      events.tell([added('zhang', 'x'), added('zhang', 'y')]);
      expect((await folder.project(events, both)).state).toBe('needs-rebuild');
    });

    it('The projector on another log than the one that it has seen says so too when an older copy is put in its place while it follows', async () => {
      events.tell([added('zhang', 'a'), added('zhang', 'b')]);
      events.subscribe = async () => {
        events.restore(1);
        events.tell([added('zhang', 'x'), added('zhang', 'y')]);
        throw new LogReplaced('event event-2 is not there');
      };
      const projector = folder.start(events, both);
      const { reason } = await projector.untilState('needs-rebuild');
      await projector.stop();
      expect(reason).toContain('texts-by-subject@1 看过的事件 event-2');
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b'] } });
    });

    it('The projector on another log than the one that it has seen is started again when all that it has seen is in the log: a read may have failed otherwise', async () => {
      events.tell([added('zhang', 'a')]);
      events.subscribe = () => Promise.reject(new LogReplaced('no event begins there'));
      const projector = folder.start(events, both);
      await expect(projector.ended).rejects.toThrow('no event begins there');
      expect(projector.progress()?.state).toBe('live');
    });

    it('The projector on another log than the one that it has seen gives the lease up, so that another can try', async () => {
      events.tell([added('zhang', 'a')]);
      await folder.project(events, both);
      events.restore(0);
      await folder.project(events, both);
      expect(await folder.store().lease('the next')).toBeDefined();
    });

    it('The projector on another log than the one that it has seen goes on when the log was restored to a state that it has not gone beyond', async () => {
      events.tell([added('zhang', 'a')]);
      await folder.project(events, both);
      events.tell([added('zhang', 'b')]);
      events.restore(1);
      events.tell([added('zhang', 'c')]);
      expect((await folder.project(events, both)).state).toBe('live');
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'c'] } });
    });
  });
});
