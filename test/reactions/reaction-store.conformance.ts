import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReactionStore } from '../../src/reactions/reaction-store.js';
import { LEASE_TIMEOUT, type Lease, LeaseLost } from '../../src/read-models/read-models.js';

/** A store under test, which each call opens as another process would. */
export interface ReactionStoreUnderTest {
  /** @param clock the process's monotonic clock, in milliseconds */
  open(clock?: () => number): ReactionStore;
  drop(): Promise<void>;
}

export function describeReactionStore(made: () => ReactionStoreUnderTest): void {
  describe('The store of reactions', () => {
    let place: ReactionStoreUnderTest;
    let store: ReactionStore;
    beforeEach(() => {
      place = made();
      store = place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.drop();
    });

    it('The store of reactions gives each name one lease, for which others wait', async () => {
      const lease = await store.lease('bills', 'one');
      const other = place.open();
      expect(await other.lease('bills', 'two')).toBeUndefined();
      expect(await other.lease('tasks', 'two')).toBeDefined();
      expect(await store.lease('bills', 'one')).toEqual(lease);
      await other.close();
    });

    it('The store of reactions gives a lease to a challenger that has seen no heartbeat of it for long enough', async () => {
      let now = 0;
      const lease = (await store.lease('bills', 'one')) as Lease;
      const challenger = place.open(() => now);
      expect(await challenger.lease('bills', 'two')).toBeUndefined();
      now += LEASE_TIMEOUT - 1;
      await store.lease('tasks', 'one');
      expect(await challenger.lease('bills', 'two')).toBeUndefined();
      now += 1;
      expect((await challenger.lease('bills', 'two'))?.fence).toBeGreaterThan(lease.fence);
      expect(await store.lease('bills', 'one')).toBeUndefined();
      await challenger.close();
    });

    it('The store of reactions gives a lease at once when its holder has released it', async () => {
      const lease = (await store.lease('bills', 'one')) as Lease;
      const other = place.open();
      await other.release('bills', 'two');
      await store.release('tasks', 'one');
      expect(await other.lease('bills', 'two')).toBeUndefined();
      await store.release('bills', 'one');
      expect((await other.lease('bills', 'two'))?.fence).toBeGreaterThan(lease.fence);
      await other.close();
    });

    it('The store of reactions keeps the last saved state of each name', async () => {
      expect(await store.load('bills')).toBeUndefined();
      const bills = (await store.lease('bills', 'one')) as Lease;
      const tasks = (await store.lease('tasks', 'one')) as Lease;
      expect(await store.load('bills')).toBeUndefined();
      await store.save('bills', bills, { position: '1', held: [] });
      await store.save('bills', bills, { position: '2', held: [{ stream: '$.\u0000考' }] });
      await store.save('tasks', tasks, { position: '3' });
      const other = place.open();
      expect(await other.load('bills')).toEqual({ position: '2', held: [{ stream: '$.\u0000考' }] });
      expect(await other.load('tasks')).toEqual({ position: '3' });
      await other.close();
    });

    it('The store of reactions initialises a state only once', async () => {
      await store.initialize('bills', { position: '1' });
      await store.initialize('bills', { position: '2' });
      expect(await store.load('bills')).toEqual({ position: '1' });
      const lease = (await store.lease('bills', 'one')) as Lease;
      await store.save('bills', lease, { position: '3' });
      await store.initialize('bills', { position: '4' });
      expect(await store.load('bills')).toEqual({ position: '3' });
    });

    it('The store of reactions initialises a state also when the lease exists already', async () => {
      await store.lease('bills', 'one');
      await store.initialize('bills', { position: '1' });
      expect(await store.load('bills')).toEqual({ position: '1' });
      expect(await place.open().lease('bills', 'two')).toBeUndefined();
    });

    it('The store of reactions saves nothing for a holder whose lease was taken over', async () => {
      const lease = (await store.lease('bills', 'one')) as Lease;
      await store.save('bills', lease, { position: '1' });
      await store.release('bills', 'one');
      const other = place.open();
      const taken = (await other.lease('bills', 'two')) as Lease;
      await expect(store.save('bills', lease, { position: '2' })).rejects.toThrow(LeaseLost);
      expect(await other.load('bills')).toEqual({ position: '1' });
      await other.save('bills', taken, { position: '3' });
      expect(await store.load('bills')).toEqual({ position: '3' });
      await other.close();
    });
  });
}
