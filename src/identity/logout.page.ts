import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../web/visitor.js';
import { Entrance } from './entrance.js';
import { Sessions } from './sessions.js';

/** 退出登录; public, so that it also says goodbye to a session that has just ended by itself. */
@Controller('logout')
@Public()
export class LogoutPage {
  constructor(
    private readonly entrance: Entrance,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (request.visitor) await this.entrance.leave(reply, request.visitor);
    else this.sessions.clear(reply);
    return reply.header('cache-control', 'no-store').redirect('/login', 303);
  }

  /** A link followed must not end anything: it leads to where the button is. */
  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return reply.redirect(request.visitor ? '/center/account' : '/login', 303);
  }
}
