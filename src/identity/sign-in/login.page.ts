import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Catalogue } from '../../catalogue/catalogue.js';
import { contentText } from '../../catalogue/contents/content-text.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { normalisedNumber } from '../../vault/numbers.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { Public } from '../../web/routes/visitor.js';
import { FAILURE_RESPONSE_TIME, Passwords } from '../passwords/passwords.js';
import { ENDED_ELSEWHERE } from '../sessions/session.guard.js';
import { rejectionMessage, singleSignOnAddress } from '../single-sign-on/rejection.view.js';
import { SingleSignOn } from '../single-sign-on/single-sign-on.js';
import { type Attempt, LoginRateLimiter } from '../throttling/login-rate-limiter.js';
import { Accounts, type AuthenticatedAccount, type NumberHolder } from './accounts.js';
import { admissionNumberView } from './admission-number.view.js';
import { deviceOf } from './device.js';
import { KnownBrowsers } from './known-browsers.js';
import { type LoginOutcome, LoginOutcomes } from './login-outcomes.js';
import { RecordedSessions } from './recorded-sessions.js';
import { redirectTo, returnAddress } from './return-address.js';
import { overloaded, rateLimited, type SignInDelay } from './sign-in-delay.view.js';
import { SIGN_IN_TEXTS } from './sign-in-outcome-texts.js';
import { SignInState } from './sign-in-state.js';
import { wrongFields } from './wrong-fields.js';

const text = z.string().max(2_000).catch('');
const loginForm = z.object({ account: text, password: text }).catch({ account: '', password: '' });
const choiceForm = z.object({ choice: text }).catch({ choice: '' });

interface Refused {
  readonly outcome: LoginOutcome;
  readonly message: string;
  readonly account?: string;
  readonly password?: string;
  readonly status?: number;
}

/** The accounts whose password was right, and the person whose number it was. */
interface Authentication {
  readonly accounts: readonly AuthenticatedAccount[];
  readonly holder: NumberHolder;
  /** Seconds after which to retry: no password was right, and another number of the person has one that is not read yet. */
  readonly seconds?: number;
}

/** Who enters. A choice that began in an earlier release has no password. */
interface Entering {
  readonly id: string;
  readonly password?: string | undefined;
}

/** The number that was typed. */
interface Typed {
  readonly account: string;
  /** Makes the browser a known one for the number. */
  remember(): void;
}

