import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Appended } from '../../src/event-store/append.js';
import { Command } from '../../src/event-store/command.js';
import type { Given } from '../../src/event-store/decider.js';
import { deterministicId } from '../../src/event-store/deterministic-id.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { timer } from '../../src/reactions/timer.js';
import { TimerRunner } from '../../src/reactions/timer-runner.js';
import { projection } from '../../src/read-models/projection.js';
import type { Lease } from '../../src/read-models/read-models.js';
import { SqliteProjectionStore } from '../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../src/read-models/sqlite/read-models.js';
import { SetClock } from '../centre.js';
import { logLines } from '../log-lines.js';
import { until } from '../until.js';
import { ManualTime } from './manual-time.js';

interface Alarm {
  readonly at?: string;
  readonly spoilt?: true;
}

const alarms = projection<Alarm, never>({ name: 'alarms', version: 1, key: () => undefined, empty: {}, indexes: { at: ({ at }) => at }, on: {} });

class Ring extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly key: string,
  ) {
    super();
  }
}

/** The documents for which the timer's function was called. */
const looked: string[] = [];

const bell = timer<Alarm>({
  name: 'bell',
  due: alarms,
  commands(key, { at, spoilt }, now) {
    looked.push(key);
    if (spoilt) throw new Error('spoilt');
    return at !== undefined && at <= now ? [{ name: `ring ${at}`, makeCommand: (given) => new Ring(given, key) }] : [];
  },
});

const noon = '2026-11-22T12:00:00.000Z';
const one = '2026-11-22T13:00:00.000Z';
const away = new StoreUnavailable('nobody is there');
const lines = logLines();

let folder: string;
let projector: SqliteProjectionStore;
let readModels: SqliteReadModels;
let lease: Lease;
let clock: SetClock;
let rung: Ring[];
let position: number;
let fault: (key: string) => Error | undefined;
let running: (() => Promise<void>)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'timing-'));
  const file = join(folder, 'read-models.sqlite');
  projector = new SqliteProjectionStore(file);
  readModels = new SqliteReadModels(file);
  await projector.prepare([alarms]);
  lease = (await projector.lease('projector')) as Lease;
  clock = new SetClock(new Date('2026-11-22T11:59:59.999Z'));
  [rung, position, fault, running] = [[], 0, () => undefined, []];
  lines.length = 0;
});
afterEach(async () => {
  for (const stop of running) await stop();
  await projector.close();
  await readModels.close();
  rmSync(folder, { recursive: true });
});

/** Sets the documents and the position of the read model. */
async function show(documents: Readonly<Record<string, Alarm | null>>, at = ++position): Promise<void> {
  const stored = Object.entries(documents).map(([key, document]) => [key, { position: positionOf(at), document }] as const);
  await projector.write(lease, [{ projection: alarms, documents: new Map(stored), quarantined: [], checkpoint: { position: positionOf(at) } }]);
}

function positionOf(at: number): string {
  return String(at).padStart(8, '0');
}

/** @param recorded the position of the events that a command recorded */
function start(recorded = () => positionOf(position)) {
  const rounds = new ManualTime();
  const stopping = new AbortController();
  const store = new SqliteReactionStore(join(folder, 'read-models.sqlite'));
  const commands = {
    execute: async (command: Ring): Promise<Appended> => {
      rung.push(command);
      const failed = fault(command.key);
      if (failed) throw failed;
      return { position: recorded(), recorded: 1 };
    },
  };
  const timing = new TimerRunner(
    bell,
    { readModels, store, clock, commands },
    {
      holder: `holder-${running.length}`,
      wait: rounds.wait,
      heartbeatInterval: 5,
    },
  );
  const ended = timing.run(stopping.signal);
  running.push(async () => {
    stopping.abort();
    await ended;
    await store.close();
  });
  return rounds;
}

const keys = () => rung.map(({ key }) => key);

