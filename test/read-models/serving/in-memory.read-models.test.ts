import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { LogReplaced } from '../../../src/event-store/append.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { InMemoryReadModels } from '../../../src/read-models/serving/in-memory.read-models.js';
import { until } from '../../until.js';
import { added, countsByTarget, passed, removed, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { ReadModelsFolder } from '../projecting/projecting.js';

const both: readonly Projection[] = [textsBySubject, countsByTarget];

let events: MemoryEventStore;
let folder: ReadModelsFolder;
let followed: InMemoryReadModels;
let now: number;
beforeEach(() => {
  now = 0;
  events = new MemoryEventStore();
  folder = new ReadModelsFolder();
  followed = new InMemoryReadModels(events, folder.readModels, both, () => now);
});
afterEach(async () => {
  await followed.stop();
  await folder.drop();
});

it('A read model in memory contains what is projected and what was recorded since, also where nothing is projected yet', async () => {
  events.tell([added('zhang', 'a')]);
  await folder.project(events, [textsBySubject]);
  events.tell([added('zhang', 'b'), added('li', 'c'), passed]);
  await followed.start();
  expect(Object.fromEntries(followed.documents(textsBySubject))).toEqual({ zhang: { texts: ['a', 'b'] }, li: { texts: ['c'] } });
  expect(Object.fromEntries(followed.documents(countsByTarget))).toEqual({ zhang: { count: 2 }, li: { count: 1 } });
});

it('A read model in memory follows the log, and reports when it has reached a position', async () => {
  await followed.start();
  await followed.caughtUp(events.tell([added('zhang', 'a')]));
  expect(followed.documents(textsBySubject).get('zhang')).toEqual({ texts: ['a'] });
  await followed.caughtUp(events.tell([added('zhang', 'b'), removed('li'), passed]));
  expect(followed.documents(textsBySubject).get('zhang')).toEqual({ texts: ['a', 'b'] });
  await followed.caughtUp(events.tell([removed('zhang')]));
  expect(followed.documents(textsBySubject).size).toBe(0);
});

it('A read model in memory returns the same map until a document changes', async () => {
  events.tell([added('zhang', 'a', 'none')]);
  await followed.start();
  const [texts, counts] = [followed.documents(textsBySubject), followed.documents(countsByTarget)];
  await followed.caughtUp(events.tell([added('zhang', 'b', 'none')]));
  expect(followed.documents(textsBySubject)).not.toBe(texts);
  expect(texts.get('zhang')).toEqual({ texts: ['a'] });
  expect(followed.documents(countsByTarget)).toBe(counts);
});

it('A read model in memory folds no event twice into documents that were stored before their checkpoint', async () => {
  events.tell([added('zhang', 'a'), added('li', 'b')]);
  await folder.project(events, [textsBySubject]);
  const { position } = await folder.readModels.all(textsBySubject);
  events.tell([added('zhang', 'c'), removed('li'), added('wang', 'd')]);
  await folder.project(events, [textsBySubject]);
  const all = folder.readModels.all.bind(folder.readModels);
  const [third, fourth, fifth] = events.all.slice(2).map((event) => event.position) as [string, string, string];
  folder.readModels.all = async (model) => ({
    ...(await all(model)),
    position,
    ahead: new Map([
      ['zhang', third],
      ['li', fourth],
      ['wang', fifth],
    ]),
  });
  followed = new InMemoryReadModels(events, folder.readModels, [textsBySubject]);
  await followed.start();
  await followed.caughtUp(events.tell([added('li', 'e')]));
  expect(Object.fromEntries(followed.documents(textsBySubject))).toEqual({ zhang: { texts: ['a', 'c'] }, wang: { texts: ['d'] }, li: { texts: ['e'] } });
});

it('A read model in memory leaves a quarantined document unchanged, whether it was quarantined before the start or since', async () => {
  events.tell([added('zhang', 'a'), spoilt('zhang')]);
  await folder.project(events, both);
  await followed.start();
  await followed.caughtUp(events.tell([added('zhang', 'b'), added('li', 'c'), spoilt('li'), added('li', 'd')]));
  expect(Object.fromEntries(followed.documents(textsBySubject))).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['c'] } });
});

