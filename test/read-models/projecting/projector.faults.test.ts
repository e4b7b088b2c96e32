import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { added, countsByTarget, shown, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { ReadModelsFolder } from './projecting.js';

describe('The projector, given an event that it cannot take', () => {
  let events: MemoryEventStore;
  let folder: ReadModelsFolder;
  beforeEach(() => {
    events = new MemoryEventStore();
    folder = new ReadModelsFolder();
  });
  afterEach(() => folder.drop());

  const both: readonly Projection[] = [textsBySubject, countsByTarget];

  describe('Quarantine', () => {
    it('Quarantine keeps a document as it was before an event that its handler cannot take, and passes its later events over', async () => {
      events.tell([added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b'), added('li', 'c')]);
      await folder.project(events, both);
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['c'] } });
      expect(await folder.store().quarantined(textsBySubject)).toEqual(
        new Map([['zhang', { key: 'zhang', position: events.all[1]?.position, error: 'cannot take it' }]]),
      );
    });

    it('Quarantine holds after a restart, for that read model alone', async () => {
      events.tell([spoilt('zhang')]);
      await folder.project(events, both);
      events.tell([added('zhang', 'b')]);
      await folder.project(events, both);
      expect(await folder.documents(textsBySubject)).toEqual({});
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 1 } });
    });

    it('Quarantine holds while the projector runs', async () => {
      const projector = folder.start(events, both);
      await projector.untilState('live');
      for (const event of [added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b')]) {
        const position = events.tell([event]);
        await projector.until((progress) => progress.position === position);
      }
      await projector.stop();
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] } });
    });

    it('Quarantine takes a document that its index cannot list, and keeps it as it was before the batch', async () => {
      const listed = {
        ...textsBySubject,
        name: 'listed-badly',
        indexes: {
          due: ({ due }: { due?: string }) => {
            if (due === 'never') throw new Error('no such day');
            return due;
          },
        },
      };
      events.tell([shown('zhang', '2026')]);
      await folder.project(events, [listed]);
      events.tell([added('zhang', 'b'), shown('zhang', 'never'), added('li', 'a')]);
      await folder.project(events, [listed]);
      expect(await folder.documents(listed)).toEqual({ zhang: { texts: [], due: '2026' }, li: { texts: ['a'] } });
      expect([...(await folder.store().quarantined(listed)).keys()]).toEqual(['zhang']);
    });
  });

  describe('A projection that cannot tell whose an event is', () => {
    const keyless: Projection = {
      ...countsByTarget,
      name: 'keyless',
      key: ({ data }) => {
        if (JSON.stringify(data).includes('nobody')) throw new Error('whose is it?');
        return 'one';
      },
    };

    it('A projection that cannot tell whose an event is stops before that event with the reason, and the others go on', async () => {
      events.tell([added('zhang', 'a'), added('nobody', 'b'), added('zhang', 'c')]);
      const { state, stopped } = await folder.project(events, [textsBySubject, keyless]);
      expect(state).toBe('live');
      expect(stopped['keyless@1']).toBe('keyless@1 无法确定事件 event-2（Added，位置 00000002）属于哪个文档：whose is it?');
      expect(await folder.documents(keyless)).toEqual({ one: { count: 1 } });
      expect(await folder.store().checkpoints([keyless, textsBySubject])).toEqual([
        { position: events.all[0]?.position, eventId: 'event-1' },
        { position: events.all[2]?.position, eventId: 'event-3' },
      ]);
    });

    it('A projection that cannot tell whose an event is stays there after a restart', async () => {
      events.tell([added('nobody', 'b'), added('zhang', 'c')]);
      await folder.project(events, [textsBySubject, keyless]);
      events.tell([added('zhang', 'd')]);
      const { stopped } = await folder.project(events, [textsBySubject, keyless], 1);
      expect(Object.keys(stopped)).toEqual(['keyless@1']);
      expect(await folder.documents(keyless)).toEqual({});
      expect(await folder.documents(textsBySubject)).toEqual({ nobody: { texts: ['b'] }, zhang: { texts: ['c', 'd'] } });
    });

    it('A projection that cannot tell whose an event is ends the projector when there is no other', async () => {
      const projector = folder.start(events, [keyless]);
      await projector.untilState('live');
      events.tell([added('nobody', 'a')]);
      await projector.ended;
      expect(projector.progress()?.state).toBe('stopped');
      expect(await folder.store().lease('the next')).toBeDefined();
    });
  });

  describe('An event of a newer release', () => {
    const newer = { type: 'Renamed', data: {}, unknown: true } as const;

    it('An event of a newer release puts the documents of its candidate in quarantine, and no other', async () => {
      events.tell([added('zhang', 'a'), { ...newer, subject: 'zhang' }, added('zhang', 'b'), added('li', 'c')]);
      await folder.project(events, both);
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['c'] } });
      expect((await folder.store().quarantined(textsBySubject)).get('zhang')?.error).toBe('事件 Renamed 由更新的版本写入，这个版本不认识');
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 2 }, li: { count: 1 } });
    });

    it('An event of a newer release stops every projection when it is about nobody', async () => {
      events.tell([added('zhang', 'a'), newer, added('zhang', 'b')]);
      const { state, stopped } = await folder.project(events, both);
      expect(state).toBe('stopped');
      expect(Object.keys(stopped)).toEqual(['texts-by-subject@1', 'counts-by-target@1']);
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 1 } });
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] } });
    });

    it('An event of a newer release in a newer shape of a known type stops those who want it and cannot tell its key', async () => {
      events.tell([added('zhang', 'a'), { ...added('zhang', 'b'), unknown: true }]);
      const { stopped } = await folder.project(events, both);
      expect(Object.keys(stopped)).toEqual(['counts-by-target@1']);
      expect([...(await folder.store().quarantined(textsBySubject)).keys()]).toEqual(['zhang']);
    });
  });
});
