import { log } from '../../kernel/log.js';
import type { Recorded } from '../event.js';
import type { EventTypes } from '../event-types.js';
import type { Connection } from './connection.js';
import { drain } from './flow.js';
import { decoder, placeOfSent } from './recorded.js';
import { backwardsRequest, onTheServer, subscriptionRequest } from './requests.js';
import { Scope } from './scope.js';

/** Milliseconds that the whole server may be looked through. */
const LOOK = 30_000;
/** Streams of all programs. */
const ALL = new Scope();

/**
 * Events of a type in streams that are not within a scope, by the names that the server has for these. What cannot be looked
 * through in half a minute is left out, and the log says so.
 */
export function elsewhere(connection: Connection, scope: Scope, types: EventTypes, type: string): Promise<readonly Recorded[]> {
  const decode = decoder(types, ALL);
  return connection.call(async (node) => {
    let end = -1n;
    await drain(node.read(backwardsRequest('end', 1)), connection.silence, (message) => {
      const newest = message.getEvent()?.getEvent();
      if (newest) end = placeOfSent(newest).commit;
      return true;
    });
    const found: Recorded[] = [];
    const until = performance.now() + LOOK;
    let isOver = false;
    await drain(node.read(subscriptionRequest('start', onTheServer(ALL, { types: [type] }))), connection.silence, (message) => {
      const sent = message.getEvent()?.getEvent();
      const event = sent && decode(sent);
      if (event?.type === type && !scope.has(event.stream)) found.push(event);
      const checkpoint = message.getCheckpoint();
      const place = sent ? placeOfSent(sent).commit : BigInt(checkpoint?.getCommitPosition() ?? -1);
      isOver = message.hasCaughtUp() || place >= end;
      return !isOver && performance.now() < until;
    });
    if (!isOver) log.warn({ type, ms: LOOK }, 'the server holds too much to look through for events of a type: there may be others');
    return found;
  });
}