it('A read model in memory is not ready before it has caught up', async () => {
  expect(followed.healthProblem()).toEqual({ scope: 'process', reason: '正在载入' });
  await followed.start();
  expect(followed.healthProblem()).toBeUndefined();
});

it('A read model in memory reports a problem of all processes at once when the log is another one or an older copy', async () => {
  await followed.start();
  await followed.stop();
  const reached = Promise.withResolvers<void>();
  events.subscribe = async () => {
    reached.resolve();
    throw new LogReplaced('event event-2 is not there');
  };
  await followed.start();
  await reached.promise;
  await Promise.resolve();
  expect(followed.healthProblem()).toEqual({ scope: 'everywhere', reason: 'event event-2 is not there：日志是另一份，或是较旧的副本' });
});

it.each<[string, Error, 'process' | 'everywhere']>([
  ['the log does not answer (in all processes)', new StoreUnavailable('out of reach'), 'everywhere'],
  ['this process cannot follow', new Error('a bug'), 'process'],
])('A read model in memory reports a problem once %s for 5 s', async (_, error, of) => {
  const reached = Promise.withResolvers<void>();
  await followed.start();
  await followed.stop();
  events.subscribe = async () => {
    reached.resolve();
    throw error;
  };
  await followed.start();
  await reached.promise;
  expect(followed.healthProblem()).toBeUndefined();
  now = 4_999;
  expect(followed.healthProblem()).toBeUndefined();
  now = 5_000;
  expect(followed.healthProblem()).toEqual({ scope: of, reason: '落后 5 秒' });
});

it('A read model in memory reports a problem of all processes for an event of a newer release without a known document', async () => {
  events.tell([{ ...added('zhang', 'a'), unknown: true }]);
  await followed.start();
  expect(followed.healthProblem()).toEqual({ scope: 'everywhere', reason: expect.stringContaining('counts-by-target@1 无法确定事件') });
});

it('A read model in memory is loaded again when another build is served, and follows the log from there', async () => {
  const readModels = folder.readModels;
  let builds = 'the damaged one';
  let documents = new Map([['zhang', { texts: ['damaged'] }]]);
  readModels.servedBuilds = async () => builds;
  readModels.all = (async () => ({ position: '', documents, quarantined: new Set(), ahead: new Map([['zhang', '00000001']]) })) as typeof readModels.all;
  events.tell([added('zhang', 'a', 'none')]);
  followed = new InMemoryReadModels(events, readModels, [textsBySubject], () => now, 5);
  await followed.start();
  expect(followed.documents(textsBySubject).get('zhang')).toEqual({ texts: ['damaged'] });
  documents = new Map([['zhang', { texts: ['a'] }]]);
  builds = 'the one made anew';
  await until('the documents made anew', () => followed.documents(textsBySubject).get('zhang')?.texts[0] === 'a');
  await followed.caughtUp(events.tell([added('zhang', 'b', 'none')]));
  expect(followed.documents(textsBySubject).get('zhang')).toEqual({ texts: ['a', 'b'] });
});

it('A read model in memory is loaded again also after a first failure', async () => {
  const readModels = folder.readModels;
  let builds = 'the damaged one';
  let text = 'damaged';
  let away = false;
  readModels.servedBuilds = async () => builds;
  readModels.all = (async () => {
    if (away) {
      away = false;
      throw new Error('away');
    }
    return { position: '', documents: new Map([['zhang', { texts: [text] }]]), quarantined: new Set(), ahead: new Map([['zhang', '00000001']]) };
  }) as typeof readModels.all;
  events.tell([added('zhang', 'a', 'none')]);
  followed = new InMemoryReadModels(events, readModels, [textsBySubject], () => now, 5);
  await followed.start();
  [away, text, builds] = [true, 'made anew', 'the one made anew'];
  await until('the documents made anew', () => followed.documents(textsBySubject).get('zhang')?.texts[0] === 'made anew');
});
