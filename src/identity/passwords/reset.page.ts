import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate as candidates } from '../../../projections/candidate.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { RedeemReset } from '../../registrations/passwords/redeem-reset.command.js';
import { openedPerson } from '../../registrations/person.js';
import { type PasswordRefusal, refused } from '../../registrations/registrations.refusals.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { Public } from '../../web/routes/visitor.js';
import { SessionKeys } from '../sessions/session-keys.js';
import { Accounts, type NumberHolder } from '../sign-in/accounts.js';
import { overloaded, rateLimited } from '../sign-in/sign-in-delay.view.js';
import { type WrongFields, wrongFields } from '../sign-in/wrong-fields.js';
import { LoginRateLimiter } from '../throttling/login-rate-limiter.js';
import { PasswordProgress, type Progress, progressAddress } from './password-progress.js';
import { passwordProblem, personalDataOf } from './password-rules.js';
import { FAILURE_RESPONSE_TIME, Passwords } from './passwords.js';
import { resetCodeHash } from './reset-codes.js';
import { ResetProofs } from './reset-proofs.js';

const PATH = '/login/reset';
const text = z.string().max(2_000).catch('');
const form = z.object({ account: text, code: text, password: text, again: text }).catch({ account: '', code: '', password: '', again: '' });
type Form = z.infer<typeof form>;

interface Refused {
  /** The refusal's code, which tells the wrong fields. */
  readonly code?: string;
  readonly message: string;
  readonly status?: number;
  readonly seconds?: number;
}

/** What the page shows beside the person's name. */
interface Shown {
  readonly message?: string;
  readonly account?: string;
  readonly code?: string;
  readonly progress?: Progress | undefined;
  readonly wrong?: WrongFields;
}

/** A password was set. */
interface Reset {
  /** The address that shows its progress. */
  readonly after: string;
}

interface Redeemed {
  /** The candidate whose code it is. */
  readonly id: string;
  readonly outcome: Refused | Reset;
}

const refusedFor = (refusal: Refusal): Refused => ({ code: refusal.code, message: refusalMessage(refusal) });
const refusedAs = (code: PasswordRefusal): Refused => refusedFor(refused(code));

