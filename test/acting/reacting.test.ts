import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HeldStreams } from '../../src/acting/held-streams.js';
import { SqliteActingStore } from '../../src/acting/sqlite.acting-store.js';
import { actingName, beginReactors } from '../../src/acting/standing.js';
import { namedId } from '../../src/event-store/named-id.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { LEASE_PATIENCE } from '../../src/read-models/read-models.js';
import { logLines } from '../log-lines.js';
import { until } from '../until.js';
import { away, ReactorsPlace, servant } from './reactors-place.js';

const lines = logLines();

let place: ReactorsPlace;
beforeEach(() => {
  lines.length = 0;
  place = new ReactorsPlace();
});
afterEach(() => place.drop());

const begun = () => beginReactors(place.events, place.openStore(), [servant]);

describe('A reactor', () => {
  it('gives the command that follows from an event, with an id that follows from both, as caused by it', async () => {
    await begun();
    await place.ask('a', '1');
    place.start();
    await place.untilDone('1');
    const [[asked], [doing]] = [(await place.events.streams(['a']))[0] ?? [], await place.doings()];
    expect(doing?.metadata).toEqual({
      command: namedId(`${asked?.id} servant`),
      ...{ correlation: 'of 1', by: 'servant', origin: 'reaction', onBehalfOf: 'zhang' },
    });
  });

  it('begins at the end of the log when it is started for the first time', async () => {
    await place.ask('a', 'long ago');
    const { untilState } = place.start();
    await untilState('at-work');
    await until('it to have begun', () => place.saved());
    await place.ask('a', 'now');
    await place.untilDone('now');
  });

  it('begins where the log ended when it was first said to begin, however much later it starts', async () => {
    await place.ask('a', 'long ago');
    await begun();
    await place.ask('a', 'before its start');
    await begun();
    place.start();
    await place.untilDone('before its start');
  });

  it('does not react to what an import tells', async () => {
    await begun();
    await place.ask('a', 'imported', 'import');
    await place.ask('a', 'by the office', 'office');
    place.start();
    await place.untilDone('by the office');
    expect(place.tried).toEqual(['by the office']);
  });

  it('reacts to what an import tells where it says so', async () => {
    await begun();
    await place.ask('a', 'imported', 'import');
    place.start({ reactor: { ...servant, ofImports: ['Asked'] } });
    await place.untilDone('imported');
  });

  it('goes on after a restart with what was recorded meanwhile', async () => {
    await begun();
    await place.ask('a', '1');
    const first = place.start();
    await place.untilDone('1');
    await first.stop();
    for (let number = 2; number <= 30; number++) await place.ask(`stream-${number}`, String(number));
    place.start();
    await until('all to be done', async () => (await place.done()).length === 30);
    expect(place.tried).toHaveLength(30);
    expect(new Set(await place.done()).size).toBe(30);
  });

  it('that died between a command and its checkpoint gives it again, which changes nothing', async () => {
    await begun();
    const dying = place.openStore();
    dying.save = (name, lease, state) =>
      place.tried.length > 0 ? Promise.reject(new Error('killed')) : SqliteActingStore.prototype.save.call(dying, name, lease, state);
    await place.ask('a', '1');
    const first = place.start({ store: dying });
    await first.untilState('failing');
    await first.stop();
    expect(await place.done()).toEqual(['1']);
    place.start();
    await until('it to be given again', () => place.tried.length === 2);
    await place.ask('a', '2');
    await place.untilDone('1', '2');
  });

  it('is at work in one of two processes, and in the other when that has ended', async () => {
    await begun();
    const one = place.start();
    await one.untilState('at-work');
    const other = place.start();
    await other.untilState('waiting');
    await place.ask('a', '1');
    await place.untilDone('1');
    await one.stop();
    await other.rounds.pass();
    await place.ask('a', '2');
    await place.untilDone('1', '2');
    expect(place.tried).toEqual(['1', '2']);
  });

  it('is taken over from a process that is silent, which can save nothing then', async () => {
    await begun();
    const store = place.openStore();
    const silent = await store.lease(actingName(servant), 'silent');
    let now = 0;
    const other = place.start({ store: place.openStore(() => now) });
    await other.untilState('waiting');
    now = LEASE_PATIENCE;
    await other.rounds.pass();
    await other.untilState('at-work');
    await expect(store.save(actingName(servant), silent ?? { fence: 0 }, { position: '', held: [] })).rejects.toThrow('was taken over');
  });
});

