import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registerScope } from '../../web/routes/route-table.js';
import { Public, Unrenewed } from '../../web/routes/visitor.js';
import { billOfOrder } from '../payments.streams.js';

/** The page to which the platform sends the candidate back. It changes nothing and trusts nothing: it leads to the bill. */
@Controller('payments/return')
@Public()
@Unrenewed()
export class ReturnPage {
  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('order') order: unknown) {
    const to = billAddress(order);
    if (request.visitor) return reply.header('cache-control', 'no-store').redirect(to, 303);
    return reply.view('payments/returned', { page: { title: '支付结果', description: '从北京市公共支付平台回到北京自考个人中心，登录后查看支付结果。' }, to });
  }
}

/** In bytes; a platform may post more than the order. */
const LARGEST = 64 * 1024;
/** The order in a urlencoded, multipart, JSON or XML body. */
const ORDER = /\border(?:<!\[CDATA\[|\W){1,16}(\d{16})(?!\d)/;

/** Redirects gateways that return by POST to the GET: a cross-site POST comes without the session's cookie. Each posts in its own format. */
export async function redirectReturns(fastify: FastifyInstance): Promise<void> {
  await registerScope(fastify, 'returns from the platform', async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: LARGEST }, (_request, body, done) => done(null, body));
    // Fastify refuses a body whose type is malformed, and here all types have the same parser
    scope.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
      delete headers['content-type'];
      done();
    });
    const lead = (reply: FastifyReply, { query, body }: Pick<FastifyRequest, 'query' | 'body'>) => {
      const given = (query as { order?: unknown } | undefined)?.order ?? (typeof body === 'string' ? ORDER.exec(body)?.[1] : undefined);
      const known = typeof given === 'string' && billOfOrder(given) !== undefined;
      return reply.header('cache-control', 'no-store').redirect(known ? `/payments/return?order=${given}` : '/payments/return', 303);
    };
    scope.setErrorHandler((_error, { query }, reply) => lead(reply, { query, body: undefined }));
    scope.post('/payments/return', { config: { allowCrossSite: true } }, (request, reply) => lead(reply, request));
  });
}

function billAddress(order: unknown): string {
  const bill = typeof order === 'string' ? billOfOrder(order) : undefined;
  return bill === undefined ? '/center/bills' : `/center/bills/${bill}?asked=0`;
}
