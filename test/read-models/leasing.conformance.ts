import { describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import type { Projection } from '../../src/read-models/projection.js';
import { LEASE_TIMEOUT, type Lease, LeaseLost } from '../../src/read-models/read-models.js';
import { textsBySubject } from './counting.js';
import { first, second } from './opened-builds.js';
import { batchOfTexts, type OpenedReadModels } from './opened-read-models.js';

/** One projector writes at a time: the one that holds the lease. */
export function writesForOne(opened: () => OpenedReadModels): void {
  describe('The lease', () => {
    it('The lease is kept by its holder, whatever the time', async () => {
      const { store, lease } = opened();
      expect(await store.lease('one')).toEqual(lease);
      expect(await store.lease('one')).toEqual(lease);
    });

    it('The lease is refused to others while its holder sends heartbeats', async () => {
      const { place, store } = opened();
      let now = 0;
      const challenger = await place.openStore(() => now);
      for (; now < 3 * LEASE_TIMEOUT; now += LEASE_TIMEOUT / 2) {
        expect(await challenger.lease('two')).toBeUndefined();
        await store.lease('one');
      }
      await challenger.close();
    });

    it('The lease goes to a challenger that has seen no heartbeat for long enough, with a higher fence', async () => {
      const { place, store, lease } = opened();
      let now = 1_000_000;
      const challenger = await place.openStore(() => now);
      expect(await challenger.lease('two')).toBeUndefined();
      now += LEASE_TIMEOUT - 1;
      expect(await challenger.lease('two')).toBeUndefined();
      now += 1;
      const taken = await challenger.lease('two');
      expect(taken?.fence).toBeGreaterThan(lease.fence);
      expect(await store.lease('one')).toBeUndefined();
      await challenger.close();
    });

    it('The lease goes to only one of two challengers', async () => {
      const { place } = opened();
      let now = 0;
      const challengers = await Promise.all(['two', 'three'].map(async (holder) => ({ holder, store: await place.openStore(() => now) })));
      for (const { holder, store } of challengers) await store.lease(holder);
      now = LEASE_TIMEOUT;
      const taken = await Promise.all(challengers.map(({ holder, store }) => store.lease(holder)));
      expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
      for (const { store } of challengers) await store.close();
    });

    it('The lease is handed over only by its holder', async () => {
      const { place, store, lease } = opened();
      const other = await place.openStore();
      await store.handOver(lease, 'two');
      const taken = await other.lease('two');
      expect(taken?.fence).toBeGreaterThan(lease.fence);
      expect(await store.lease('one')).toBeUndefined();
      expect(await other.leaseState()).toMatchObject({ holder: 'two' });
      await expect(store.handOver(lease, 'three')).rejects.toThrow(LeaseLost);
      await expect(store.write(lease, [batchOfTexts({})])).rejects.toThrow(LeaseLost);
      await other.close();
    });

    it('The lease shows who holds it, and that its holder is alive', async () => {
      const { place, store } = opened();
      const other = await place.openStore();
      const before = await other.leaseState();
      await store.lease('one');
      expect((await other.leaseState())?.beat).toBeGreaterThan(before?.beat ?? Number.POSITIVE_INFINITY);
      await store.release('one');
      expect(await other.leaseState()).toMatchObject({ holder: null });
      await other.close();
    });

    it('The lease allows documents to be rewritten at any position, if they are stored as was read', async () => {
      const { store, readModels, lease } = opened();
      await store.write(lease, [batchOfTexts({ zhang: { texts: ['wrong'], due: '2026-11-01' }, li: { texts: ['b'] }, nobody: { texts: [] } }, second)]);
      const seen: unknown[] = [];
      const written = await store.repair(lease, textsBySubject as Projection, ['zhang', 'li', 'nobody', 'wang'], (key, stored) => {
        seen.push([key, stored?.position, stored?.listed]);
        if (key === 'zhang') return { stored: { position: first, document: { texts: ['right'] } } };
        if (key === 'wang') return { stored: { position: first, document: { texts: ['w'] } }, fault: { position: second, error: 'no' } };
        return key === 'nobody' ? { stored: undefined } : undefined;
      });
      expect(written).toEqual(['zhang', 'nobody', 'wang']);
      expect(seen).toEqual([
        ['zhang', second, { due: '2026-11-01', first: 'wrong', text: ['wrong'] }],
        ['li', second, { due: null, first: 'b', text: ['b'] }],
        ['nobody', second, { due: null, first: null, text: [] }],
        ['wang', undefined, undefined],
      ]);
      const stored = await store.load(textsBySubject as Projection, ['zhang', 'li', 'nobody', 'wang']);
      expect([...stored.keys()].sort()).toEqual(['li', 'wang', 'zhang']);
      expect(stored.get('zhang')).toEqual({ position: first, document: { texts: ['right'] } });
      expect(await readModels.list(textsBySubject, 'due', undefined, 10)).toEqual([]);
      expect((await readModels.lookUp(textsBySubject, 'text', 'right', undefined, 10)).map(({ key }) => key)).toEqual(['zhang']);
      expect(await readModels.lookUp(textsBySubject, 'text', 'wrong', undefined, 10)).toEqual([]);
      expect([...(await store.quarantined(textsBySubject as Projection)).keys()]).toEqual(['wang']);
      await store.handOver(lease, 'two');
      await expect(store.repair(lease, textsBySubject as Projection, ['li'], () => ({ stored: undefined }))).rejects.toThrow(LeaseLost);
    });

    it('The lease is free at once when its holder releases it, and then has a higher fence', async () => {
      const { place, store, lease } = opened();
      const challenger = await place.openStore();
      await challenger.release('two');
      expect(await challenger.lease('two')).toBeUndefined();
      await store.release('one');
      expect((await challenger.lease('two'))?.fence).toBeGreaterThan(lease.fence);
      await challenger.close();
    });

    it('The lease allows no writes once it is lost', async () => {
      const { place, store, readModels, lease } = opened();
      const challenger = await place.openStore();
      await store.release('one');
      const taken = (await challenger.lease('two')) as Lease;
      await expect(store.write(lease, [batchOfTexts({ zhang: { texts: ['late'] } })])).rejects.toThrow(LeaseLost);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
      expect(await readModels.position([textsBySubject])).toBe(START);
      await challenger.write(taken, [batchOfTexts({ zhang: { texts: ['in time'] } })]);
      expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: ['in time'] });
      await challenger.close();
    });
  });
}
