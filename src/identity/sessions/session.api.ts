import { Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { AlsoUnconfirmed, CurrentCandidate, secondsUntil, Unrenewed, type Visitor } from '../../web/routes/visitor.js';
import { Sessions } from './sessions.js';

/** The time left of the session, for the warning before its end, and 继续使用, which renews it. */
@Controller('center/session')
@AlsoUnconfirmed()
@Unrenewed()
export class SessionApi {
  constructor(
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  show(@CurrentCandidate() visitor: Visitor) {
    return this.left(visitor);
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  renew(@CurrentCandidate() visitor: Visitor, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.left(this.sessions.renew(request, reply, visitor, true));
  }

  private left({ endsAt }: Visitor) {
    return { secondsLeft: secondsUntil(endsAt, this.clock.now().getTime()) };
  }
}
