import { Controller, Get, NotFoundException, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Outcomes } from './outcomes.js';
import { Public, Unrenewed } from './visitor.js';

/** What came of a request that the log did not answer in time. It is asked for by itself, and by who may have no session (any more). */
@Controller('outcome')
@Public()
@Unrenewed()
export class OutcomePage {
  constructor(private readonly outcomes: Outcomes) {}

  @Get()
  async show(@Res() reply: FastifyReply, @Query('of') token: unknown) {
    const view = typeof token === 'string' ? await this.outcomes.of(token) : undefined;
    if (!view) throw new NotFoundException();
    return reply.view('web/outcome', view);
  }
}
