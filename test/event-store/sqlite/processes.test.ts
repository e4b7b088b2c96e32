import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Written } from '../../../src/event-store/append.js';
import { numbersOf, readAll, subscribed, testEvent } from '../test-events.js';
import { type OpenedSqliteLog, openSqliteLog } from './sqlite-log.js';

const script = fileURLToPath(new URL('./appender.mjs', import.meta.url));

/** The appender's report on a batch, or on its end. */
interface Said {
  readonly ids: readonly string[];
  readonly last: string;
  readonly won: boolean;
  readonly error?: string;
}

/** Runs the appender and returns its lines when it has exited. `heard` is called with each line. */
async function appender(
  file: string,
  name: string,
  batches: number,
  heard?: (said: readonly Said[], child: ChildProcess) => void,
  wrap: readonly string[] = [],
) {
  const [command = '', ...rest] = [...wrap, process.execPath, script, file, name, String(batches)];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const said: Said[] = [];
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    said.push(JSON.parse(line) as Said);
    heard?.(said, child);
  }
  await ended;
  return said;
}

describe('A log that several processes share', () => {
  let log: OpenedSqliteLog;
  beforeEach(async () => {
    log = await openSqliteLog();
  });
  afterEach(() => log.close());

  it('A log that several processes share is created by the first of several processes that start at once', async () => {
    const fresh = `${log.file}.fresh`;
    const said = await Promise.all(['one', 'other', 'third'].map((name) => appender(fresh, name, 10)));
    expect(said.flat().filter(({ error }) => error)).toEqual([]);
    expect(said.map(({ length }) => length)).toEqual([10, 10, 10]);
  });

  it('A log that several processes share keeps every event of two writers, which a third process follows live', async () => {
    const subscription = subscribed(log.store);
    const said = await Promise.all(['one', 'other'].map((name) => appender(log.file, name, 60)));
    const won = said.flat().filter((batch) => batch.won).length;
    await subscription.until(2 * 60 * 20 + won);
    await subscription.stop();
    const all = await readAll(log.store);
    expect(subscription.events).toEqual(all);
    expect(all).toHaveLength(2 * 60 * 20 + won);
    const [one = [], other = [], shared = []] = await log.store.streams(['one', 'other', 'shared']);
    const everyNumber = Array.from({ length: 1_200 }, (_, n) => n);
    expect([numbersOf(one), numbersOf(other)]).toEqual([everyNumber, everyNumber]);
    expect(shared.map(({ revision }) => revision)).toEqual(Array.from({ length: won }, (_, n) => n));
  });

  it('A log that several processes share loses nothing acknowledged when a writer is killed, and reuses no position', async () => {
    const answered = new Map<string, string>();
    for (const round of [1, 2, 3, 4, 5]) {
      const said = await appender(log.file, `round-${round}`, Number.POSITIVE_INFINITY, (lines, child) => {
        if (lines.length === round * 7) child.kill('SIGKILL');
      });
      expect(said.length).toBeGreaterThanOrEqual(round * 7);
      for (const { ids, last } of said) answered.set(ids.at(-1) as string, last);
      const [written] = (await log.store.append([{ stream: { name: `after-${round}` }, expected: 'no_stream', events: [testEvent(round)] }])) as Written[];
      const [[mine] = []] = await log.store.streams([`after-${round}`]);
      answered.set(mine?.id as string, written?.position as string);
      const events = await readAll(log.store);
      const positions = new Map(events.map(({ id, position }) => [id, position]));
      for (const [id, position] of answered) expect(positions.get(id)).toBe(position);
      expect(events.map(({ position }) => Number(position))).toEqual(events.map((_, at) => at + 1));
      expect(events.filter(({ stream }) => stream === `round-${round}`).length % 20).toBe(0);
    }
  });

  it('A log that several processes share is unavailable when the disk is full, and keeps what was acknowledged', async () => {
    const full = ['sh', '-c', 'ulimit -f 1000 && exec "$@"', 'sh'];
    const said = await appender(log.file, 'one', Number.POSITIVE_INFINITY, undefined, full);
    expect(said.at(-1)?.error).toBe('StoreUnavailable');
    const ids = said.slice(0, -1).flatMap((batch) => batch.ids);
    expect(ids.length).toBeGreaterThan(0);
    const [events = []] = await log.store.streams(['one']);
    expect(events.map(({ id }) => id)).toEqual(ids);
    expect(await log.store.append([{ stream: { name: 'one' }, expected: ids.length - 1, events: [testEvent(1)] }])).toMatchObject([{ revision: ids.length }]);
  });
});
