import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import type { PasswordInForce } from '../../registrations/passwords/password-in-force.js';
import { ReplacePassword } from '../../registrations/passwords/replace-password.command.js';
import type { PasswordRefusal } from '../../registrations/registrations.refusals.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { keptSessionOf } from '../sessions/other-sessions.js';
import { type Account, Accounts } from '../sign-in/accounts.js';
import { overloaded, rateLimited, type SignInDelay } from '../sign-in/sign-in-delay.view.js';
import { type WrongFields, wrongFields } from '../sign-in/wrong-fields.js';
import { LoginRateLimiter } from '../throttling/login-rate-limiter.js';
import { PasswordProgress, type Progress, progressAddress } from './password-progress.js';
import { passwordProblem, personalDataOf } from './password-rules.js';
import { Passwords } from './passwords.js';

const PATH = '/center/account/password';
const text = z.string().max(2_000).catch('');
const form = z.object({ old: text, password: text, again: text }).catch({ old: '', password: '', again: '' });

interface Refused {
  /** The refusal's code, which tells the wrong fields. */
  readonly code?: string;
  readonly message: string;
  readonly status?: number;
}

interface Shown {
  readonly message?: string;
  readonly progress?: Progress | undefined;
  readonly wrong?: WrongFields;
}

interface CurrentPassword {
  readonly account: Account;
  readonly kept: PasswordInForce;
}

/** 修改密码 with the old password. All other sessions end. */
@Controller('center/account/password')
export class PasswordPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly commands: CommandBus,
    private readonly rateLimiter: LoginRateLimiter,
    private readonly progress: PasswordProgress,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply, @Query('done') done: unknown) {
    const progress = await this.progress.of(PATH, done);
    if (progress?.state === 'under way') reply.request.processing = true;
    return this.page(reply, { progress });
  }

  @Post()
  @DescribesOutcome({
    what: '修改密码',
    see: { href: '/center/account#sessions', text: '查看已登录的设备' },
    next: '以后请用新密码登录。别的设备上的登录会自动退出，请在已登录的设备里查看。',
    unsure: '下次登录请先用新密码，登录不了再用原密码。',
  })
  async change(@CurrentCandidate() visitor: Visitor, @Req() { ip }: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { old, password, again } = form.parse(body ?? {});
    let account: Account | undefined;
    try {
      account = await this.accounts.accountWithPassword(visitor.id);
    } catch (error) {
      return this.refuse(reply, overloaded(error));
    }
    const kept = account && (await this.accounts.inForce(account));
    if (!account || !kept) return this.refuse(reply, refusedFor(refused('password.none')));
    const refusal = await this.refusal({ account, kept }, old, password, again, ip);
    if (refusal) return this.refuse(reply, refusal, { old, password, again });
    try {
      const hash = await this.passwords.hash(password);
      const others = await this.accounts.linkedIds(visitor.id); // throws, and nothing is set, while they are unknown
      const given = givenAt(this.clock.instant());
      const set = await this.commands.execute(new ReplacePassword(given, visitor.id, hash, kept.passwordEvent, others, keptSessionOf(visitor)));
      rememberPosition(reply, set);
      return reply.header('cache-control', 'no-store').redirect(progressAddress(PATH, given, set), 303);
    } catch (error) {
      if (error instanceof Refusal) return this.refuse(reply, refusedFor(error));
      return this.refuse(reply, withDelay(reply, overloaded(error)));
    }
  }

  private async refusal({ account, kept }: CurrentPassword, old: string, password: string, again: string, address: string) {
    const say = (code: PasswordRefusal) => refusedFor(refused(code));
    if (old === '' || password === '' || again === '') return say('password.missing');
    if (password.normalize('NFKC') !== again.normalize('NFKC')) return say('password.differs');
    const unfit = await passwordProblem(password, personalDataOf(account));
    if (unfit) return say(unfit);
    if (password.normalize('NFKC') === old.normalize('NFKC')) return say('password.same');
    return this.checkOld({ account, kept }, old, address);
  }

  /** The refusal of a wrong old password, or of one that may not be tried now. */
  private async checkOld({ account, kept }: CurrentPassword, old: string, address: string): Promise<Refused | SignInDelay | undefined> {
    const attempt = { account: `change ${account.id}`, address, known: true };
    const check = () => this.passwords.verify(kept.safe.open(kept.password), old);
    try {
      this.passwords.assertRoom();
      const { delay, done } = await this.rateLimiter.throttled(attempt, check, (outcome) => outcome !== 'wrong');
      if (delay) return { ...rateLimited(delay), message: `原密码多次不对，请 ${delay.seconds} 秒后再试。` };
      return done === 'wrong' ? refusedFor(refused('password.wrong_old')) : undefined;
    } catch (error) {
      return overloaded(error);
    }
  }

  private refuse(reply: FastifyReply, refused: Refused | SignInDelay, typed = {}) {
    const { message, status = 422 } = withDelay(reply, refused);
    reply.status(status);
    return this.page(reply, { message, wrong: wrongFields('code' in refused ? refused.code : undefined, typed) });
  }

  private page(reply: FastifyReply, { message, progress, wrong = wrongFields(undefined, {}) }: Shown) {
    return reply.view('identity/password', {
      page: { title: '修改密码', parent: '/center/account', tab: 'account' },
      message,
      state: progress?.state,
      again: progress?.again,
      wrong,
    });
  }
}

function refusedFor(refusal: Refusal): Refused {
  return { code: refusal.code, message: refusalMessage(refusal) };
}

function withDelay<R extends Refused>(reply: FastifyReply, refused: R): R {
  if ('seconds' in refused) reply.header('retry-after', refused.seconds);
  return refused;
}
