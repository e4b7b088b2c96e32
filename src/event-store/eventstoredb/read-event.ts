import { setTimeout as pause } from 'node:timers/promises';
import type { Node } from './connection/node.js';
import { PositionNotFound } from './errors.js';
import type { ServerEvent } from './event-codec.js';
import { forEachMessage } from './message-buffer.js';
import type { ReadReq } from './protocol.js';
import { backwardsRequest, forwardsRequest, type ServerPosition } from './requests.js';

/** So often a server must say that it knows no event at a place. */
const MAX_ATTEMPTS = 3;
/** Milliseconds in between. */
const RETRY_DELAY = 100;

/**
 * The event that stands at a place of a node's log, or after it; undefined when the server knows none there. A fault of the server's
 * own is called the same: so it must say so again and again, and be able to read its end meanwhile.
 * @param ms how long the server may keep silent
 * @throws NoPlace when it cannot read its end either, or what a read throws
 */
export async function eventAt(node: Node, place: ServerPosition | 'start', ms: number): Promise<ServerEvent | undefined> {
  for (let times = 1; ; times++) {
    try {
      return await lastEventOf(node, forwardsRequest(place, 1), ms);
    } catch (error) {
      if (!(error instanceof PositionNotFound)) throw error;
      await lastEventOf(node, backwardsRequest('end', 1), ms);
      if (times === MAX_ATTEMPTS) return undefined;
      await pause(RETRY_DELAY);
    }
  }
}

/** The last event that a read of a node gives; undefined when it gives none. */
export async function lastEventOf(node: Node, request: ReadReq, ms: number): Promise<ServerEvent | undefined> {
  let last: ServerEvent | undefined;
  await forEachMessage(node.read(request), ms, (message) => {
    last = message.getEvent()?.getEvent() ?? last;
    return true;
  });
  return last;
}
