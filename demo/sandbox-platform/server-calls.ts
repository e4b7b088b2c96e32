import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { PlatformKeys } from '../../src/payments/platform/platform-keys.js';
import * as protocol from '../../src/payments/platform/platform-protocol.js';
import { hasSigned, signatureOf, signedBytes } from '../../src/payments/platform/platform-signature.js';
import type { Platform } from './platform.js';

const MOST_NONCES = 10_000;

export interface ServerCallPorts {
  readonly platform: Platform;
  readonly merchant: string;
  readonly merchantKeys: PlatformKeys;
  readonly keys: PlatformKeys;
  readonly now: () => Date;
}

/** The calls of the centre's server: queries and refunds, with signatures over the bytes of request and response. */
export function answerServerCalls(server: FastifyInstance, ports: ServerCallPorts): void {
  const { platform, merchant, keys } = ports;
  const nonces = new LRUCache<string, true>({ max: MOST_NONCES });

  const answer = (request: FastifyRequest, reply: FastifyReply, status: number, content: object) => {
    const [key] = keys;
    const body = Buffer.from(JSON.stringify(content));
    const nonce = String(request.headers[protocol.NONCE_HEADER] ?? '');
    reply.header(protocol.KEY_HEADER, key.id);
    reply.header(protocol.SIGNATURE_HEADER, signatureOf(key, signedBytes('answer', [nonce, String(status)], body)));
    return reply.code(status).type('application/json').send(body);
  };

  /** The content of a valid, new request of the merchant; of any other the reason for refusing it. */
  const read = <T extends { readonly merchant: string }>(
    { method, url, headers, body }: FastifyRequest,
    shape: z.ZodType<T>,
  ): T | readonly [number, string] => {
    const signed = protocol.signedHeaders.safeParse(headers);
    if (!signed.success || !Buffer.isBuffer(body)) return [400, 'malformed'];
    const { [protocol.KEY_HEADER]: key, [protocol.TIME_HEADER]: time, [protocol.NONCE_HEADER]: nonce, [protocol.SIGNATURE_HEADER]: signature } = signed.data;
    const who = String(headers[protocol.MERCHANT_HEADER]);
    if (!hasSigned(ports.merchantKeys, key, signature, signedBytes('request', [method, url, who, time, nonce], body))) return [401, 'signature'];
    if (Math.abs(ports.now().getTime() - Number(time)) > protocol.LONGEST_AGO) return [401, 'time'];
    if (nonces.has(nonce)) return [401, 'nonce'];
    nonces.set(nonce, true);
    const asked = shape.safeParse(parsed(body));
    if (!asked.success) return [400, 'malformed'];
    return who === merchant && asked.data.merchant === merchant ? asked.data : [403, 'merchant'];
  };

  const call = <T extends { readonly merchant: string }>(path: string, shape: z.ZodType<T>, work: (asked: T) => object) =>
    server.post(path, { bodyLimit: protocol.LARGEST_BODY }, async (request, reply) => {
      if (platform.isDown) return answer(request, reply, 503, { error: 'down' });
      const asked = read(request, shape);
      return 'merchant' in asked ? answer(request, reply, 200, work(asked)) : answer(request, reply, asked[0], { error: asked[1] });
    });

  call(protocol.QUERY, protocol.queryRequest, ({ order }) => {
    const { state, payments } = platform.query(order);
    return { order, state, payments: payments.map(({ transaction, fen, channel, paidAt }) => ({ transaction, fen, channel, paid_at: paidAt })) };
  });
  call(protocol.REFUNDS, protocol.refundRequest, ({ transaction, order, fen }) => ({ transaction, ...platform.refund(transaction, order, fen) }));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined; // answered as malformed
  }
}
