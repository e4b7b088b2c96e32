import { setTimeout as pause } from 'node:timers/promises';
import { NoPlace } from './faults.js';
import { drain } from './flow.js';
import type { Node } from './node.js';
import type { ReadReq } from './protocol.js';
import type { Sent } from './recorded.js';
import { backwardsRequest, forwardsRequest, type Place } from './requests.js';

/** So often a server must say that it knows no event at a place. */
const TIMES = 3;
/** Milliseconds in between. */
const BETWEEN = 100;

/**
 * The event that stands at a place of a node's log, or after it; undefined when the server knows none there. A fault of the server's
 * own is called the same: so it must say so again and again, and be able to read its end meanwhile.
 * @param ms how long the server may keep silent
 * @throws NoPlace when it cannot read its end either, or what a read throws
 */
export async function sentAt(node: Node, place: Place | 'start', ms: number): Promise<Sent | undefined> {
  for (let times = 1; ; times++) {
    try {
      return await lastSent(node, forwardsRequest(place, 1), ms);
    } catch (error) {
      if (!(error instanceof NoPlace)) throw error;
      await lastSent(node, backwardsRequest('end', 1), ms);
      if (times === TIMES) return undefined;
      await pause(BETWEEN);
    }
  }
}

/** The last event that a read of a node gives; undefined when it gives none. */
export async function lastSent(node: Node, request: ReadReq, ms: number): Promise<Sent | undefined> {
  let last: Sent | undefined;
  await drain(node.read(request), ms, (message) => {
    last = message.getEvent()?.getEvent() ?? last;
    return true;
  });
  return last;
}
