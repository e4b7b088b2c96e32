import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import { v4 as random } from 'uuid';
import { z } from 'zod';
import { causedBy, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { deviceOf } from '../../identity/sign-in/device.js';
import { rateLimited } from '../../identity/sign-in/sign-in-delay.view.js';
import type { Delay } from '../../identity/throttling/rate-limits.js';
import { Clock } from '../../kernel/clock.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { FactorCheck } from '../factors/factor-check.js';
import { totpAddress } from '../factors/totp.js';
import { OfficerAccounts } from '../officers/officer-accounts.js';
import { newRecoveryCodes } from '../officers/one-time-codes.js';
import { PasskeyCeremony } from '../passkeys/passkey-ceremony.js';
import { OfficeRoute } from '../rights/office-route.js';
import { officeReturnAddress, redirectWithin } from '../sessions/office-return-address.js';
import { OfficeSessions } from '../sessions/office-sessions.js';
import { EnrolFactor } from './enrol-factor.command.js';
import { type Entry, EntryState } from './entry-state.js';
import { FailedOfficeSignIns } from './failed-office-sign-ins.js';
import { passkeyName, passkeyText, text } from './forms.js';
import { SignInOfficer } from './sign-in-officer.command.js';

const form = z.object({ code: text, credential: passkeyText, name: text, to: text }).catch({ code: '', credential: '', name: '', to: '' });

/** Shows the page again with what was wrong. */
type Refuse = (status: number, message: string) => Promise<FastifyReply>;

interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly entry: Entry;
  readonly typed: z.infer<typeof form>;
  readonly refuse: Refuse;
}

/** The second factor after the password. At the first sign-in it is enrolled here, and recovery codes are shown, once. */
@Controller('office/login/factor')
@OfficeRoute('none')
export class OfficeFactorPage {
  constructor(
    private readonly accounts: OfficerAccounts,
    private readonly state: EntryState,
    private readonly factors: FactorCheck,
    private readonly ceremony: PasskeyCeremony,
    private readonly sessions: OfficeSessions,
    private readonly failures: FailedOfficeSignIns,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') to: unknown) {
    const entry = this.state.read(request);
    if (!entry) return expired(reply);
    return this.page(request, reply, entry, officeReturnAddress(to));
  }

  @Post()
  @DescribesOutcome({ what: '登录', see: { href: '/office/login', text: '重新登录' } })
  async check(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const entry = this.state.read(request);
    if (!entry) return expired(reply);
    const typed = form.parse(body ?? {});
    const account = await this.accounts.of(entry.account);
    const refuse: Refuse = (status, message) => this.page(request, reply.status(status), entry, officeReturnAddress(typed.to), message);
    if (typed.code.trim() === '' && typed.credential === '') return refuse(422, '请填写验证码。');
    try {
      const visit = { request, reply, entry, typed, refuse };
      return await (this.factors.isEnrolled(account) ? this.prove(visit, account) : this.enrol(visit));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(422, refusalMessage(error));
    }
  }

  private async prove({ request, reply, entry, typed: { code, credential, to }, refuse }: Visit, account: Awaited<ReturnType<OfficerAccounts['of']>>) {
    const { proof, delay } =
      credential === ''
        ? await this.factors.check(entry.account, account, code, request.ip)
        : await this.factors.checkPasskey(entry.account, request.ip, () => this.ceremony.proved(request, entry.account, account, credential));
    if (delay) return refuse(429, delayed(delay));
    if (!proof) {
      this.failures.note(entry.account, 'factor', deviceOf(request));
      return refuse(422, notProved(credential));
    }
    await this.enter(request, reply, entry, (session) => new SignInOfficer(this.given(), entry.account, session, deviceOf(request), entry.password, proof));
    return redirectWithin(reply, to);
  }

  /** By the app for codes, or by a passkey alone. */
  private async enrol({ request, reply, entry, typed: { code, credential, name, to }, refuse }: Visit) {
    const codes = newRecoveryCodes();
    const enter = (factor: EnrolFactor['factor']) =>
      this.enter(request, reply, entry, (session) => new EnrolFactor(this.given(), entry.account, session, deviceOf(request), entry.password, factor, codes));
    if (credential === '') {
      const { proof, delay } = await this.factors.checkNew(entry.account, entry.secret, code, request.ip);
      if (delay) return refuse(429, delayed(delay));
      if (!proof) return refuse(422, '验证码不对。请确认手机的时间是自动设置的，再输入应用里现在的 6 位数字。');
      await enter({ secret: entry.secret, step: proof.step });
    } else {
      const made = await this.ceremony.made(request, entry.account, credential);
      if (!made) return refuse(422, '没有添加：这台设备的回答不对，或者等待的时间太长了。请再试一次，或者用手机应用。');
      await enter({ ...made, name: passkeyName(name) });
    }
    return reply.status(200).view('office/recovery-codes', { page: { title: '恢复码' }, codes, to: officeReturnAddress(to) ?? '/office' });
  }

  /** Records that the officer comes in, and only then begins the session. */
  private async enter(
    request: FastifyRequest,
    reply: FastifyReply,
    { account }: Entry,
    command: (session: string) => SignInOfficer | EnrolFactor,
  ): Promise<void> {
    const session = random();
    const cause = { ...currentCause(), by: `office:${account}`, origin: 'office' } as const;
    const appended = await causedBy(cause, () => this.commands.execute(command(session)));
    rememberPosition(reply, appended);
    this.state.end(reply);
    this.sessions.begin(request, reply, account, session, appended.position);
  }

  private async page(request: FastifyRequest, reply: FastifyReply, { account, secret }: Entry, to: string | undefined, message?: string) {
    const known = await this.accounts.of(account);
    if (this.factors.isEnrolled(known)) {
      const passkey = await this.ceremony.optionsForProof(request, reply, account, known);
      const hasApp = known.factor !== undefined;
      return reply.view('office/factor', { page: { title: '第二重验证' }, action: '/office/login/factor', why: undefined, to, message, passkey, hasApp });
    }
    const options = await this.ceremony.optionsForNew(request, reply, account, known);
    const qr = `data:image/svg+xml,${encodeURIComponent(renderSVG(totpAddress(account, secret), { ecc: 'M', border: 4 }))}`;
    const written = secret.match(/.{1,4}/g)?.join(' ') ?? secret;
    return reply.view('office/enrol', { page: { title: '设置第二重验证' }, account, qr, written, to, message, options });
  }

  private given() {
    return givenAt(this.clock.instant());
  }
}

function expired(reply: FastifyReply) {
  return reply.header('cache-control', 'no-store').redirect('/office/login?expired=1', 303);
}

/** Why a code, or what a browser has answered, proves nothing. */
export function notProved(credential: string): string {
  return credential === '' ? '验证码或恢复码不对，或者恢复码已经用过。' : '通行密钥没有通过，请再试一次，或者输入验证码。';
}

export function delayed(delay: Delay): string {
  return rateLimited(delay).message.replace('号码或密码', '验证码');
}
