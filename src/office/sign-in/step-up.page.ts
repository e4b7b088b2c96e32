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
import { PasskeyCeremony } from '../passkeys/passkey-ceremony.js';
import { OfficeRoute } from '../rights/office-route.js';
import { officeReturnAddress, redirectWithin } from '../sessions/office-return-address.js';
import { OfficeSessions } from '../sessions/office-sessions.js';
import { FailedOfficeSignIns } from './failed-office-sign-ins.js';
import { passkeyText, text } from './forms.js';
import { delayed, notProved } from './office-factor.page.js';
import { ProveFactor } from './prove-factor.command.js';

const PATH = '/office/factor';
const WHY = '接下来的操作要再次确认是您本人，或者这次登录换了网络和浏览器。';
const form = z.object({ code: text, credential: passkeyText, to: text }).catch({ code: '', credential: '', to: '' });

/** Asks for the second factor again within a session: before what is sensitive, and when the session comes from elsewhere. */
@Controller('office/factor')
@OfficeRoute('own_account', { isAlwaysOpen: true })
export class StepUpPage {
  constructor(
    private readonly accounts: OfficerAccounts,
    private readonly factors: FactorCheck,
    private readonly ceremony: PasskeyCeremony,
    private readonly sessions: OfficeSessions,
    private readonly failures: FailedOfficeSignIns,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  show(@CurrentOfficer() { account }: OfficeVisitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') to: unknown) {
    return this.page(request, reply, account, officeReturnAddress(to));
  }

  @Post()
  @DescribesOutcome({ what: '第二重验证', see: { href: '/office', text: '回到今日' } })
  async prove(@CurrentOfficer() { account, session }: OfficeVisitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { code, credential, to } = form.parse(body ?? {});
    const after = officeReturnAddress(to);
    const refuse = (status: number, message: string) => this.page(request, reply.status(status), account, after, message);
    if (code.trim() === '' && credential === '') return refuse(422, '请填写验证码。');
    const known = await this.accounts.of(account);
    const { proof, delay } =
      credential === ''
        ? await this.factors.check(account, known, code, request.ip)
        : await this.factors.checkPasskey(account, request.ip, () => this.ceremony.proved(request, account, known, credential));
    if (delay) return refuse(429, delayed(delay));
    if (!proof) {
      this.failures.note(account, 'factor', deviceOf(request));
      return refuse(422, notProved(credential));
    }
    try {
      const command = new ProveFactor(givenAt(this.clock.instant()), account, session, deviceOf(request), proof);
      rememberPosition(reply, await this.commands.execute(command));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(422, refusalMessage(error));
    }
    const { session: proved } = this.sessions.read(request);
    if (proved) this.sessions.proved(request, reply, proved);
    return redirectWithin(reply, after);
  }

  private async page(request: FastifyRequest, reply: FastifyReply, account: string, to: string | undefined, message?: string) {
    const known = await this.accounts.of(account);
    const passkey = await this.ceremony.optionsForProof(request, reply, account, known);
    const hasApp = known.factor !== undefined;
    return reply.view('office/factor', { page: { title: '第二重验证' }, action: PATH, why: WHY, to, message, passkey, hasApp });
  }
}
