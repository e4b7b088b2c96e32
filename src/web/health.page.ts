import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readiness } from '../kernel/readiness.js';
import { ReadModelLag } from '../read-models/projecting/read-model-lag.js';
import { Public } from './routes/visitor.js';

/** For operators and load balancers: is the process there, and should it get requests? */
@Controller('health')
@Public()
export class HealthPage {
  constructor(
    private readonly readiness: Readiness,
    private readonly lag: ReadModelLag,
  ) {}

  @Get('live')
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    if (this.readiness.state().status === 'not ready') await this.lag.checkWhileUnknown(); // whoever waits for a start knows at once
    const state = this.readiness.state();
    if (state.status === 'not ready') reply.status(503);
    return state;
  }
}
