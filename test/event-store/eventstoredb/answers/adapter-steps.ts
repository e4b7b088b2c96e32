import type { EventStoreDBClient } from '@eventstore/db-client';
import { ANY, jsonEvent } from '@eventstore/db-client';
import { type Revision, RevisionConflict, type Written } from '../../../../src/event-store/append.js';
import { type Recorded, START } from '../../../../src/event-store/event.js';
import type { EventStore, Filter } from '../../../../src/event-store/event-store.js';
import { event, subscribed } from '../../test-events.js';
import { idsOf, type RecordedStep, type Steps } from './steps.js';

/**
 * The recorded steps through the port. What the port does not support (any revision, deleting) is done by the package's client, and the
 * result is read through the port.
 */
export function adapterSteps(store: EventStore, client: EventStoreDBClient, run: string): Steps {
  const stream = `${run}-a`;
  const id = idsOf(run);
  const tested = (of: string, n: number) => event('Tested', { n }, id(of));
  const append = async (name: string, expected: Revision, ...events: ReturnType<typeof event>[]) =>
    said((await store.append([{ stream: { name }, expected, events }]))[0]);
  const large = (size: number) => event('Big', { text: 'x'.repeat(size) });
  const events = async (name = stream) => (await store.streams([name]))[0] ?? [];
  const second = async () => (await events())[1] as Recorded;
  const follow = async (after: string, filter: Filter, many: number) => {
    const subscription = subscribed(store, after, filter);
    await subscription.until(many);
    await subscription.stop();
    return subscription.events.slice(0, many).map(({ stream: name, revision, type }) => ({ stream: name, revision, type }));
  };

  return {
    'append-first': () => append(stream, 'no_stream', tested('e1', 1)),
    'append-same-again': () => append(stream, 'no_stream', tested('e1', 1)),
    'append-same-id-other-data': () => append(stream, 'no_stream', tested('e1', 99)),
    'append-no_stream-on-existing': () => append(stream, 'no_stream', tested('fresh 1', 9)),
    'append-next': () => append(stream, 0, tested('e2', 2), tested('e3', 3)),
    'append-next-again': () => append(stream, 0, tested('e2', 2), tested('e3', 3)),
    'append-half-old': () => append(stream, 1, tested('e3', 3), tested('fresh 2', 9)),
    'append-wrong-revision': () => append(stream, 0, tested('fresh 3', 9)),
    'append-ahead': () => append(stream, 9, tested('fresh 4', 9)),
    'append-number-on-missing': () => append(`${run}-missing`, 0, tested('fresh 5', 9)),
    'append-stream_exists-on-missing': () => append(`${run}-missing`, 0), // no events: only the revision is asked about
    'append-old-id-at-true-next': () => append(stream, 2, tested('e1', 1)),
    'append-any-old-id': async () => {
      await client.appendToStream(stream, jsonEvent({ id: id('e2'), type: 'Tested', data: { n: 2 } }), { expectedRevision: ANY });
      return { revision: (await events()).length - 3 }; // it came to nothing: there are four, and the answer was the second
    },
    'append-empty': async () => {
      await client.appendToStream(`${run}-empty`, [], { expectedRevision: ANY });
      return { revision: ((await append(`${run}-empty`, 'no_stream')) as Written).revision + 1 }; // there is no stream: -1
    },
    'append-900kB': () => append(`${run}-big`, 'no_stream', large(900_000)),
    'append-over-1MiB': () => append(`${run}-bigger`, 'no_stream', large(1_200_000)),
    'read-stream': async () => rows(await events()),
    'read-from-1': async () => rows((await store.read((await events())[0]?.position ?? START, 100, { prefix: stream })).events),
    'read-backwards-1': async () => {
      const { revision } = (await append(stream, 3)) as Written;
      return rows((await events()).filter((last) => last.revision === revision));
    },
    'read-missing': async () => rows(await events(`${run}-none`)),
    'read-past-end': async () => rows((await store.read(await store.head(), 100)).events),
    positions: async () => {
      const places = (await events()).map(({ position }) => position);
      return {
        each_its_own: new Set(places).size === places.length,
        growing: places.toSorted().join() === places.join(),
        commit_equals_prepare: places.every((place) => place.slice(0, 20) === place.slice(20)),
      };
    },
    'readAll-inclusive': async () => {
      const wanted = await second();
      return (await store.at(wanted.position))?.id === wanted.id ? 'the event at that position' : 'another';
    },
    'subscribe-exclusive': async () => follow((await second()).position, { prefix: run }, 2),
    'subscribe-type-filter': () => follow(START, { types: ['Big'] }, 1),
    'delete-then-append': async () => {
      await append(`${run}-deleted`, 'no_stream', tested('d1', 1));
      await client.deleteStream(`${run}-deleted`);
      return append(`${run}-deleted`, 'no_stream', tested('d2', 2));
    },
    'tombstone-then-append': async () => {
      await append(`${run}-tombstoned`, 'no_stream', tested('t1', 1));
      await client.tombstoneStream(`${run}-tombstoned`);
      return append(`${run}-tombstoned`, 0, tested('t2', 2));
    },
    'odd-stream-name': async () => {
      await append(`${run}-中文 with space/slash`, 'no_stream', tested('o1', 1));
      return (await events(`${run}-中文 with space/slash`)).length;
    },
    'concurrent-20': async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => append(`${run}-race`, 'no_stream', tested(`race ${n}`, n))));
      const lost = outcomes.filter((outcome) => outcome instanceof RevisionConflict);
      return { won: outcomes.length - lost.length, lost: lost.length > 0 ? ['wrong-expected-version'] : [] };
    },
  };
}

function said(answer: Written | RevisionConflict | undefined): unknown {
  return answer instanceof RevisionConflict ? answer : { revision: answer?.revision, position: answer?.position };
}

function rows(events: readonly Recorded[]): unknown {
  return events.map(({ revision, type, data }) => ({ revision, type, data }));
}

/** Converts the server's answer to the port's result. */
export function inThePort({ name, answer, error }: RecordedStep): unknown {
  if (name === 'delete-then-append') return { fault: 'TruncatedStream' }; // the server goes on with such a stream, the port does not
  if (error?.type === 'wrong-expected-version') {
    const { actualVersion, streamName } = error;
    return { name: 'RevisionConflict', stream: streamName, actual: actualVersion === 'no_stream' ? 'no_stream' : Number.parseInt(actualVersion ?? '', 10) };
  }
  if (error?.type === 'stream-not-found') return [];
  if (error?.type === 'maximum-append-size-exceeded') return { fault: 'EventTooLarge' };
  if (error) return { fault: error.name?.replace(/Error$/, '') };
  if (Array.isArray(answer)) return answer.map(({ metadata: _, revision, ...row }) => ({ ...row, revision: Number.parseInt(revision, 10) }));
  if (typeof answer === 'object' && answer !== null && 'nextExpectedRevision' in answer)
    return { revision: Number.parseInt(String(answer.nextExpectedRevision), 10) };
  return answer;
}