describe('A timer', () => {
  it('A timer executes a command when it is due and not before, with an id derived from what is due', async () => {
    await show({ a: { at: noon }, b: { at: one }, c: {} });
    const rounds = start();
    await rounds.pass();
    expect(keys()).toEqual([]);
    clock.time = new Date(noon);
    await rounds.pass();
    expect(rung).toEqual([new Ring({ id: deterministicId(`bell a ring ${noon}`), at: noon }, 'a')]);
    clock.time = new Date(one);
    await show({ a: {} });
    await rounds.pass();
    expect(keys()).toEqual(['a', 'b']);
  });

  it('A timer reads all documents, not only those due by the clock, at first and after the clock is set back', async () => {
    looked.length = 0;
    await show({ a: { at: noon }, b: { at: one } });
    const rounds = start();
    await rounds.pass();
    expect(looked.splice(0)).toEqual(['a', 'b']);
    await rounds.pass();
    expect(looked.splice(0)).toEqual([]);
    clock.time = new Date(clock.time.getTime() - 60_000);
    await rounds.pass();
    expect(looked.splice(0)).toEqual(['a', 'b']);
    await rounds.pass();
    expect(looked).toEqual([]);
  });

  it('A timer repeats no command before the read model shows its result', async () => {
    await show({ a: { at: noon } });
    clock.time = new Date(one);
    const rounds = start(() => positionOf(7));
    await rounds.pass(100);
    await show({ a: { at: noon, spoilt: true } }, 6); // something else that happened before
    await rounds.pass(100);
    await show({ a: null }, 7);
    await rounds.pass(100);
    expect(keys()).toEqual(['a']);
  });

  it('A timer repeats a command with growing delays when it is still due after that', async () => {
    await show({ a: { at: noon } });
    clock.time = new Date(one);
    const rounds = start();
    const given: number[] = [];
    for (let round = 0; round < 16; round++) {
      await rounds.settled();
      given.push(rung.length);
      await rounds.pass();
    }
    expect(given).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5]);
  });

  it('A timer executes the next command that is due for the same document at once', async () => {
    await show({ a: { at: noon } });
    clock.time = new Date(one);
    const rounds = start();
    await rounds.settled();
    await show({ a: { at: one } });
    await rounds.pass();
    expect(rung.map(({ given }) => given.id)).toEqual([deterministicId(`bell a ring ${noon}`), deterministicId(`bell a ring ${one}`)]);
  });

  it('A timer reads what is due page by page', async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (_, at): [string, Alarm] => [`key-${at}`, { at: noon }]));
    await show({ ...many, later: { at: one } });
    clock.time = new Date(noon);
    const rounds = start();
    await rounds.settled();
    expect(rung).toHaveLength(200);
    await rounds.pass();
    expect(rung).toHaveLength(400);
    await rounds.pass();
    expect(new Set(keys())).toEqual(new Set(Object.keys(many)));
    await show(Object.fromEntries(Object.keys(many).map((key) => [key, null])));
    await rounds.pass(2);
    expect(rung).toHaveLength(450);
  });

  it('A timer retries a failed command with growing delays, and executes the others', async () => {
    fault = (key) => (key === 'a' ? away : undefined);
    await show({ a: { at: noon }, b: { at: noon } });
    clock.time = new Date(noon);
    const rounds = start();
    await rounds.settled();
    expect(keys()).toEqual(['a', 'b']);
    await show({ b: null });
    await rounds.pass(15);
    expect(keys()).toEqual(['a', 'b', 'a', 'a', 'a', 'a']);
    fault = () => undefined;
    await rounds.pass(16);
    await show({ a: null });
    await rounds.pass(40);
    expect(keys()).toHaveLength(7);
  });

  it('A timer does not repeat a refused command until its document has changed', async () => {
    fault = () => new Refusal('bell.broken', 'broken');
    await show({ a: { at: noon } });
    clock.time = new Date(one);
    const rounds = start();
    await rounds.pass(100);
    expect(keys()).toEqual(['a']);
    expect(lines.join('')).toContain('bell.broken');
    await show({ a: { at: one } });
    await rounds.pass();
    expect(keys()).toEqual(['a', 'a']);
  });

  it('A timer skips a document for which it cannot compute what is due, and logs it', async () => {
    await show({ a: { at: noon, spoilt: true }, b: { at: noon } });
    clock.time = new Date(noon);
    const rounds = start();
    await rounds.pass(4);
    expect(keys()).toContain('b');
    expect(keys()).not.toContain('a');
    expect(lines.filter((line) => line.includes('cannot be told'))).toHaveLength(3);
  });

  it('A timer runs in one of two processes, and in the other when the first has ended', async () => {
    const first = start();
    await first.settled();
    const second = start();
    await second.settled();
    await show({ a: { at: noon } });
    clock.time = new Date(noon);
    await second.pass(5);
    expect(keys()).toEqual([]);
    await running[0]?.();
    await second.pass();
    await until('it to ring', () => keys().length === 1);
  });

  it('A timer continues after the read models were unavailable', async () => {
    await show({ a: { at: noon } });
    clock.time = new Date(noon);
    const list = readModels.list.bind(readModels);
    readModels.list = () => Promise.reject(away);
    const rounds = start();
    await until('it to fail', () => lines.join('').includes('cannot work now'));
    readModels.list = list;
    await rounds.pass();
    await until('it to ring', () => keys().length === 1);
  });

  it('A timer requires an index of when documents are due', () => {
    const { indexes: _, ...unlisted } = alarms;
    expect(() => timer<Alarm>({ ...bell, due: unlisted })).toThrow('has no index at');
  });
});
