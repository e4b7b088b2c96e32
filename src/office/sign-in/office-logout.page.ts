import { Controller, Get, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { OfficeRoute } from '../rights/office-route.js';
import { OfficeSessions } from '../sessions/office-sessions.js';
import { SignOutOfficer } from './sign-out-officer.command.js';

/** 退出 of the office. */
@Controller('office/logout')
@OfficeRoute('own_account', { isAlwaysOpen: true })
export class OfficeLogoutPage {
  constructor(
    private readonly sessions: OfficeSessions,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /** A link must not end a session: it leads to the page with the button. */
  @Get()
  show(@Res() reply: FastifyReply) {
    return reply.redirect('/office', 303);
  }

  @Post()
  @DescribesOutcome({ what: '退出', see: { href: '/office/login', text: '重新登录' }, holds: '这个浏览器已经退出。' })
  async logOut(@CurrentOfficer() { account, session }: OfficeVisitor, @Res() reply: FastifyReply) {
    this.sessions.clear(reply);
    rememberPosition(reply, await this.commands.execute(new SignOutOfficer(givenAt(this.clock.instant()), account, [session])));
    return reply.header('cache-control', 'no-store').redirect('/office/login?out=1', 303);
  }
}
