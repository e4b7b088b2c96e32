import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Appended, StoreUnavailable } from '../event-store/append.js';
import type { EventStore } from '../event-store/event-store.js';
import { knownProjections } from '../known-projections.js';
import { waitFor } from '../read-models/own-write.js';
import type { ReadModels } from '../read-models/read-models.js';

/** How long a page waits for what its reader has just done, in milliseconds. */
const PATIENCE = 1_000;
const POSITION = /^[\w-]{1,64}$/;

/** After a command: the reader's next page waits until it shows it. */
export function remember(reply: FastifyReply, { position }: Appended): void {
  reply.setCookie('seen', position, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60 });
}

/** Beyond the end of the log nothing was ever recorded: it is not from us, or from before a restored backup. */
async function mayBeOurs(seen: string, events: EventStore): Promise<boolean> {
  if (!POSITION.test(seen)) return false;
  try {
    return seen <= (await events.head());
  } catch (error) {
    if (error instanceof StoreUnavailable) return true; // pages go on without the log
    throw error;
  }
}

/**
 * Before a page: waits for what its reader has done, and forgets it once it is there.
 * Answers false when it is still to come: the page then says 处理中 and asks again.
 */
export async function seesOwnWrites(request: FastifyRequest, reply: FastifyReply, readModels: ReadModels, events: EventStore): Promise<boolean> {
  const seen = request.cookies.seen;
  if (!seen) return true;
  const isSeen = POSITION.test(seen) && (await readModels.position(knownProjections)) >= seen;
  const there = isSeen || !(await mayBeOurs(seen, events)) || (await waitFor(readModels, knownProjections, seen, PATIENCE));
  if (there) reply.clearCookie('seen', { path: '/' });
  return there;
}
