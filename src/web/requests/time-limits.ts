import type { FastifyInstance } from 'fastify';

/** Timeouts of a request, in milliseconds. */
export interface TimeLimits {
  /** Until the headers are complete. */
  readonly headers: number;
  /** Until the whole request is received. */
  readonly request: number;
  /** From the server's close until open connections are cut. */
  readonly closing: number;
  /** How often the first two are checked. */
  readonly checking: number;
  /** For all calls of the log together, so that the answer comes within 10 s. */
  readonly log: number;
}

/** A slow phone has half a minute to send a request, and the process stops within the 40 s that it is given. */
export const TIME_LIMITS: TimeLimits = { headers: 15_000, request: 30_000, closing: 33_000, checking: 1_000, log: 9_000 };

/**
 * Shuts connections down gracefully. Node checks no timeouts once a server closes, so half a request would block it: open connections
 * are cut after `closing`. Answers during the close end their connection, which keep-alive would hold for a minute.
 */
export function closeInTime(fastify: FastifyInstance, { closing }: Pick<TimeLimits, 'closing'>): void {
  let isClosing = false;
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    const { server } = fastify;
    if (server.listening) {
      const cut = setTimeout(() => server.closeAllConnections(), closing);
      server.once('close', () => clearTimeout(cut));
    }
    done();
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done();
  });
}
