import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { log, withRequestId } from '../../kernel/log.js';

/** UUIDs, with or without hyphens, and short tokens that cannot hold a number of a person. */
const GIVEN_ID = /^(?:[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}|(?!.*\d{8})[\w.-]{1,64})$/i;

/** The client closed the connection before it was answered, as nginx writes it. */
const CLIENT_CLOSED = 499;

/** The id of a request: the proxy's `X-Request-Id` where proxies are trusted and it is well formed, else a new one. */
export function requestIds(proxies: number): (request: Pick<IncomingMessage, 'headers'>) => string {
  return ({ headers }) => {
    const given = proxies > 0 ? headers['x-request-id'] : undefined;
    // randomUUID draws its randomness in advance; uuid's v4 would cost each page a system call
    return typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID();
  };
}

/**
 * Logs a line for each request: its id, method, route, status and milliseconds; health checks at level debug. The route's pattern stands
 * for the address, which may hold a number of a person; null where there is no such route.
 */
export function logRequests(fastify: FastifyInstance): void {
  const aborted = new WeakSet<FastifyRequest>();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    withRequestId(request.id, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (!aborted.has(request)) logLine(request, reply.statusCode, reply.elapsedTime);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    aborted.add(request);
    logLine(request, CLIENT_CLOSED);
    done();
  });
}

/** The same for a request whose address cannot be parsed: no hook runs for it. */
export function logUnroutable(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  logLine(request, reply.statusCode);
}

function logLine({ id, method, routeOptions }: FastifyRequest, status: number, elapsed?: number): void {
  const route = routeOptions.url ?? null;
  const level = route?.startsWith('/health/') ? 'debug' : 'info';
  if (!log.isLevelEnabled(level)) return;
  log[level]({ request: id, method, route, status, ...(elapsed !== undefined && { ms: Math.round(elapsed * 10) / 10 }) }, 'request');
}
