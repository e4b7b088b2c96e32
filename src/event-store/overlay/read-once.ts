import type { Position, Recorded } from '../event.js';
import type { ReadableLog } from './event-store.js';

/** A log of which each stream is read once and kept in memory: for work on a few streams, as they were at one position. */
export function readOnce(log: ReadableLog, upTo: Position): ReadableLog {
  const known = new Map<string, readonly Recorded[]>();
  return withStreams(log, async (names) => {
    const unknown = [...new Set(names.filter((name) => !known.has(name)))];
    const histories = unknown.length > 0 ? await log.streams(unknown) : [];
    for (const [at, name] of unknown.entries())
      known.set(
        name,
        (histories[at] ?? []).filter(({ position }) => position <= upTo),
      );
    return names.map((name) => known.get(name) ?? []);
  });
}

/** The log, whose streams are read in another way. */
export function withStreams(log: ReadableLog, streams: ReadableLog['streams']): ReadableLog {
  return {
    readsNeedRoundTrips: log.readsNeedRoundTrips,
    commandsOf: (names) => log.commandsOf(names),
    subject: (id) => log.subject(id),
    read: (after, limit, filter) => log.read(after, limit, filter),
    at: (position) => log.at(position),
    count: (after, end) => log.count(after, end),
    distance: (after, end) => log.distance(after, end),
    streams,
  };
}
