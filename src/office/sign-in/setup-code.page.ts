import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { causedBy, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { passwordProblem } from '../../identity/passwords/password-rules.js';
import { FAILURE_RESPONSE_TIME, Passwords } from '../../identity/passwords/passwords.js';
import { overloaded, rateLimited } from '../../identity/sign-in/sign-in-delay.view.js';
import { LoginRateLimiter } from '../../identity/throttling/login-rate-limiter.js';
import { Clock } from '../../kernel/clock.js';
import { refused as registrationsRefused } from '../../registrations/registrations.refusals.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { SetOfficerPassword } from '../officers/set-officer-password.command.js';
import { OfficeRoute } from '../rights/office-route.js';
import { accountName, text } from './forms.js';

const form = z.object({ account: accountName, code: text, password: text, again: text }).catch({ account: '', code: '', password: '', again: '' });

/** Sets the password of an account by its one-time code. */
@Controller('office/login/code')
@OfficeRoute('none')
export class SetupCodePage {
  constructor(
    private readonly commands: CommandBus,
    private readonly passwords: Passwords,
    private readonly rateLimiter: LoginRateLimiter,
    private readonly clock: Clock,
  ) {}

  @Get()
  show(@Res() reply: FastifyReply) {
    return page(reply, '');
  }

  @Post()
  @DescribesOutcome({ what: '设置密码', see: { href: '/office/login', text: '去登录' }, unsure: '可以用新密码登录，就是已经设置。' })
  async set(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { account, code, password, again } = form.parse(body ?? {});
    if ([account, code, password, again].includes('')) return page(reply.status(422), account, '请填写所有的空。');
    if (password !== again) return page(reply.status(422), account, '两次输入的密码不一样。');
    const problem = await passwordProblem(password, { name: account });
    if (problem) return page(reply.status(422), account, refusalMessage(registrationsRefused(problem)));
    const begun = this.clock.now().getTime();
    try {
      const attempt = { account: `office code ${account}`, address: request.ip };
      const { delay, done } = await this.rateLimiter.throttled(
        attempt,
        () => this.setPassword(account, code, password),
        (refusal) => refusal === undefined,
      );
      if (delay) return page(reply.status(429).header('retry-after', delay.seconds), account, rateLimited(delay).message.replace('号码或密码', '账号或代码'));
      if (!done) return reply.header('cache-control', 'no-store').redirect('/office/login?set=1', 303);
      await this.clock.until(begun + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME); // or the time would tell whether there is the account
      return page(reply.status(422), account, refusalMessage(done));
    } catch (error) {
      const { message, status, seconds } = overloaded(error);
      return page(reply.status(status).header('retry-after', seconds), account, message);
    }
  }

  /** Why it was refused; undefined when it is set. */
  private async setPassword(account: string, code: string, password: string): Promise<Refusal | undefined> {
    const hash = await this.passwords.hash(password);
    const cause = { ...currentCause(), by: `office:${account}`, origin: 'office' } as const;
    try {
      await causedBy(cause, () => this.commands.execute(new SetOfficerPassword(givenAt(this.clock.instant()), account, code, hash)));
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}

function page(reply: FastifyReply, account: string, message?: string) {
  return reply.view('office/setup-code', { page: { title: '设置密码' }, account: account.slice(0, 40), message });
}
