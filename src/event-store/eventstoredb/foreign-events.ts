import { log } from '../../kernel/log.js';
import type { Recorded } from '../event.js';
import type { EventTypes } from '../event-types.js';
import type { Connection } from './connection/connection.js';
import { eventDecoder, serverPositionOf } from './event-codec.js';
import { forEachMessage } from './message-buffer.js';
import { backwardsRequest, serverFilter, subscriptionRequest } from './requests.js';
import { Scope } from './scope.js';

/** Milliseconds that scanning the whole server may take. */
const SCAN_TIMEOUT = 30_000;
/** The scope of all programs. */
const ALL_STREAMS = new Scope();

/** Events of a type in streams outside a scope, with the server's stream names. Scanning stops after half a minute, which is logged. */
export function foreignEvents(connection: Connection, scope: Scope, types: EventTypes, type: string): Promise<readonly Recorded[]> {
  const decode = eventDecoder(types, ALL_STREAMS);
  return connection.call(async (node) => {
    let end = -1n;
    await forEachMessage(node.read(backwardsRequest('end', 1)), connection.inactivity, (message) => {
      const newest = message.getEvent()?.getEvent();
      if (newest) end = serverPositionOf(newest).commit;
      return true;
    });
    const found: Recorded[] = [];
    const until = performance.now() + SCAN_TIMEOUT;
    let isOver = false;
    await forEachMessage(node.read(subscriptionRequest('start', serverFilter(ALL_STREAMS, { types: [type] }))), connection.inactivity, (message) => {
      const sent = message.getEvent()?.getEvent();
      const event = sent && decode(sent);
      if (event?.type === type && !scope.has(event.stream)) found.push(event);
      const checkpoint = message.getCheckpoint();
      const place = sent ? serverPositionOf(sent).commit : BigInt(checkpoint?.getCommitPosition() ?? -1);
      isOver = message.hasCaughtUp() || place >= end;
      return !isOver && performance.now() < until;
    });
    if (!isOver) log.warn({ type, ms: SCAN_TIMEOUT }, 'the server holds too much to look through for events of a type: there may be others');
    return found;
  });
}