/** 设置新密码 without the old one: by a code of an office, or after 北京通 has proved the real name. */
@Controller('login/reset')
@Public()
export class ResetPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly rateLimiter: LoginRateLimiter,
    private readonly commands: CommandBus,
    private readonly progress: PasswordProgress,
    private readonly proofs: ResetProofs,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates)
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('done') done: unknown) {
    const progress = await this.progress.of(PATH, done);
    if (progress?.state === 'under way') request.processing = true;
    return this.page(request, reply, { progress });
  }

  @Post()
  @DescribesOutcome({
    what: '设置新密码',
    see: { href: '/login', text: '用新密码登录' },
    next: '请用新密码登录。原来的登录会自动退出，登录以后请在“我的”里查看。',
    unsure: '请先用新密码登录，登录不了再重新设置。',
  })
  async reset(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const given = form.parse(body ?? {});
    const proof = this.proofs.of(request);
    const incomplete = this.incomplete(given, proof !== undefined, this.proofs.wasGiven(request));
    if (incomplete) return this.refuse(request, reply, incomplete, given);
    const outcome = await (proof ? this.byName(request, given) : this.byCode(request.ip, given));
    if (!('after' in outcome)) return this.refuse(request, reply, outcome, given);
    this.proofs.end(reply);
    return reply.header('cache-control', 'no-store').redirect(outcome.after, 303);
  }

  /** Refuses an incomplete form before anything is looked up. */
  private incomplete({ account, code, password, again }: Form, isProved: boolean, wasProved: boolean): Refused | undefined {
    if (!isProved && (normalisedNumber(account) === '' || normalisedNumber(code) === '')) return refusedAs(wasProved ? 'reset.expired' : 'reset.missing');
    if (password === '' || again === '') return refusedAs('password.missing_new');
    if (password.normalize('NFKC') !== again.normalize('NFKC')) return refusedAs('password.differs');
    return undefined;
  }

  /** A wrong number and a wrong code get the same answer after the same work: one hash, and one decision, for an unknown number on an empty stream. */
  private async byCode(address: string, { account, code, password }: Form): Promise<Refused | Reset> {
    const begun = this.clock.now().getTime();
    const number = normalisedNumber(account);
    const problem = await passwordProblem(password, isAdmissionNo(number) ? { admissionNo: number } : {});
    if (problem) return refusedAs(problem);
    let holder: NumberHolder;
    try {
      await this.accounts.assertRead(number);
      this.passwords.assertRoom();
      holder = await this.accounts.holder(number);
    } catch (error) {
      const delay = error instanceof StillUpdating && (await this.rateLimiter.ask(address));
      return delay ? rateLimited(delay) : this.retryLater(error, begun);
    }
    try {
      const attempt = { account: `reset ${holder.name}`, address };
      const { delay, done } = await this.rateLimiter.throttled(
        attempt,
        () => this.redeemedBy(number, code, password),
        (redeemed) => holder.ids.includes(redeemed?.id ?? ''),
      );
      if (delay) return { ...rateLimited(delay), message: `号码或重设码多次不对，请 ${delay.seconds} 秒后再试。` };
      if (done) return done.outcome;
    } catch (error) {
      return this.retryLater(error, begun);
    }
    await this.clock.until(begun + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME);
    return refusedAs('reset.not_proved');
  }

  /** The owner of the code and the outcome; undefined where the code is nobody's. @throws TooBusy, StillUpdating */
  private async redeemedBy(number: string, code: string, password: string): Promise<Redeemed | undefined> {
    const found = await this.accounts.readIds(number); // throws while the personal data for the password's check are unknown
    const hash = await this.passwords.hash(password);
    for (const id of found.length > 0 ? found : [randomUUID()]) {
      const unfit = await this.problemFor(id, password);
      const others = await this.accounts.linkedIds(id); // throws, and nothing is set, while they are unknown
      const proof = { way: 'code', code: resetCodeHash(this.keys.reset, id, code) } as const;
      const outcome = await this.redeemed(new RedeemReset(givenAt(this.clock.instant()), id, proof, hash, others, unfit));
      if ('after' in outcome || outcome.code !== 'reset.not_proved') return { id, outcome };
    }
    return undefined;
  }

  /** Answers late, so that the time does not tell whether the number exists. */
  private async retryLater(error: unknown, begun: number): Promise<Refused> {
    const refused = overloaded(error);
    if (error instanceof StillUpdating) await this.clock.until(begun + FAILURE_RESPONSE_TIME, FAILURE_RESPONSE_TIME);
    return refused;
  }

  private async byName(request: FastifyRequest, { password }: Form): Promise<Refused | Reset> {
    const proof = this.proofs.of(request);
    if (!proof) return refusedAs('reset.expired');
    const { candidateId, id } = proof;
    try {
      const account = await this.accounts.readAccount(candidateId); // throws while the personal data for the password's check are unknown
      if (!account) return refusedAs('reset.expired');
      const problem = await passwordProblem(password, personalDataOf(account));
      if (problem) return refusedAs(problem);
      const hash = await this.passwords.hash(password);
      const others = await this.accounts.linkedIds(candidateId);
      const outcome = await this.redeemed(new RedeemReset(givenAt(this.clock.instant(), id), candidateId, { way: 'real_name' }, hash, others));
      return 'after' in outcome || outcome.code !== 'reset.not_proved' ? outcome : refusedAs('reset.expired');
    } catch (error) {
      return overloaded(error);
    }
  }

  private async redeemed(command: RedeemReset): Promise<Refused | Reset> {
    try {
      const set = await this.commands.execute(command);
      return set.recorded > 0 ? { after: progressAddress(PATH, command.given, set) } : refusedAs('reset.not_proved'); // redeemed before
    } catch (error) {
      if (error instanceof Refusal) return refusedFor(error);
      throw error;
    }
  }

  private async problemFor(id: string, password: string): Promise<PasswordRefusal | undefined> {
    const account = await this.accounts.account(id);
    return account && passwordProblem(password, personalDataOf(account));
  }

  private refuse(request: FastifyRequest, reply: FastifyReply, refused: Refused, form: Form) {
    const { message, status = 422, seconds } = refused;
    reply.status(status);
    if (seconds !== undefined) reply.header('retry-after', seconds);
    const wrong = wrongFields(refused.code, form);
    return this.page(request, reply, { message, account: form.account.slice(0, 100), code: form.code.slice(0, 40), wrong });
  }

  private async page(request: FastifyRequest, reply: FastifyReply, { message, account = '', code = '', progress, wrong = wrongFields(undefined, {}) }: Shown) {
    const proof = this.proofs.of(request);
    const proved = proof && (await this.accounts.account(proof.candidateId));
    const person = proved && openedPerson(proved.candidate, proved.safe);
    const page = {
      title: '设置新密码',
      description: '用区自考办的重设码或北京通设置北京自考个人中心的新密码。',
      parent: person ? '/center/account/password' : '/login',
    };
    return reply.view('identity/reset', { page, message, account, code, state: progress?.state, again: progress?.again, wrong, person });
  }
}
