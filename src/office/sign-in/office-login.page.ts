import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Device } from '../../identity/identity.events.js';
import { FAILURE_RESPONSE_TIME, Passwords } from '../../identity/passwords/passwords.js';
import { deviceOf } from '../../identity/sign-in/device.js';
import { overloaded, rateLimited } from '../../identity/sign-in/sign-in-delay.view.js';
import { LoginRateLimiter, type Throttled } from '../../identity/throttling/login-rate-limiter.js';
import { Clock } from '../../kernel/clock.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { type Sealed, Vault } from '../../vault/vault.js';
import { newTotpSecret } from '../factors/totp.js';
import { OfficerAccounts } from '../officers/officer-accounts.js';
import { OfficeRoute } from '../rights/office-route.js';
import { officeReturnAddress, redirectWithin } from '../sessions/office-return-address.js';
import { EntryState } from './entry-state.js';
import { FailedOfficeSignIns } from './failed-office-sign-ins.js';
import { accountName, text } from './forms.js';

const form = z.object({ account: accountName, password: text, to: text }).catch({ account: '', password: '', to: '' });
const notices: Readonly<Record<string, string>> = {
  ended: '登录已结束，请重新登录。',
  out: '已退出登录。',
  set: '密码已设置，请用它登录。',
  expired: '等待的时间太长了，请重新登录。',
};

/** 登录 of the office: the password first, then the second factor on its own page. */
@Controller('office/login')
@OfficeRoute('none')
export class OfficeLoginPage {
  constructor(
    private readonly accounts: OfficerAccounts,
    private readonly passwords: Passwords,
    private readonly rateLimiter: LoginRateLimiter,
    private readonly vault: Vault,
    private readonly state: EntryState,
    private readonly failures: FailedOfficeSignIns,
    private readonly clock: Clock,
  ) {}

  @Get()
  show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: Readonly<Record<string, unknown>>) {
    if (request.officer) return redirectWithin(reply, query.to);
    const notice = Object.entries(notices).find(([name]) => query[name] !== undefined)?.[1];
    return this.page(reply, { account: '', to: officeReturnAddress(query.to), notice });
  }

  @Post()
  async checkPassword(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { account, password, to } = form.parse(body ?? {});
    const after = officeReturnAddress(to);
    if (account === '' || password === '') return this.page(reply.status(422), { account, to: after, message: '请填写账号和密码。' });
    const begun = this.clock.now().getTime();
    let checked: Throttled<Sealed<PasswordHash> | undefined>;
    try {
      checked = await this.rateLimiter.throttled(
        { account: `office ${account}`, address: request.ip },
        () => this.rightPassword(account, password, deviceOf(request)),
        Boolean,
      );
    } catch (error) {
      const { message, status, seconds } = overloaded(error);
      return this.page(reply.status(status).header('retry-after', seconds), { account, to: after, message });
    }
    const { delay, done } = checked;
    if (delay) return this.page(reply.status(429).header('retry-after', delay.seconds), { account, to: after, message: rateLimited(delay).message });
    if (done === undefined) {
      await this.clock.until(begun + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME); // or the time would tell whether there is the account
      return this.page(reply.status(422), { account, to: after, message: '账号或密码不对，或者账号已停用。' });
    }
    this.state.begin(reply, { account, password: done, secret: newTotpSecret() });
    return reply.header('cache-control', 'no-store').redirect(`/office/login/factor${after ? `?${new URLSearchParams({ to: after })}` : ''}`, 303);
  }

  /** The account's password as recorded, where it was typed; the same work for an account that there is not. */
  private async rightPassword(account: string, typed: string, device: Device): Promise<Sealed<PasswordHash> | undefined> {
    const { exists, suspended, password } = await this.accounts.of(account);
    const kept = password && !suspended ? (await this.vault.officerSafe(account)).open(password) : undefined;
    if ((await this.passwords.verify(kept, typed)) !== 'wrong') return password;
    if (exists) this.failures.note(account, 'password', device);
    return undefined;
  }

  private page(
    reply: FastifyReply,
    { account, to, message, notice }: { account: string; to: string | undefined; message?: string; notice?: string | undefined },
  ) {
    return reply.view('office/login', { page: { title: '登录' }, account: account.slice(0, 40), to, message, notice });
  }
}