describe('A fault', () => {
  beforeEach(() => begun());

  it('holds back its stream alone, which goes on later in its order', async () => {
    place.fault = (what) => (what === 'a1' ? away : undefined);
    for (const what of ['a1', 'b1', 'a2', 'b2']) await place.ask(what.charAt(0), what);
    const { untilHeld, rounds } = place.start();
    await place.untilDone('b1', 'b2');
    await untilHeld(1);
    await place.ask('a', 'a3');
    await place.ask('b', 'b3');
    await place.untilDone('b1', 'b2', 'b3');
    expect(place.tried).not.toContain('a2');
    place.fault = () => undefined;
    await rounds.pass();
    await place.untilDone('b1', 'b2', 'b3', 'a1', 'a2', 'a3');
    await untilHeld(0);
    await place.ask('a', 'a4');
    await place.untilDone('b1', 'b2', 'b3', 'a1', 'a2', 'a3', 'a4');
    expect(place.tried.filter((what) => what === 'a2')).toHaveLength(1);
  });

  it('is tried again later each time', async () => {
    place.fault = () => away;
    await place.ask('a', '1');
    const { untilHeld, rounds } = place.start();
    await untilHeld(1);
    const rest: number[] = [];
    for (let round = 1; round <= 16; round++) {
      const before = place.tried.length;
      await rounds.pass();
      if (place.tried.length > before) rest.push(round);
    }
    expect(rest).toEqual([1, 3, 7, 15]);
  });

  it('holds back after a restart as well, from the event on that it was about', async () => {
    place.fault = (what) => (what === 'a2' ? away : undefined);
    for (const what of ['a1', 'a2', 'a3', 'b1']) await place.ask(what.charAt(0), what);
    const first = place.start();
    await first.untilHeld(1);
    await until('it to be saved', async () => JSON.stringify(await place.saved()).includes('"stream":"a"'));
    await first.stop();
    await place.ask('a', 'a4');
    const tried = place.tried.length;
    const second = place.start();
    await second.untilHeld(1);
    expect(place.tried.slice(tried)).toEqual([]);
    place.fault = () => undefined;
    await second.rounds.pass();
    await until('all to be done', async () => (await place.done()).length === 5);
    expect((await place.done()).filter((what) => what.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(place.tried.slice(tried)).toEqual(['a2', 'a3', 'a4']);
  });

  it('holds back also what is recorded while its event is tried again', async () => {
    place.fault = (what) => (what === 'a1' ? away : undefined);
    await place.ask('a', 'a1');
    const { untilHeld, rounds } = place.start();
    await untilHeld(1);
    place.fault = () => undefined;
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    place.before = (what) => (what === 'a1' ? promise : undefined);
    const passed = rounds.pass();
    await until('it to be tried again', () => place.tried.length === 2);
    await place.ask('a', 'a2');
    await place.untilTaken();
    expect(place.tried).toEqual(['a1', 'a1']);
    letGo();
    await passed;
    await place.untilDone('a1', 'a2');
  });

  it('of very many streams keeps what is new waiting in the log', async () => {
    place.fault = () => away;
    for (const stream of ['a', 'b', 'c']) await place.ask(stream, stream);
    const { untilHeld, rounds } = place.start({ mostHeld: 3 });
    await untilHeld(3);
    await place.ask('d', 'd');
    await rounds.pass();
    expect(place.tried).not.toContain('d');
    place.fault = () => undefined;
    await until('all to be done', async () => {
      await rounds.pass();
      return (await place.done()).length === 4;
    });
  });

  it('of the store where it keeps how far it is ends its turn, and another is taken later', async () => {
    const store = place.openStore();
    let times = 0;
    store.load = (name) => (++times === 2 ? Promise.reject(away) : SqliteActingStore.prototype.load.call(store, name));
    await place.ask('a', '1');
    const { untilState, rounds } = place.start({ store });
    await untilState('failing');
    await rounds.pass();
    await place.untilDone('1');
    expect(lines.join('')).toContain('cannot work now');
  });

  it('is an event in a shape of a newer release: its stream waits for the release that can read it', async () => {
    const newer = place.openLog('events', { Asked: [(data: object) => data], Passed: [], Done: [] });
    await place.record('a', 'Asked', 'a1', { to: newer });
    await place.ask('b', 'b1');
    const { untilHeld, rounds, stop } = place.start();
    await place.untilDone('b1');
    await untilHeld(1);
    await rounds.pass();
    expect(place.tried).toEqual(['b1']);
    await stop();
    place.events = newer;
    const next = place.start();
    await next.rounds.pass();
    await place.untilDone('b1', 'a1');
  });
});

describe('What is held', () => {
  it('is saved up to the checkpoint: what is beyond it is gone through again', () => {
    const held = new HeldStreams([{ stream: 'a', revision: 1, position: '2' }]);
    held.hold({ stream: 'b', revision: 4, position: '5' });
    expect(held.upTo('4')).toEqual([{ stream: 'a', revision: 1, position: '2' }]);
    expect(held.upTo('5')).toHaveLength(2);
  });
});

describe('A refusal', () => {
  beforeEach(() => begun());

  it('is handed on, and its stream goes on', async () => {
    place.fault = (what) => (what === 'no' ? new Refusal('servant.tired') : undefined);
    await place.ask('a', 'no');
    await place.ask('a', 'yes');
    place.start();
    await place.untilDone('yes');
    const [asked] = (await place.events.streams(['a']))[0] ?? [];
    expect(place.refused).toEqual([
      { reactor: 'servant', code: 'servant.tired', event: asked, given: { id: namedId(`${asked?.id} servant refused`), at: '2026-11-22T08:00:00.000Z' } },
    ]);
  });

  it('that cannot be handed on now is tried again', async () => {
    place.fault = () => new Refusal('servant.tired');
    place.officeFault = away;
    await place.ask('a', 'no');
    const { untilHeld, rounds } = place.start();
    await untilHeld(1);
    place.officeFault = undefined;
    await rounds.pass();
    await untilHeld(0);
    expect(place.refused).toHaveLength(1);
  });
});

describe('After a restore', () => {
  it('of an older log a reactor goes through it from its start, and what was done is not done twice', async () => {
    await begun();
    for (const what of ['1', '2']) await place.ask('a', what);
    const first = place.start();
    await place.untilDone('1', '2');
    await first.stop();
    const restored = place.openLog('restored');
    for (const event of (await place.events.read('', 100)).events) await copy(event);
    place.events = restored;
    await place.ask('a', '3');
    await place.ask('b', '4');
    place.start();
    await until('all to be done', async () => (await place.done()).length === 3);
    expect(new Set(await place.done())).toEqual(new Set(['1', '3', '4']));
    expect(lines.join('')).toContain('has seen another log');

    /** All but what was done second, and what asked for it. */
    async function copy(event: Awaited<ReturnType<typeof restored.read>>['events'][number]) {
      if ((event.data as { what: string }).what === '2') return;
      const { id, type, data, metadata, stream, revision } = event;
      await restored.append([
        { stream: { name: stream, subject: 'zhang' }, expected: revision === 0 ? 'no_stream' : revision - 1, events: [{ id, type, data, metadata }] },
      ]);
    }
  });

  it('without what it had saved it goes through the log from its start, where it shows that it was at work', async () => {
    await begun();
    await place.ask('a', '1');
    const first = place.start();
    await place.untilDone('1');
    await first.stop();
    await place.ask('a', '2');
    place.start({ store: place.openStore(undefined, 'empty') });
    await place.untilDone('1', '2');
    expect(place.tried).toEqual(['1', '1', '2']);
  });
});
