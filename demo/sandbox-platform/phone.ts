import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { PlatformKeys } from '../../src/payments/platform/platform-keys.js';
import { channels, orderFields, PAY } from '../../src/payments/platform/platform-protocol.js';
import { canonicalFields, hasSigned, signedBytes } from '../../src/payments/platform/platform-signature.js';
import { entrancePage, messagePage, orderPage } from './phone-page.js';
import { OtherOrder, type Platform, WAYS } from './platform.js';
import type { OrderState, SandboxOrder } from './platform-store.js';

export interface PhonePorts {
  readonly platform: Platform;
  readonly merchant: string;
  readonly merchantKeys: PlatformKeys;
  readonly now: () => Date;
  /** The centre's address, once it is known. */
  readonly centre: () => string | undefined;
}

const NAME = '北京教育考试院（演示商户）';

/** Names of the fields, each once. */
const query = z.record(z.string(), z.string());
const pressed = z.enum([...channels, ...WAYS.filter((way) => way !== 'once'), 'fail', 'leave', 'down']);

const STATES: Readonly<Record<Exclude<OrderState, 'open'>, readonly [string, string]>> = {
  paid: ['订单已支付', '这笔订单已经支付，不用再支付。'],
  closed: ['订单已结束', '这笔订单已过期或已关闭，不能再支付。请返回商户查看。'],
};

/** The pages for the candidate's phone. Every request carries the signed order, so that only a phone sent by the merchant reaches it. */
export function showPhone(server: FastifyInstance, ports: PhonePorts): void {
  const { platform, now } = ports;

  server.addHook('onSend', async (request, reply) => {
    if (!request.url.startsWith(PAY)) return;
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').header('x-content-type-options', 'nosniff');
  });

  const page = (reply: FastifyReply, status: number, html: string, returnTo?: string) => {
    // form-action also applies to a redirect after the form
    const target = returnTo ? ` ${new URL(returnTo).origin}` : '';
    const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`;
    return reply.code(status).header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
  };

  server.get('/', (_request, reply) => page(reply, 200, entrancePage(ports.centre(), dayBefore(now()))));

  const withOrder =
    (work: (order: SandboxOrder, state: OrderState, request: FastifyRequest, reply: FastifyReply) => FastifyReply) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      if (platform.isDown) return page(reply, 503, messagePage({ heading: '平台停机', text: '支付平台暂时不可用，约一分钟后恢复。' }, 10));
      const order = signedOrder(request.query, ports);
      if (!order) return page(reply, 400, messagePage({ heading: '订单无效', text: '签名或内容不对，没有扣款。请返回商户重新发起支付。' }));
      try {
        return work(order, platform.arrive(order), request, reply);
      } catch (error) {
        if (!(error instanceof OtherOrder)) throw error;
        return page(reply, 409, messagePage({ heading: '订单无效', text: '这个订单号已用于另一笔订单，没有扣款。', back: order.returnTo }));
      }
    };

  server.get(
    PAY,
    withOrder((order, state, _request, reply) => {
      if (state === 'open') return page(reply, 200, orderPage(order, NAME, now()), order.returnTo);
      const [heading, text] = STATES[state];
      return page(reply, state === 'paid' ? 200 : 410, messagePage({ heading, text, back: order.returnTo }));
    }),
  );

  server.post(
    PAY,
    withOrder((order, _state, request, reply) => {
      const read = pressed.safeParse(request.body instanceof URLSearchParams ? request.body.get('do') : undefined);
      if (!read.success) return page(reply, 400, messagePage({ heading: '没有这个操作', text: '没有扣款。', back: order.returnTo }));
      if (read.data === 'leave') return reply.redirect(order.returnTo, 303);
      if (read.data === 'down') {
        platform.goDown();
        return reply.redirect(request.url, 303);
      }
      const wanted = read.data === 'fail' ? 'closed' : 'paid';
      const outcome = press(platform, order, read.data);
      return reply.redirect(outcome === wanted ? order.returnTo : request.url, 303);
    }),
  );
}

/** In Beijing, ISO 8601. */
function dayBefore(now: Date): string {
  return DateTime.fromJSDate(now, { zone: 'Asia/Shanghai' }).minus({ days: 1 }).toISODate() ?? '';
}

function press(platform: Platform, order: SandboxOrder, button: Exclude<z.infer<typeof pressed>, 'leave' | 'down'>): OrderState {
  if (button === 'fail') return platform.fail(order.order);
  const channel = channels.find((each) => each === button);
  const way = WAYS.find((each) => each === button);
  return platform.pay(order, channel ?? 'alipay', way ?? 'once');
}

/** The order in an address's fields; undefined unless the merchant has signed it. */
function signedOrder(fields: unknown, { merchant, merchantKeys }: PhonePorts): SandboxOrder | undefined {
  const given = query.safeParse(fields);
  if (!given.success) return undefined;
  const { signature = '', ...signed } = given.data;
  const read = orderFields.strict().safeParse(signed);
  if (!read.success || read.data.merchant !== merchant || read.data.ends <= read.data.begun) return undefined;
  if (!hasSigned(merchantKeys, read.data.key, signature, signedBytes('order', [canonicalFields(signed)]))) return undefined;
  const { order, fen, title, begun, ends, return: returnTo } = read.data;
  return { order, fen: Number(fen), title, begun, ends, returnTo };
}
