import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logUnroutable } from '../requests/request-log.js';
import type { Views } from '../views/views.js';
import { explanationOf } from './errors.filter.js';

/** No hook of the application runs for these answers, so they need the security headers of all others here. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** By Node's error code; any other is 400. */
const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers requests that reach no route because their address or their bytes cannot be read: with a page, as any other error. */
export class UnreadableRequests {
  private views: Views | undefined;

  /** Until then answers have no page. */
  useViews(views: Views): void {
    this.views = views;
  }

  /** For the router: a broken percent-encoding, or a part of the address longer than any of ours. */
  readonly onBadAddress = ({ statusCode = 400 }: { readonly statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void => {
    reply.code(statusCode).headers(HEADERS);
    logUnroutable(request, reply);
    reply.send(this.page(statusCode));
  };

  /** For the server: bytes that are not HTTP, headers beyond 16 kB, a request that does not end. The connection closes. */
  readonly onClientError = (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (!socket.writable) {
      socket.destroy(error);
      return;
    }
    const status = STATUSES[error.code ?? ''] ?? 400;
    const page = this.page(status);
    const headers = { ...HEADERS, 'content-length': Buffer.byteLength(page), connection: 'close' };
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    socket.end(`${head.join('\r\n')}\r\n\r\n${page}`);
  };

  private page(status: number): string {
    return this.views?.render('web/error', { ...explanationOf(status), number: undefined }, {}) ?? '';
  }
}
