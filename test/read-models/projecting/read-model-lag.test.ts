import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { ReadModelLag } from '../../../src/read-models/projecting/read-model-lag.js';
import { type Build, EMPTY_REGISTRY, type Registry, withBuild } from '../../../src/read-models/registry.js';
import { added, countsByTarget, textsBySubject } from '../counting.js';
import { damage } from '../damage.js';
import { MemoryEventStore, type Told } from '../memory.event-store.js';
import { inSqlite, ReadModelsFolder } from './projecting.js';

const both = [textsBySubject, countsByTarget];

let events: MemoryEventStore;
let place: string;
let folder: ReadModelsFolder;
let lag: ReadModelLag;
let registry: Registry;
let now: number;
beforeEach(() => {
  now = 0;
  registry = EMPTY_REGISTRY;
  events = new MemoryEventStore();
  place = mkdtempSync(join(tmpdir(), 'lag-'));
  folder = new ReadModelsFolder(inSqlite(place));
  lag = new ReadModelLag(events, folder.readModels, { registry: async () => registry }, both, () => now);
});
afterEach(async () => {
  await lag.stop();
  await folder.drop();
});

/** As the registry holds a first build of it. */
function textsMade(begun: string): Build {
  const build: Build = { name: 'texts-by-subject@1', readModel: 'texts-by-subject', version: 1, fingerprint: '', state: 'current', begun };
  registry = withBuild(EMPTY_REGISTRY, build);
  return build;
}

/** A look after so many seconds. */
const lookAfter = async (seconds: number) => {
  now += seconds * 1_000;
  await lag.checkWhileUnknown();
};

describe('Before a start has caught up once', () => {
  it('Before a start has caught up once, another process would do better, and what is read may lack something', async () => {
    events.tell([added('zhang', 'a')]);
    await lag.start();
    expect(lag.healthProblem()).toEqual({ scope: 'process', reason: '启动以来还没有跟上日志：texts-by-subject、counts-by-target' });
    expect(lag.behind([textsBySubject])).toBe(30);
    await folder.project(events, both);
    await lookAfter(1);
    expect(lag.healthProblem()).toBeUndefined();
    expect(lag.behind(both)).toBeUndefined();
  });

  it('Before a start has caught up once, what grows meanwhile need not be seen: the end of the log that the start found is enough', async () => {
    events.tell([added('zhang', 'a')]);
    await lag.start();
    await folder.project(events, both);
    events.tell([added('zhang', 'b')]);
    await lookAfter(1);
    expect(lag.healthProblem()).toBeUndefined();
  });

  it('Before a start has caught up once, a log that ends before what read models have seen is named: it is an older copy', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, both);
    events.restore(1);
    await lag.start();
    const reason = expect.stringMatching(/^需要重建，.*较旧的副本）：texts-by-subject、counts-by-target$/);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason }); // no process does better
    expect(lag.behind([textsBySubject])).toBe(30);
  });

  it('Before a start has caught up once, a log is named that has gone on and holds another event where read models have come to', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, both);
    events.restore(1);
    events.tell([added('zhang', 'x')]);
    await lag.start();
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: expect.stringMatching(/^需要重建，.*：texts-by-subject、counts-by-target$/) });
  });

  it('Before a start has caught up once, an empty log is caught up with at once', async () => {
    await lag.start();
    expect(lag.healthProblem()).toBeUndefined();
  });

  it('Before a start has caught up once, a read model that goes no further while the others have come to the end is a problem of all processes', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, [textsBySubject]);
    await lag.start();
    expect(lag.healthProblem()).toMatchObject({ scope: 'process' });
    await lookAfter(10);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '落后于日志：counts-by-target' });
    expect([lag.behind([textsBySubject]), lag.behind([countsByTarget])]).toEqual([undefined, 30]);
  });

  it('Before a start has caught up once, a read model that was stuck and goes on again takes no process out that gets requests', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, [textsBySubject]);
    await lag.start();
    await lookAfter(10);
    const { all } = events;
    events.restore(1);
    await folder.project(events, [countsByTarget]);
    events.putBack(all);
    await lookAfter(1);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '落后于日志：counts-by-target' });
  });

  it('Before a start has caught up once, a first build under way is a problem of all processes, and what is recorded after it was begun is a lag', async () => {
    const begun = textsMade('2026-11-22T09:00:00.000Z').begun;
    events.tell([{ ...added('zhang', 'a'), recordedAt: '2026-11-22T08:00:00.000Z' }]);
    await folder.project(events, [countsByTarget]);
    await lag.start();
    const reason = '正在第一次由日志建立：texts-by-subject';
    expect(lag.healthProblem()).toEqual({ scope: 'process', reason }); // it may be done in a moment
    await lookAfter(10);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason });
    expect([lag.behind([textsBySubject]), lag.behind([countsByTarget])]).toEqual([30, undefined]);
    await folder.project(events, both);
    await lookAfter(1);
    expect(lag.healthProblem()).toBeUndefined();
    events.tell([{ ...added('zhang', 'b'), recordedAt: begun }]);
    await lookAfter(1);
    await lookAfter(2);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '落后于日志：texts-by-subject、counts-by-target' });
  });

  it('Before a start has caught up once, a first build that is nearly done is waited for before requests are taken, as a lag is', async () => {
    textsMade('2026-11-22T09:00:00.000Z');
    events.tell([added('zhang', 'a')]);
    await folder.project(events, [countsByTarget]);
    const [started] = await Promise.all([lag.start().then(() => lag.healthProblem()), folder.project(events, [textsBySubject])]);
    expect(started).toBeUndefined();
  });

  it('Before a start has caught up once, a read model that stops at an event of a newer release is named with it, at once', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, both);
    const newer: Told = { type: 'Newer', data: {}, unknown: true };
    events.tell([newer, added('zhang', 'c')]);
    await lag.start();
    expect(lag.healthProblem()).toEqual({
      scope: 'everywhere',
      reason: expect.stringMatching(
        /^停住了（texts-by-subject@1 .*由更新的版本记录，这个版本不认识）：texts-by-subject；停住了（counts-by-target@1 .*：counts-by-target$/,
      ),
    });
  });

  it('Before a start has caught up once, a served build that the registry does not hold is named, and what it should show may lack something', async () => {
    registry = { ...EMPTY_REGISTRY, serving: { 'texts-by-subject': 'texts-by-subject@1-2' } };
    await lag.start();
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '正在使用的版本没有登记，或者文档表不存在：texts-by-subject' });
    expect([lag.behind([textsBySubject]), lag.behind([countsByTarget])]).toEqual([30, undefined]);
  });

  it('Before a start has caught up once, a served build whose table is gone is named at the next look, and what it should show may lack something', async () => {
    textsMade('2026-11-22T09:00:00.000Z');
    events.tell([added('zhang', 'a')]);
    await folder.project(events, both);
    await lag.start();
    expect(lag.healthProblem()).toBeUndefined();
    damage(place, 'DROP TABLE "texts-by-subject@1"');
    await lookAfter(1);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '正在使用的版本没有登记，或者文档表不存在：texts-by-subject' });
    expect([lag.behind([textsBySubject]), lag.behind([countsByTarget])]).toEqual([30, undefined]);
  });

  it('Before a start has caught up once, a log that cannot be read is named', async () => {
    events.head = () => Promise.reject(new StoreUnavailable('nobody answers'));
    await lag.start();
    expect(lag.healthProblem()).toEqual({ scope: 'process', reason: '无法知道读模型进行到哪里：nobody answers' });
  });
});