/** 登录 with 准考证号 or 身份证号 and password. */
@Controller('login')
@Public()
export class LoginPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly signInState: SignInState,
    private readonly passwords: Passwords,
    private readonly rateLimiter: LoginRateLimiter,
    private readonly browsers: KnownBrowsers,
    private readonly outcomes: LoginOutcomes,
    private readonly recordedSessions: RecordedSessions,
    private readonly singleSignOn: SingleSignOn,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() { to, ended, out, bjt }: Readonly<Record<string, unknown>>) {
    const after = returnAddress(to);
    if (request.visitor) return redirectTo(reply, after);
    const message = rejectionMessage(bjt, after, bjt === 'updating' ? await this.accounts.secondsUntilRead() : undefined) ?? sessionEndMessage(ended, out);
    return reply.view('identity/login', { ...this.page(after), ...message, account: '', wrong: wrongFields(undefined, {}) });
  }

  @Post()
  @DescribesOutcome(SIGN_IN_TEXTS)
  async logIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { account, password } = loginForm.parse(body ?? {});
    const after = returnAddress((body as { to?: unknown } | undefined)?.to);
    const number = normalisedNumber(account);
    const shown = this.clock.now().getTime();
    if (number === '' || password === '') return this.refuse(reply, after, { outcome: 'incomplete', message: '请填写号码和密码。', account, password });
    const authentication = await this.authenticate(request, number, password);
    if ('outcome' in authentication) {
      if (authentication.outcome === 'updating') await this.clock.until(shown + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME); // or the time would tell whether the number exists
      reply.header('retry-after', authentication.seconds);
      return this.refuse(reply, after, { ...authentication, account });
    }
    const { accounts, holder, seconds } = authentication;
    if (accounts.length === 0 && seconds !== undefined) {
      await this.clock.until(shown + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME);
      reply.header('retry-after', seconds);
      return this.refuse(reply, after, { ...overloaded(new StillUpdating(seconds)), account });
    }
    if (accounts.length === 0) {
      await this.clock.until(shown + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME);
      const message = '号码或密码不对，请检查后再试。还没有密码或忘记了，请看下面的“忘记密码”。';
      return this.refuse(reply, after, { outcome: 'wrong', message, account });
    }
    const open = accounts.filter(({ candidate }) => candidate.accountState !== 'closed');
    const [only, another] = open;
    if (!only) return this.refuse(reply, after, { outcome: 'closed', message: '这个账号已经注销，不能登录。有疑问请联系区自考办。', account });
    const remember = () => {
      if (isHolder(accounts, holder)) this.browsers.remember(request, reply, holder.name);
    };
    if (another) return this.letChoose(reply, after, open, shown, remember);
    return this.enter(request, reply, only, after, shown, { account, remember });
  }

  @Get('choice')
  startAgain(@Res() reply: FastifyReply) {
    return reply.redirect('/login', 303);
  }

  @Post('choice')
  @DescribesOutcome(SIGN_IN_TEXTS)
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const after = returnAddress((body as { to?: unknown } | undefined)?.to);
    const { choice } = choiceForm.parse(body ?? {});
    const choosing = this.signInState.endChoice(request, reply, 'password');
    if (!choosing && request.visitor) return redirectTo(reply, after); // another tab has chosen
    const account = choosing?.ids.includes(choice) ? await this.accounts.readAccount(choice) : undefined;
    if (!choosing || !account || account.candidate.accountState === 'closed')
      return this.refuse(reply, after, { outcome: 'expired', message: '等待选择的时间太长了，请重新登录。' });
    const password = choosing.passwords?.[choosing.ids.indexOf(account.id)];
    return this.enter(request, reply, { id: account.id, password }, after, choosing.shown);
  }

  /** The accounts whose password was right; or why, and for how long, it may not be tried now. */
  private async authenticate(request: FastifyRequest, number: string, password: string): Promise<Authentication | SignInDelay> {
    let holder: NumberHolder;
    try {
      await this.accounts.assertPasswordRead(number);
      this.passwords.assertRoom();
      holder = await this.accounts.holder(number);
    } catch (error) {
      const delay = error instanceof StillUpdating && (await this.rateLimiter.ask(request.ip));
      return delay ? rateLimited(delay) : overloaded(error);
    }
    const attempt: Attempt = { account: holder.name, address: request.ip, known: this.browsers.isKnown(request, holder.name, number) };
    const work = () => this.accounts.authenticate(number, password, deviceOf(request));
    try {
      const { delay, done } = await this.rateLimiter.throttled(attempt, work, ({ accounts }) => isHolder(accounts, holder));
      return delay ? rateLimited(delay) : { ...done, holder };
    } catch (error) {
      return overloaded(error);
    }
  }

  /** @param shown milliseconds since the epoch: when the check of the password began */
  private async enter(request: FastifyRequest, reply: FastifyReply, { id, password }: Entering, to: string | undefined, shown: number, typed?: Typed) {
    try {
      await this.recordedSessions.begin(request, reply, id, 'password', shown, password);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { again } = error.values;
      if (typeof again === 'string') reply.header('retry-after', Math.ceil((Date.parse(again) - this.clock.now().getTime()) / 1_000));
      const [outcome, status] = error.code === 'login.too_often' ? (['too_often', 429] as const) : (['overtaken', 422] as const);
      return this.refuse(reply, to, { outcome, message: refusalMessage(error), account: typed?.account ?? '', status });
    }
    this.signInState.endChoices(request, reply);
    typed?.remember();
    this.outcomes.count('entered');
    return redirectTo(reply, to);
  }

  private letChoose(reply: FastifyReply, to: string | undefined, open: readonly AuthenticatedAccount[], shown: number, remember: () => void) {
    this.outcomes.count('choosing');
    this.signInState.beginChoice(reply, { way: 'password', ids: open.map(({ id }) => id), shown, passwords: open.map(({ password }) => password) });
    remember();
    const choices = open.map((account) => ({ choice: account.id, ...admissionNumberView(account, this.catalogue) }));
    reply.status(200); // Nest's default for a POST is 201
    return reply.view('identity/choose', { page: { title: '选择准考证号' }, choices, message: undefined, action: '/login/choice', to });
  }

  private refuse(reply: FastifyReply, to: string | undefined, { outcome, message, account = '', password = '', status = 422 }: Refused) {
    this.outcomes.count(outcome);
    reply.status(status);
    const wrong = outcome === 'wrong' ? 'login.wrong' : outcome === 'incomplete' ? 'login.missing' : undefined;
    return reply.view('identity/login', {
      ...this.page(to),
      message,
      way: undefined,
      tone: 'bad',
      account: account.slice(0, 100),
      wrong: wrongFields(wrong, { account, password }),
    });
  }

  private page(to: string | undefined) {
    const bjt = this.singleSignOn.isOffered ? singleSignOnAddress(to) : undefined;
    return {
      page: { title: '登录', description: '北京市高等教育自学考试考生个人中心：查询报考课程、考试安排、成绩和账单，在线缴费。' },
      to,
      bjt,
      welcome: contentText(this.catalogue, 'login_welcome', this.clock.now()),
    };
  }
}

/** Tells a visitor why the last session has ended. */
function sessionEndMessage(ended: unknown, out: unknown): { readonly message: string | undefined; readonly tone: 'info' | 'good'; readonly way: undefined } {
  if (ended === ENDED_ELSEWHERE)
    return { message: '这次登录已在别处退出，或者密码已经修改，请重新登录。不是您本人操作的，登录后请修改密码。', tone: 'info', way: undefined };
  if (ended !== undefined) return { message: '登录已超时，请重新登录。', tone: 'info', way: undefined };
  return { message: out === undefined ? undefined : '已退出登录。', tone: 'good', way: undefined };
}

/** Whether the number's holder was authenticated, and not a person who only gave that number at registration. */
function isHolder(accounts: readonly { readonly id: string }[], { ids }: NumberHolder): boolean {
  return accounts.some(({ id }) => ids.includes(id));
}
