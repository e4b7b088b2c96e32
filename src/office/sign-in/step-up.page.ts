import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { deviceOf } from '../../identity/sign-in/device.js';
import { Clock } from '../../kernel/clock.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { FactorCheck } from '../factors/factor-check.js';
import { OfficerAccounts } from '../officers/officer-accounts.js';
import { OfficeRoute } from '../rights/office-route.js';
import { officeReturnAddress, redirectWithin } from '../sessions/office-return-address.js';
import { OfficeSessions } from '../sessions/office-sessions.js';
import { text } from './forms.js';
import { delayed } from './office-factor.page.js';
import { ProveFactor } from './prove-factor.command.js';

const PATH = '/office/factor';
const WHY = '接下来的操作要再次确认是您本人，或者这次登录换了网络和浏览器。';
const form = z.object({ code: text, to: text }).catch({ code: '', to: '' });

/** Asks for the second factor again within a session: before what is sensitive, and when the session comes from elsewhere. */
@Controller('office/factor')
@OfficeRoute('own_account', { isAlwaysOpen: true })
export class StepUpPage {
  constructor(
    private readonly accounts: OfficerAccounts,
    private readonly factors: FactorCheck,
    private readonly sessions: OfficeSessions,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  show(@Res() reply: FastifyReply, @Query('to') to: unknown) {
    return page(reply, officeReturnAddress(to));
  }

  @Post()
  @DescribesOutcome({ what: '第二重验证', see: { href: '/office', text: '回到今日' } })
  async prove(@CurrentOfficer() { account, session }: OfficeVisitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { code, to } = form.parse(body ?? {});
    const after = officeReturnAddress(to);
    if (code.trim() === '') return page(reply.status(422), after, '请填写验证码。');
    const { proof, delay } = await this.factors.check(account, await this.accounts.of(account), code, request.ip);
    if (delay) return page(reply.status(429).header('retry-after', delay.seconds), after, delayed(delay));
    if (!proof) return page(reply.status(422), after, '验证码或恢复码不对，或者恢复码已经用过。');
    try {
      const command = new ProveFactor(givenAt(this.clock.instant()), account, session, deviceOf(request), proof);
      rememberPosition(reply, await this.commands.execute(command));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return page(reply.status(422), after, refusalMessage(error));
    }
    const { session: proved } = this.sessions.read(request);
    if (proved) this.sessions.proved(request, reply, proved);
    return redirectWithin(reply, after);
  }
}

function page(reply: FastifyReply, to: string | undefined, message?: string) {
  return reply.view('office/factor', { page: { title: '第二重验证' }, action: PATH, why: WHY, to, message });
}
