import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Appended } from '../event-store/append.js';
import type { EventStore } from '../event-store/event-store.js';
import { TimeBudget, withinTimeBudget, withTimeBudget } from '../event-store/time-budget.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import type { Projection } from '../read-models/projection.js';
import type { ReadModels } from '../read-models/read-models.js';
import { waitForPosition } from '../read-models/serving/wait-for-position.js';

/** Milliseconds that a page waits for its reader's write to be projected, and for the log's end. */
const TIMEOUT = 1_000;
const POSITION = /^[\w-]{1,64}$/;

/** After a command: stores its position in a cookie, so that the reader's next page waits for it. */
export function rememberPosition(reply: FastifyReply, { position }: Appended): void {
  reply.setCookie('seen', position, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60 });
}

/** A position beyond the log's end is forged, or from before a restored backup. */
async function isWithinLog(seen: string, events: EventStore): Promise<boolean> {
  if (!POSITION.test(seen)) return false;
  try {
    return seen <= (await withTimeBudget(new TimeBudget(TIMEOUT), () => events.head()));
  } catch (error) {
    if (error instanceof StoreUnavailable) return true; // pages are shown without the log
    throw error;
  }
}

/**
 * Waits until the read models of a page have seen its reader's write. The cookie is cleared only once all read models have seen it, because
 * another page may show one that has not.
 * @returns false when the page does not show the write yet: it then says 处理中 and polls
 */
async function areOwnWritesVisible(
  seen: string,
  ofPage: readonly Projection[],
  all: readonly Projection[],
  reply: FastifyReply,
  readModels: ReadModels,
  events: EventStore,
): Promise<boolean> {
  const isDone = !POSITION.test(seen) || (await readModels.position(all)) >= seen || !(await isWithinLog(seen, events));
  const isVisible = isDone || (await waitForPosition(readModels, ofPage, seen, TIMEOUT));
  if (isDone || (isVisible && (await readModels.position(all)) >= seen)) reply.clearCookie('seen', { path: '/' });
  return isVisible;
}

/** Makes each page wait for its reader's own writes, and marks requests whose writes or read models are not up to date. */
export function waitForOwnWrites(fastify: FastifyInstance, all: readonly Projection[], readModels: ReadModels, events: EventStore, lag: ReadModelLag): void {
  fastify.addHook('preHandler', async (request, reply) => {
    const { readModels: ofPage = [] } = request.routeOptions.config;
    request.updating = lag.behind(ofPage) !== undefined;
    const { seen } = request.cookies ?? {}; // `GET *` comes here before its cookies are parsed
    if (request.method === 'GET' && seen) request.processing = !(await withinTimeBudget(areOwnWritesVisible(seen, ofPage, all, reply, readModels, events)));
  });
}
