import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { log, withRequestId } from '../kernel/log.js';

/** UUIDs and what proxies make of as many digits; and short tokens in which no number of a person can stand. */
const GIVEN_ID = /^(?:[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}|(?!.*\d{8})[\w.-]{1,64})$/i;

/** What stands for a client that has gone before it was answered, as proxies write it. */
const GONE = 499;

/** The id of a request: the proxy's own `X-Request-Id` where proxies are believed and it is well formed, else a new one. */
export function requestIds(proxies: number): (request: Pick<IncomingMessage, 'headers'>) => string {
  return ({ headers }) => {
    const given = proxies > 0 ? headers['x-request-id'] : undefined;
    // the randomness is drawn ahead: uuid's own cost each page a system call
    return typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID();
  };
}

/**
 * One line a request: its id, method, route, status and milliseconds, health checks at level debug. The route's pattern and
 * never the address, in which a number of a person may stand; null where there is no such route. The answer carries the id.
 */
export function logRequests(fastify: FastifyInstance): void {
  const gone = new WeakSet<FastifyRequest>();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    withRequestId(request.id, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!gone.has(request)) line(request, reply.statusCode, reply.elapsedTime);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    gone.add(request);
    line(request, GONE);
    done();
  });
}

/** The same for a request whose address cannot be read: no hook runs for it. */
export function logUnroutable(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  line(request, reply.statusCode);
}

function line({ id, method, routeOptions }: FastifyRequest, status: number, elapsed?: number): void {
  const route = routeOptions.url ?? null;
  const level = route?.startsWith('/health/') ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  log[level]({ request: id, method, route, status, ...(elapsed !== undefined && { ms: Math.round(elapsed * 10) / 10 }) }, 'request');
}
