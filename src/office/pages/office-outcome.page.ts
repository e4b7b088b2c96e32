import { Controller, Get, NotFoundException, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommandOutcomes } from '../../web/outcomes/command-outcomes.js';
import { OfficeRoute } from '../rights/office-route.js';

/** The outcome of a form of the office that the log did not answer in time; its reader may have no session yet, or any more. */
@Controller('office/outcome')
@OfficeRoute('none')
export class OfficeOutcomePage {
  constructor(private readonly outcomes: CommandOutcomes) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('of') token: unknown) {
    const view = typeof token === 'string' ? await this.outcomes.viewOf(token, request) : undefined;
    if (!view) throw new NotFoundException();
    return reply.view('office/outcome', view);
  }
}
