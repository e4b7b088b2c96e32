import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, Unrenewed } from '../web/visitor.js';
import { billOfOrder } from './bill-history.js';

/** Where the platform sends the phone back to. It changes nothing and believes nothing: the bill says what came of it. */
@Controller('payments/return')
@Public()
@Unrenewed()
export class ReturnPage {
  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('order') order: unknown) {
    const to = billAddress(order);
    if (request.visitor) return reply.header('cache-control', 'no-store').redirect(to, 303);
    return reply.view('payments/returned', { page: { title: '支付结果' }, to });
  }

  /** Some gateways post across sites, where the session's cookie does not come: asked for again, it does. */
  @Post()
  lead(@Res() reply: FastifyReply, @Query('order') order: unknown, @Body() body: unknown) {
    const given = order ?? (body as { order?: unknown } | undefined)?.order;
    const known = typeof given === 'string' && billOfOrder(given) !== undefined;
    return reply.header('cache-control', 'no-store').redirect(known ? `/payments/return?order=${given}` : '/payments/return', 303);
  }
}

function billAddress(order: unknown): string {
  const bill = typeof order === 'string' ? billOfOrder(order) : undefined;
  return bill === undefined ? '/center/bills' : `/center/bills/${bill}?asked=0`;
}
