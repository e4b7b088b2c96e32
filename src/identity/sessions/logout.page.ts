import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { EndsSession, Public } from '../../web/routes/visitor.js';
import { RecordedSessions } from '../sign-in/recorded-sessions.js';
import { Sessions } from './sessions.js';

/** 退出登录. Public, so that it also works for a session that has just ended by itself. */
@Controller('logout')
@Public()
@EndsSession()
export class LogoutPage {
  constructor(
    private readonly recordedSessions: RecordedSessions,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  @DescribesOutcome({
    what: '退出登录',
    see: { href: '/login', text: '重新登录' },
    holds: '这个浏览器已经退出登录。',
    unsure: '如果用同一次登录打开过别的窗口，请稍后重新登录，再在“我的”里退出其他设备。',
  })
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    try {
      if (request.visitor) await this.recordedSessions.end(reply, request.visitor);
      else this.sessions.clear(reply);
    } finally {
      delete request.visitor; // the answer is for a visitor without a session
    }
    return reply.header('cache-control', 'no-store').redirect('/login?out=1', 303);
  }

  /** A link must not end a session: it leads to the page with the button. */
  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return reply.redirect(request.visitor ? '/center/account' : '/login', 303);
  }
}
