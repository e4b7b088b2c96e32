import { setTimeout as pause } from 'node:timers/promises';
import type { Node } from './connection/node.js';
import { PositionNotFound } from './errors.js';
import type { ServerEvent } from './event-codec.js';
import { forEachMessage } from './message-buffer.js';
import type { ReadReq } from './protocol.js';
import { backwardsRequest, forwardsRequest, type ServerPosition } from './requests.js';

/** How often a server must report that it has no event at a position. */
const MAX_ATTEMPTS = 3;
/** Milliseconds between two attempts. */
const RETRY_DELAY = 100;

/**
 * The event at a position of a node's log or after it; undefined when the server has none. The server reports a fault of its own in the
 * same way, so it must report it repeatedly while it can read its end.
 * @param ms how long the server may send nothing
 * @throws PositionNotFound when it cannot read its end either, or what a read throws
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

/** The last event of a read; undefined when it returns none. */
export async function lastEventOf(node: Node, request: ReadReq, ms: number): Promise<ServerEvent | undefined> {
  let last: ServerEvent | undefined;
  await forEachMessage(node.read(request), ms, (message) => {
    last = message.getEvent()?.getEvent() ?? last;
    return true;
  });
  return last;
}
