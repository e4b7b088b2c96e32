import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deterministicId } from '../../src/event-store/deterministic-id.js';
import { checkpointName, initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { LEASE_TIMEOUT } from '../../src/read-models/read-models.js';
import { logLines } from '../log-lines.js';
import { until } from '../until.js';
import { ReactorFixture, servant } from './reactor-fixture.js';

const lines = logLines();

let place: ReactorFixture;
beforeEach(() => {
  lines.length = 0;
  place = new ReactorFixture();
});
afterEach(() => place.drop());

const begun = () => initializeReactors(place.events, place.openStore(), [servant]);

describe('A reactor', () => {
  it('A reactor executes the command for an event, with an id derived from both and the event as its cause', async () => {
    await begun();
    await place.ask('a', '1');
    place.start();
    await place.untilDone('1');
    const [[asked], [doing]] = [(await place.events.streams(['a']))[0] ?? [], await place.doings()];
    expect(doing?.metadata).toEqual({
      command: deterministicId(`${asked?.id} servant`),
      correlation: 'of 1',
      by: 'servant',
      origin: 'reaction',
      onBehalfOf: 'zhang',
    });
  });

  it('A reactor begins at the end of the log when it is started for the first time', async () => {
    await place.ask('a', 'long ago');
    const { untilState } = place.start();
    await untilState('at-work');
    await until('it to have begun', () => place.saved());
    await place.ask('a', 'now');
    await place.untilDone('now');
  });

  it('A reactor begins where the log ended when its checkpoint was initialised, however much later it starts', async () => {
    await place.ask('a', 'long ago');
    await begun();
    await place.ask('a', 'before its start');
    await begun();
    place.start();
    await place.untilDone('before its start');
  });

  it('A reactor skips events of an import', async () => {
    await begun();
    await place.ask('a', 'imported', 'import');
    await place.ask('a', 'by the office', 'office');
    place.start();
    await place.untilDone('by the office');
    expect(place.tried).toEqual(['by the office']);
  });

  it('A reactor reacts to events of an import when it names their type', async () => {
    await begun();
    await place.ask('a', 'imported', 'import');
    place.start({ reactor: { ...servant, importedEvents: ['Asked'] } });
    await place.untilDone('imported');
  });

  it('A reactor continues after a restart with events recorded meanwhile', async () => {
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

  it('A reactor that crashed between a command and its checkpoint repeats the command, which records nothing', async () => {
    await begun();
    const dying = place.openStore();
    dying.save = (name, lease, state) =>
      place.tried.length > 0 ? Promise.reject(new Error('killed')) : SqliteReactionStore.prototype.save.call(dying, name, lease, state);
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

  it('A reactor runs in one of two processes, and in the other when the first has ended', async () => {
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

  it('A reactor is taken over from a silent process, which can then save nothing', async () => {
    await begun();
    const store = place.openStore();
    const silent = await store.lease(checkpointName(servant), 'silent');
    let now = 0;
    const other = place.start({ store: place.openStore(() => now) });
    await other.untilState('waiting');
    now = LEASE_TIMEOUT;
    await other.rounds.pass();
    await other.untilState('at-work');
    await expect(store.save(checkpointName(servant), silent ?? { fence: 0 }, { position: '', held: [] })).rejects.toThrow('was taken over');
  });
});

describe('After a restore', () => {
  it('After a restore of an older log a reactor reads it from the start, and records nothing twice', async () => {
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

  it('After a restore without its checkpoint a reactor that has acted before reads the log from the start', async () => {
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