describe('After it', () => {
  beforeEach(() => lag.start());

  it('After a start has caught up once, a lag of up to two seconds is no problem, and a longer one is, with the names of those that lag', async () => {
    events.tell([added('zhang', 'a')]);
    await lookAfter(1);
    await lookAfter(1);
    expect(lag.behind(both)).toBeUndefined();
    await folder.project(events, [textsBySubject]);
    await lookAfter(1);
    expect([lag.behind([textsBySubject]), lag.behind([countsByTarget])]).toEqual([undefined, 30]);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '落后于日志：counts-by-target' });
    await folder.project(events, both);
    await lookAfter(1);
    expect(lag.healthProblem()).toBeUndefined();
  });

  it('After a start has caught up once, a log that grows all the time, and read models that are a moment behind it all the time, ail nobody', async () => {
    for (let at = 0; at < 10; at++) {
      await folder.project(events, both);
      events.tell([added('zhang', 'a')]);
      await lookAfter(1);
      expect(lag.healthProblem()).toBeUndefined();
    }
  });

  it('After a start has caught up once, a read model that is made anew lacks what it had from the next look on, however short that is', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, both);
    await lookAfter(1);
    expect(lag.behind([textsBySubject])).toBeUndefined();
    const first = Object.create(folder.readModels, {
      checkpoint: { value: async () => ({ position: START }) },
    });
    Object.assign(lag, { readModels: first });
    await lookAfter(0);
    expect(lag.behind([textsBySubject])).toBe(30);
    Object.assign(lag, { readModels: folder.readModels });
    await lookAfter(1);
    expect(lag.behind([textsBySubject])).toBeUndefined();
  });

  it('After a start has caught up once, one read model that has seen another log is named though all together are at the end', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, [countsByTarget]);
    events.restore(1);
    await folder.project(events, [textsBySubject]);
    await lookAfter(10);
    expect(lag.healthProblem()).toMatchObject({ scope: 'everywhere', reason: expect.stringContaining('：counts-by-target') });
  });

  it('After a start has caught up once, a log that does not answer is a problem of all processes', async () => {
    events.head = () => Promise.reject(new StoreUnavailable('nobody answers'));
    await lookAfter(1);
    expect(lag.healthProblem()).toEqual({ scope: 'everywhere', reason: '无法知道读模型进行到哪里：nobody answers' });
  });

  it('After a start has caught up once, when to come back follows from how fast they come nearer, in fives of seconds', async () => {
    events.tell(Array.from({ length: 100 }, () => added('zhang', 'a')));
    const seen = async (count: number) => {
      const { length } = events.all;
      const { all } = events;
      events.restore(count);
      await folder.project(events, both);
      events.putBack(all);
      expect(events.all).toHaveLength(length);
    };
    await lookAfter(1);
    await lookAfter(2);
    expect(lag.behind(both)).toBe(30);
    await seen(10);
    await lookAfter(1); // 10 a second: 9 s are left
    expect(lag.behind(both)).toBe(10);
  });

  it('After a start has caught up once, who needs what is recorded until now waits for it, and not without end', async () => {
    expect(await lag.refreshUntilCaughtUp(both, 0)).toBe(true);
    events.tell([added('zhang', 'a')]);
    expect(await lag.refreshUntilCaughtUp(both, 0)).toBe(false);
    const seen = lag.refreshUntilCaughtUp(both, 60_000);
    await folder.project(events, both);
    expect(await seen).toBe(true);
    events.head = () => Promise.reject(new StoreUnavailable('nobody answers'));
    expect(await lag.refreshUntilCaughtUp(both, 0)).toBe(false);
  });
});
