import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Appended } from '../event-store/append.js';
import type { EventStore } from '../event-store/event-store.js';
import { inTime, WaitingTime, waitingWithin } from '../event-store/waiting-time.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import type { Projection } from '../read-models/projection.js';
import type { ReadModels } from '../read-models/read-models.js';
import { waitForPosition } from '../read-models/serving/wait-for-position.js';

/** How long a page waits for what its reader has just done, and for the log to say whether there can be such a thing, in milliseconds each. */
const TIMEOUT = 1_000;
const POSITION = /^[\w-]{1,64}$/;

/** After a command: stores its position in a cookie, so that the reader's next page waits for it. */
export function rememberPosition(reply: FastifyReply, { position }: Appended): void {
  reply.setCookie('seen', position, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60 });
}

/** A position beyond the log's end is forged, or from before a restored backup. */
async function mayBeOfThisLog(seen: string, events: EventStore): Promise<boolean> {
  if (!POSITION.test(seen)) return false;
  try {
    return seen <= (await waitingWithin(new WaitingTime(TIMEOUT), () => events.head()));
  } catch (error) {
    if (error instanceof StoreUnavailable) return true; // pages go on without the log
    throw error;
  }
}

/**
 * Before a page: waits for what its reader has done, as far as the page shows it. It is forgotten once all read models have seen it:
 * another page may show one that has not.
 * Answers false when it is still to come: the page then says 处理中 and asks again.
 */
async function seesOwnWrites(
  seen: string,
  ofPage: readonly Projection[],
  all: readonly Projection[],
  reply: FastifyReply,
  readModels: ReadModels,
  events: EventStore,
): Promise<boolean> {
  const isForgotten = !POSITION.test(seen) || (await readModels.position(all)) >= seen || !(await mayBeOfThisLog(seen, events));
  const isThere = isForgotten || (await waitForPosition(readModels, ofPage, seen, TIMEOUT));
  if (isForgotten || (isThere && (await readModels.position(all)) >= seen)) reply.clearCookie('seen', { path: '/' });
  return isThere;
}

/** Lets each page wait for its reader's own writes, and tells it when they or its read models lag. */
export function showOwnWrites(fastify: FastifyInstance, all: readonly Projection[], readModels: ReadModels, events: EventStore, lag: ReadModelLag): void {
  fastify.addHook('preHandler', async (request, reply) => {
    const { readModels: ofPage = [] } = request.routeOptions.config;
    request.updating = lag.behind(ofPage) !== undefined;
    const { seen } = request.cookies ?? {}; // `GET *` is sent on to what is not found before its cookies are read
    if (request.method === 'GET' && seen) request.processing = !(await inTime(seesOwnWrites(seen, ofPage, all, reply, readModels, events)));
  });
}
