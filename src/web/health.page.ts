import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Catalogue } from '../catalogue/catalogue.js';
import { Public } from './visitor.js';

/** For operators and load balancers: is the process there, and should it get requests? */
@Controller('health')
@Public()
export class HealthPage {
  constructor(private readonly catalogue: Catalogue) {}

  @Get('live')
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const reason = this.catalogue.unreadiness();
    if (reason) reply.status(503);
    return reason ? { status: 'not ready', reason } : { status: 'ready' };
  }
}
