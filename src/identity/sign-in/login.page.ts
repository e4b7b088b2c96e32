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
import { Passwords, WRONG_AFTER } from '../passwords/passwords.js';
import { ELSEWHERE } from '../sessions/session.guard.js';
import { SingleSignOn } from '../single-sign-on/single-sign-on.js';
import { type Attempt, LoginRateLimiter } from '../throttling/login-rate-limiter.js';
import { Accounts, type Holder, type OpenedAccount } from './accounts.js';
import { deviceOf } from './device-of.js';
import { Entrance } from './entrance.js';
import { KnownBrowsers } from './known-browsers.js';
import { type LoginOutcome, LoginOutcomes } from './login-outcomes.js';
import { numberView } from './numbers.view.js';
import { leadOn, returnAddress } from './return-address.js';
import { SIGNING_IN } from './signing-in.js';
import { type TooEarly, tooBusy, tooEarly } from './too-early.view.js';
import { bjtAddress, turnedBack } from './turned-back.view.js';
import { Visits } from './visits.js';
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

/** Which accounts have opened, and whose number it was. */
interface Opening {
  readonly opened: readonly OpenedAccount[];
  readonly holder: Holder;
  /** None has, and for so many seconds it is not known whether another number of the person would. */
  readonly seconds?: number;
}

/** Who enters. A choice that a release before has let begin does not say by which password. */
interface Entering {
  readonly id: string;
  readonly password?: string | undefined;
}

/** The number that was typed, and what makes the browser known with it. */
interface Typed {
  readonly account: string;
  remember(): void;
}

