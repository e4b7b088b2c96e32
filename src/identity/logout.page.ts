import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreUnavailable } from '../event-store/append.js';
import { log } from '../log.js';
import { EndsSession, Public } from '../web/visitor.js';
import { Entrance } from './entrance.js';
import { Sessions } from './sessions.js';

const UNRECORDED = '系统暂时没有回应，退出还没有记录下来。如果用同一次登录打开过别的窗口，请稍后重新登录，再在“我的”里退出其他设备。';

/** 退出登录; public, so that it also says goodbye to a session that has just ended by itself. */
@Controller('logout')
@Public()
@EndsSession()
export class LogoutPage {
  constructor(
    private readonly entrance: Entrance,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    try {
      if (request.visitor) await this.entrance.leave(reply, request.visitor);
      else this.sessions.clear(reply);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error }, 'a session has ended in its browser, and in the log it has not');
      delete request.visitor;
      return reply.status(503).view('web/error', { title: '这个浏览器已经退出登录', message: UNRECORDED, status: 503, number: undefined });
    }
    return reply.header('cache-control', 'no-store').redirect('/login?out=1', 303);
  }

  /** A link followed must not end anything: it leads to where the button is. */
  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return reply.redirect(request.visitor ? '/center/account' : '/login', 303);
  }
}
