import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RegisteredBuilds } from '../../src/read-models/projecting/maintained-builds.js';
import { nameOf } from '../../src/read-models/projection.js';
import type { Lease } from '../../src/read-models/read-models.js';
import {
  BadChange,
  type Build,
  EMPTY_REGISTRY,
  type Registry,
  withBuild,
  withCurrentBuild,
  withoutBuild,
  withRequest,
  withServedBuild,
} from '../../src/read-models/registry.js';
import { MemoryEventStore } from './memory.event-store.js';
import { again, counts, first, type OpenedBuilds } from './opened-builds.js';

const NOW = '2026-11-22T00:00:00.000Z';
const fingerprint = 'of its code';
const fingerprints = { of: () => fingerprint };
const buildNamed = (name: string): Build => ({ name, readModel: counts.name, version: 1, fingerprint, state: 'building', begun: NOW });
const served: Build = { ...buildNamed(nameOf(counts)), state: 'current' };
const rebuilt: Build = { ...buildNamed(nameOf(again)), state: 'current' };

/** Which builds there are, changed by one at a time. */
export function keepsARegistry(opened: () => OpenedBuilds): void {
  describe('The registry', () => {
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('The registry has no builds before it is first written', async () => {
      expect(await opened().builds.registry()).toEqual(EMPTY_REGISTRY);
    });

    it('The registry is read by all stores as it was written', async () => {
      const { builds, others } = opened();
      const registry: Registry = {
        revision: 1,
        serving: { 'counts-by-target': 'counts-by-target@1', 'a.b': 'a.b@2', ['__proto__']: '__proto__@1', 考生: '考生@1-2' },
        before: {},
        builds: [served],
        requests: [{ id: 'one', what: { kind: 'retry', build: served.name, key: '\u0000.$"\u{10ffff}' } }],
      };
      expect(await builds.replace(registry)).toBe(true);
      for (const each of [builds, others]) expect(JSON.stringify(await each.registry())).toBe(JSON.stringify(registry));
    });

    it('The registry is replaced only by the next revision', async () => {
      const { builds, others } = opened();
      const at = (revision: number, name: string): Registry => ({ ...EMPTY_REGISTRY, revision, before: { [name]: `${name}@1` } });
      expect(await builds.replace(at(2, 'too early'))).toBe(false);
      expect(await builds.registry()).toEqual(EMPTY_REGISTRY);
      expect(await builds.replace(at(1, 'first'))).toBe(true);
      expect(await others.replace(at(1, 'late'))).toBe(false);
      expect(await others.replace(at(3, 'too early'))).toBe(false);
      expect(await others.replace(at(2, 'second'))).toBe(true);
      expect(await builds.replace(at(2, 'late'))).toBe(false);
      expect(await builds.registry()).toEqual(at(2, 'second'));
    });

    it('The registry is replaced by only one of two concurrent writers', async () => {
      const { builds, others } = opened();
      for (let revision = 1; revision <= 20; revision++) {
        const won = await Promise.all([builds, others].map((each, at) => each.replace({ ...EMPTY_REGISTRY, revision, before: { by: `by@${at + 1}` } })));
        expect(won.filter((each) => each)).toHaveLength(1);
        expect((await builds.registry()).before).toEqual({ by: `by@${won.indexOf(true) + 1}` });
      }
    });

    it('The registry loses no change of many concurrent writers', async () => {
      const { builds, others } = opened();
      const names = Array.from({ length: 20 }, (_, at) => `${counts.name}@1-${at + 2}`);
      await Promise.all(names.map((name, at) => [builds, others][at % 2]?.change((registry) => withBuild(registry, buildNamed(name)))));
      const registry = await builds.registry();
      expect(registry.revision).toBe(20);
      expect(registry.builds.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    });

    it('The registry is changed again on top of what another has written meanwhile', async () => {
      const { builds, others } = opened();
      const seen: number[] = [];
      await builds.change((registry) => withBuild(registry, served));
      const { replace } = builds;
      jest.spyOn(builds, 'replace').mockImplementationOnce(async (registry) => {
        await others.change((before) => withBuild(before, rebuilt));
        return replace.call(builds, registry);
      });
      const after = await builds.change((registry) => {
        seen.push(registry.builds.length);
        return withCurrentBuild(registry, served.name);
      });
      expect(seen).toEqual([1, 2]);
      expect(after.builds).toEqual([{ ...served, state: 'current' }, rebuilt]);
      expect(await others.registry()).toEqual(after);
    });

    it('The registry is not written when nothing changes, or when the change is refused', async () => {
      const { builds } = opened();
      await builds.change((registry) => withBuild(registry, served));
      const before = await builds.registry();
      expect(await builds.change((registry) => registry)).toEqual(before);
      await expect(builds.change((registry) => withServedBuild(registry, 'nothing@1', NOW))).rejects.toThrow(BadChange);
      expect(await builds.registry()).toEqual(before);
    });

    it('The registry gives up when other writers are always first', async () => {
      const { builds } = opened();
      jest.spyOn(builds, 'replace').mockResolvedValue(false);
      await expect(builds.change((registry) => withBuild(registry, served))).rejects.toThrow(BadChange);
    });

    it('The registry does not allow the served build to be dropped', async () => {
      const { builds } = opened();
      const before = await builds.change((registry) => [served, rebuilt].reduce(withBuild, registry));
      await expect(builds.change((registry) => withoutBuild(registry, served.name, NOW))).rejects.toThrow(`${served.name} 正在使用`);
      expect(await builds.registry()).toEqual(before);
      await builds.change((registry) => withoutBuild(registry, rebuilt.name, NOW));
      expect((await builds.registry()).builds).toEqual([served]);
    });

    it('The registry does not allow a build read a moment ago to be dropped, also after a clock was set back', () => {
      const moment = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();
      const left = withServedBuild([served, { ...rebuilt, state: 'current' as const }].reduce(withBuild, EMPTY_REGISTRY), rebuilt.name, NOW);
      expect(() => withoutBuild(left, served.name, moment(59))).toThrow('1 秒后再试');
      expect(() => withoutBuild(left, served.name, moment(-59))).toThrow('119 秒后再试');
      expect(withoutBuild(left, served.name, moment(-86_400)).builds.map(({ name }) => name)).toEqual([rebuilt.name]);
    });
  });

  describe('A task for the lease holder', () => {
    const status = (projection: typeof counts) => ({ projection, checkpoint: { position: first }, quarantined: new Set<string>() });
    const statuses = [status(counts), status(again)];
    const keptBy = ({ builds, store }: Pick<OpenedBuilds, 'builds' | 'store'>) =>
      new RegisteredBuilds(builds, store, new MemoryEventStore(), [counts], fingerprints);
    const outcomes = (registry: Registry) => registry.requests.map(({ id, outcome }) => [id, outcome?.done]);

    async function bothCurrent({ builds }: OpenedBuilds): Promise<void> {
      await builds.change((registry) => [served, rebuilt].reduce((before, build) => withCurrentBuild(withBuild(before, build), build.name), registry));
    }

    it('A task for the lease holder is done once, in the order of the requests, also when it is requested twice', async () => {
      const { builds, others, store } = opened();
      await bothCurrent(opened());
      const ask = (by: typeof builds, id: string) => by.change((registry) => withRequest(registry, id, { kind: 'switch', build: rebuilt.name, accepted: [] }));
      await ask(builds, 'first');
      await ask(others, 'second');
      const kept = keptBy({ builds, store });
      expect(await kept.hasChanged()).toBe(true);
      expect(await kept.whenAligned((await store.lease('one')) as Lease, statuses)).toBe(true);
      const registry = await others.registry();
      expect(registry.serving).toEqual({ [counts.name]: rebuilt.name });
      expect(registry.before).toEqual({ [counts.name]: served.name });
      expect(outcomes(registry)).toEqual([
        ['first', true],
        ['second', false],
      ]);
      expect(await kept.whenAligned((await store.lease('one')) as Lease, statuses)).toBe(false);
      expect(await others.registry()).toEqual(registry);
    });

    it('A task for the lease holder is done once when two processes believe that they hold the lease', async () => {
      const { builds, others, store } = opened();
      await bothCurrent(opened());
      await builds.change((registry) => withRequest(registry, 'there', { kind: 'switch', build: rebuilt.name, accepted: [] }));
      const lease = (await store.lease('one')) as Lease;
      await Promise.all([builds, others].map((each) => keptBy({ builds: each, store }).whenAligned(lease, statuses)));
      const registry = await builds.registry();
      expect([registry.serving[counts.name], outcomes(registry)]).toEqual([rebuilt.name, [['there', true]]]);
    });
  });
}