/** 登录 with 准考证号 or 身份证号 and password. */
@Controller('login')
@Public()
export class LoginPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly visits: Visits,
    private readonly passwords: Passwords,
    private readonly delays: LoginRateLimiter,
    private readonly browsers: KnownBrowsers,
    private readonly outcomes: LoginOutcomes,
    private readonly entrance: Entrance,
    private readonly singleSignOn: SingleSignOn,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() { to, ended, out, bjt }: Readonly<Record<string, unknown>>) {
    const after = returnAddress(to);
    if (request.visitor) return leadOn(reply, after);
    const said = turnedBack(bjt, after, bjt === 'updating' ? await this.accounts.secondsUntilRead() : undefined) ?? leftBy(ended, out);
    return reply.view('identity/login', { ...this.page(after), ...said, account: '', wrong: wrongFields(undefined, {}) });
  }

  @Post()
  @DescribesOutcome(SIGNING_IN)
  async logIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { account, password } = loginForm.parse(body ?? {});
    const after = returnAddress((body as { to?: unknown } | undefined)?.to);
    const number = normalisedNumber(account);
    const shown = this.clock.now().getTime();
    if (number === '' || password === '') return this.refuse(reply, after, { outcome: 'incomplete', message: '请填写号码和密码。', account, password });
    const opening = await this.opening(request, number, password);
    if ('outcome' in opening) {
      if (opening.outcome === 'updating') await this.clock.until(shown + WRONG_AFTER, WRONG_AFTER); // the time does not tell whether there is such a number
      reply.header('retry-after', opening.seconds);
      return this.refuse(reply, after, { ...opening, account });
    }
    const { opened, holder, seconds } = opening;
    if (opened.length === 0 && seconds !== undefined) {
      await this.clock.until(shown + WRONG_AFTER, WRONG_AFTER);
      reply.header('retry-after', seconds);
      return this.refuse(reply, after, { ...tooBusy(new StillUpdating(seconds)), account });
    }
    if (opened.length === 0) {
      await this.clock.until(shown + WRONG_AFTER, WRONG_AFTER);
      const message = '号码或密码不对，请检查后再试。还没有密码或忘记了，请看下面的“忘记密码”。';
      return this.refuse(reply, after, { outcome: 'wrong', message, account });
    }
    const open = opened.filter(({ candidate }) => candidate.accountState !== 'closed');
    const [only, another] = open;
    if (!only) return this.refuse(reply, after, { outcome: 'closed', message: '这个账号已经注销，不能登录。有疑问请联系区自考办。', account });
    const remember = () => {
      if (isHolder(opened, holder)) this.browsers.remember(request, reply, holder.name);
    };
    if (another) return this.letChoose(reply, after, open, shown, remember);
    return this.letIn(request, reply, only, after, shown, { account, remember });
  }

  @Get('choice')
  startAgain(@Res() reply: FastifyReply) {
    return reply.redirect('/login', 303);
  }

  @Post('choice')
  @DescribesOutcome(SIGNING_IN)
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const after = returnAddress((body as { to?: unknown } | undefined)?.to);
    const { choice } = choiceForm.parse(body ?? {});
    const choosing = this.visits.chosen(request, reply, 'password');
    if (!choosing && request.visitor) return leadOn(reply, after); // by another tab
    const account = choosing?.ids.includes(choice) ? await this.accounts.readAccount(choice) : undefined;
    if (!choosing || !account || account.candidate.accountState === 'closed')
      return this.refuse(reply, after, { outcome: 'expired', message: '等待选择的时间太长了，请重新登录。' });
    const password = choosing.passwords?.[choosing.ids.indexOf(account.id)];
    return this.letIn(request, reply, { id: account.id, password }, after, choosing.shown);
  }

  /** The accounts that open, none when number or password is wrong; or after how long it may be tried, and why not now. */
  private async opening(request: FastifyRequest, number: string, password: string): Promise<Opening | TooEarly> {
    let holder: Holder;
    try {
      await this.accounts.assertPasswordRead(number);
      this.passwords.assertRoom();
      holder = await this.accounts.holder(number);
    } catch (error) {
      const delay = error instanceof StillUpdating && (await this.delays.ask(request.ip));
      return delay ? tooEarly(delay) : tooBusy(error);
    }
    const attempt: Attempt = { account: holder.name, address: request.ip, known: this.browsers.isKnown(request, holder.name, number) };
    const work = () => this.accounts.opening(number, password, deviceOf(request));
    try {
      const { delay, done } = await this.delays.throttled(attempt, work, ({ opened }) => isHolder(opened, holder));
      return delay ? tooEarly(delay) : { ...done, holder };
    } catch (error) {
      return tooBusy(error);
    }
  }

  /** @param shown milliseconds: since when the password is known to be right */
  private async letIn(request: FastifyRequest, reply: FastifyReply, { id, password }: Entering, to: string | undefined, shown: number, typed?: Typed) {
    try {
      await this.entrance.enter(request, reply, id, 'password', shown, password);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { again } = error.values;
      if (typeof again === 'string') reply.header('retry-after', Math.ceil((Date.parse(again) - this.clock.now().getTime()) / 1_000));
      const [outcome, status] = error.code === 'login.too_often' ? (['too_often', 429] as const) : (['overtaken', 422] as const);
      return this.refuse(reply, to, { outcome, message: refusalMessage(error), account: typed?.account ?? '', status });
    }
    this.visits.endChoices(request, reply);
    typed?.remember();
    this.outcomes.count('entered');
    return leadOn(reply, to);
  }

  private letChoose(reply: FastifyReply, to: string | undefined, open: readonly OpenedAccount[], shown: number, remember: () => void) {
    this.outcomes.count('choosing');
    this.visits.beginChoice(reply, { way: 'password', ids: open.map(({ id }) => id), shown, passwords: open.map(({ password }) => password) });
    remember();
    const choices = open.map((account) => ({ choice: account.id, ...numberView(account, this.catalogue) }));
    reply.status(200); // a page in answer to the form; nothing was made
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
    const bjt = this.singleSignOn.isOffered ? bjtAddress(to) : undefined;
    return {
      page: { title: '登录', description: '北京市高等教育自学考试考生个人中心：查询报考课程、考试安排、成绩和账单，在线缴费。' },
      to,
      bjt,
      welcome: contentText(this.catalogue, 'login_welcome', this.clock.now()),
    };
  }
}

/** What the login page says to whoever was in the centre before: that the session ran out, or that it was ended. */
function leftBy(ended: unknown, out: unknown): { readonly message: string | undefined; readonly tone: 'info' | 'good'; readonly way: undefined } {
  if (ended === ELSEWHERE)
    return { message: '这次登录已在别处退出，或者密码已经修改，请重新登录。不是您本人操作的，登录后请修改密码。', tone: 'info', way: undefined };
  if (ended !== undefined) return { message: '登录已超时，请重新登录。', tone: 'info', way: undefined };
  return { message: out === undefined ? undefined : '已退出登录。', tone: 'good', way: undefined };
}

/** Whether the number's holder has entered, and not somebody who has only given that number as theirs. */
function isHolder(opened: readonly { readonly id: string }[], { ids }: Holder): boolean {
  return opened.some(({ id }) => ids.includes(id));
}
