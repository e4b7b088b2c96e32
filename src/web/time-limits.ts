import type { FastifyInstance } from 'fastify';

/** How long a request may take, in milliseconds. */
export interface TimeLimits {
  /** Until its head has come whole. */
  readonly headers: number;
  /** Until all of it has. */
  readonly request: number;
  /** Until connections that are still open are cut, from when the server was told to close. */
  readonly closing: number;
  /** How often the first two are looked at. */
  readonly checking: number;
  /** What it waits for the log, by whatever calls: an answer that waits for nothing else is there within 10 s. */
  readonly log: number;
}

/** A client that sends slowly on a phone has half a minute, and the process ends within the 40 s that it is given. */
export const TIME_LIMITS: TimeLimits = { headers: 15_000, request: 30_000, closing: 33_000, checking: 1_000, log: 9_500 };

/**
 * Node looks at no time limit any more once a server closes: a client that holds half a request would hold the process. And what is
 * answered from then on is its connection's last answer: kept open, it would hold the process for over a minute.
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
