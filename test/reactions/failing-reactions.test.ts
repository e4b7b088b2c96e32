import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deterministicId } from '../../src/event-store/deterministic-id.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { logLines } from '../log-lines.js';
import { until } from '../until.js';
import { away, ReactorFixture, servant } from './reactor-fixture.js';

const lines = logLines();

let place: ReactorFixture;
beforeEach(async () => {
  lines.length = 0;
  place = new ReactorFixture();
  await initializeReactors(place.events, place.openStore(), [servant]);
});
afterEach(() => place.drop());

describe('A failure', () => {
  it('A failure holds back only its stream, which continues later in order', async () => {
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

  it('A failure is retried with growing delays', async () => {
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

  it('A failure still holds its stream back after a restart, from the same event on', async () => {
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

  it('A failure holds back events that are recorded while its event is retried', async () => {
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

  it('A failure of very many streams keeps new events waiting in the log', async () => {
    place.fault = () => away;
    for (const stream of ['a', 'b', 'c']) await place.ask(stream, stream);
    const { untilHeld, rounds } = place.start({ maxHeld: 3 });
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

  it('A failure of the checkpoint’s store ends the work, which is resumed later', async () => {
    const store = place.openStore();
    let times = 0;
    store.load = (name) => (++times === 2 ? Promise.reject(away) : SqliteReactionStore.prototype.load.call(store, name));
    await place.ask('a', '1');
    const { untilState, rounds } = place.start({ store });
    await untilState('failing');
    await rounds.pass();
    await place.untilDone('1');
    expect(lines.join('')).toContain('cannot work now');
  });

  it('A failure by an event of a newer release holds its stream until that release reads it', async () => {
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

describe('A refusal', () => {
  it('A refusal is reported, and its stream continues', async () => {
    place.fault = (what) => (what === 'no' ? new Refusal('servant.tired', 'tired') : undefined);
    await place.ask('a', 'no');
    await place.ask('a', 'yes');
    place.start();
    await place.untilDone('yes');
    const [asked] = (await place.events.streams(['a']))[0] ?? [];
    expect(place.refused).toEqual([
      {
        reactor: 'servant',
        code: 'servant.tired',
        event: asked,
        given: { id: deterministicId(`${asked?.id} servant refused`), at: '2026-11-22T08:00:00.000Z' },
      },
    ]);
  });

  it('A refusal that cannot be reported now is retried', async () => {
    place.fault = () => new Refusal('servant.tired', 'tired');
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
