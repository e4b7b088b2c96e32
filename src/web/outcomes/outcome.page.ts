import { Controller, Get, NotFoundException, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, Unrenewed } from '../routes/visitor.js';
import { CommandOutcomes } from './command-outcomes.js';

/** The outcome of a request that the log did not answer in time. The page polls, and its reader may have no session (any more). */
@Controller('outcome')
@Public()
@Unrenewed()
export class OutcomePage {
  constructor(private readonly outcomes: CommandOutcomes) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('of') token: unknown) {
    const view = typeof token === 'string' ? await this.outcomes.viewOf(token, request) : undefined;
    if (!view) throw new NotFoundException();
    return reply.view('web/outcome', view);
  }
}
