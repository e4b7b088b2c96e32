import {
  ANY,
  type AppendExpectedRevision,
  type AppendResult,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  NO_STREAM,
  type Position,
  START,
  STREAM_EXISTS,
  streamNameFilter,
} from '@eventstore/db-client';
import { idsOf, type Steps } from './steps.js';

interface Read {
  readonly event?: { readonly revision: bigint; readonly type: string; readonly data: unknown; readonly metadata: unknown };
}

/** The recorded steps through the package's client. */
export function bareSteps(client: EventStoreDBClient, run: string): Steps {
  const stream = `${run}-a`;
  const id = idsOf(run);
  const event = (of: string, n: number) => jsonEvent({ id: id(of), type: 'Tested', data: { n }, metadata: { $correlationId: 'c1' } });
  const append = (to: string, expectedRevision: AppendExpectedRevision, ...events: ReturnType<typeof event>[]) =>
    client.appendToStream(to, events, { expectedRevision }).then(asAnswer);
  const large = (size: number) => jsonEvent({ type: 'Big', data: { text: 'x'.repeat(size) } });
  const rows = async (read: AsyncIterable<Read>) => {
    const found: unknown[] = [];
    for await (const { event: of } of read) found.push({ revision: `${of?.revision}n`, type: of?.type, data: of?.data, metadata: of?.metadata });
    return found;
  };
  const positions = async () => {
    const found: Position[] = [];
    for await (const { event: read } of client.readStream(stream)) if (read?.position) found.push(read.position);
    return found;
  };
  const firstOf = async (subscription: ReturnType<typeof client.subscribeToAll>, many: number) => {
    const found: unknown[] = [];
    for await (const { event: read } of subscription) {
      found.push({ stream: read?.streamId, revision: Number(read?.revision), type: read?.type });
      if (found.length === many) break;
    }
    await subscription.unsubscribe();
    return found;
  };

  return {
    'append-first': () => append(stream, NO_STREAM, event('e1', 1)),
    'append-same-again': () => append(stream, NO_STREAM, event('e1', 1)),
    'append-same-id-other-data': () => append(stream, NO_STREAM, event('e1', 99)),
    'append-no_stream-on-existing': () => append(stream, NO_STREAM, event('fresh 1', 9)),
    'append-next': () => append(stream, 0n, event('e2', 2), event('e3', 3)),
    'append-next-again': () => append(stream, 0n, event('e2', 2), event('e3', 3)),
    'append-half-old': () => append(stream, 1n, event('e3', 3), event('fresh 2', 9)),
    'append-wrong-revision': () => append(stream, 0n, event('fresh 3', 9)),
    'append-ahead': () => append(stream, 9n, event('fresh 4', 9)),
    'append-number-on-missing': () => append(`${run}-missing`, 0n, event('fresh 5', 9)),
    'append-stream_exists-on-missing': () => append(`${run}-missing`, STREAM_EXISTS, event('fresh 6', 9)),
    'append-old-id-at-true-next': () => append(stream, 2n, event('e1', 1)),
    'append-any-old-id': () => append(stream, ANY, event('e2', 2)),
    'append-empty': () => append(`${run}-empty`, ANY),
    'append-900kB': () => client.appendToStream(`${run}-big`, large(900_000), { expectedRevision: NO_STREAM }).then(asAnswer),
    'append-over-1MiB': () => client.appendToStream(`${run}-bigger`, large(1_200_000), { expectedRevision: NO_STREAM }).then(asAnswer),
    'read-stream': () => rows(client.readStream(stream)),
    'read-from-1': () => rows(client.readStream(stream, { fromRevision: 1n })),
    'read-backwards-1': () => rows(client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 })),
    'read-missing': () => rows(client.readStream(`${run}-none`)),
    'read-past-end': () => rows(client.readStream(stream, { fromRevision: 50n })),
    positions: async () => {
      const found = await positions();
      return {
        each_its_own: new Set(found.map(({ commit }) => commit)).size === found.length,
        growing: found.every(({ commit }, at) => at === 0 || commit > (found[at - 1]?.commit ?? 0n)),
        commit_equals_prepare: found.every(({ commit, prepare }) => commit === prepare),
      };
    },
    'readAll-inclusive': async () => {
      const second = (await positions())[1] as Position;
      const found: unknown[] = [];
      for await (const { event: read } of client.readAll({ fromPosition: second, maxCount: 1 })) found.push(read?.position?.commit);
      return found[0] === second.commit ? 'the event at that position' : 'another';
    },
    'subscribe-exclusive': async () =>
      firstOf(client.subscribeToAll({ fromPosition: (await positions())[1] as Position, filter: streamNameFilter({ prefixes: [run] }) }), 2),
    'subscribe-type-filter': () => firstOf(client.subscribeToAll({ fromPosition: START, filter: eventTypeFilter({ prefixes: ['Big'] }) }), 1),
    'delete-then-append': async () => {
      await append(`${run}-deleted`, NO_STREAM, event('d1', 1));
      await client.deleteStream(`${run}-deleted`);
      return append(`${run}-deleted`, NO_STREAM, event('d2', 2));
    },
    'tombstone-then-append': async () => {
      await append(`${run}-tombstoned`, NO_STREAM, event('t1', 1));
      await client.tombstoneStream(`${run}-tombstoned`);
      return append(`${run}-tombstoned`, ANY, event('t2', 2));
    },
    'odd-stream-name': async () => {
      await append(`${run}-中文 with space/slash`, NO_STREAM, event('o1', 1));
      return (await rows(client.readStream(`${run}-中文 with space/slash`))).length;
    },
    'concurrent-20': async () => {
      const attempts = Array.from({ length: 20 }, (_, n) => append(`${run}-race`, NO_STREAM, event(`race ${n}`, n)));
      const outcomes = await Promise.allSettled(attempts);
      const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.type] : []));
      return { won: outcomes.length - lost.length, lost: [...new Set(lost)] };
    },
  };
}

function asAnswer({ success, nextExpectedRevision, position }: AppendResult): unknown {
  return { success, nextExpectedRevision: `${nextExpectedRevision}n`, position: position && '<position>' };
}
