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
import { type PasswordRefusal, refused } from '../../registrations/registrations.refusals.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { Public } from '../../web/routes/visitor.js';
import { SessionKeys } from '../sessions/session-keys.js';
import { Accounts, type Holder } from '../sign-in/accounts.js';
import { tooBusy, tooEarly } from '../sign-in/too-early.view.js';
import { type WrongFields, wrongFields } from '../sign-in/wrong-fields.js';
import { LoginRateLimiter } from '../throttling/login-rate-limiter.js';
import { addressAfter, PasswordProgress, type Progress } from './password-progress.js';
import { ownWords, unfitness } from './password-rules.js';
import { Passwords, WRONG_AFTER } from './passwords.js';
import { keyedCode } from './reset-codes.js';
import { ResetProofs } from './reset-proofs.js';

const PATH = '/login/reset';
const text = z.string().max(2_000).catch('');
const form = z.object({ account: text, code: text, password: text, again: text }).catch({ account: '', code: '', password: '', again: '' });
type Form = z.infer<typeof form>;

interface Refused {
  /** Of the refusal: it tells which fields are wrong. */
  readonly code?: string;
  readonly message: string;
  readonly status?: number;
  readonly seconds?: number;
}

/** What the page shows beside whose password it is. */
interface Shown {
  readonly message?: string;
  readonly account?: string;
  readonly code?: string;
  readonly progress?: Progress | undefined;
  readonly wrong?: WrongFields;
}

/** A password was set: the address that shows how far it has come. */
interface Reset {
  readonly after: string;
}

interface Redeemed {
  readonly id: string;
  readonly outcome: Refused | Reset;
}

const saying = (refusal: Refusal): Refused => ({ code: refusal.code, message: refusalMessage(refusal) });
const say = (code: PasswordRefusal): Refused => saying(refused(code));

/** 设置新密码 without the old one: by a code of an office, or after 北京通 has told who it is. */
@Controller('login/reset')
@Public()
export class ResetPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly delays: LoginRateLimiter,
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

  /** What can be said before anything is looked at, to anybody. */
  private incomplete({ account, code, password, again }: Form, isProved: boolean, wasProved: boolean): Refused | undefined {
    if (!isProved && (normalisedNumber(account) === '' || normalisedNumber(code) === '')) return say(wasProved ? 'reset.expired' : 'reset.missing');
    if (password === '' || again === '') return say('password.missing_new');
    if (password.normalize('NFKC') !== again.normalize('NFKC')) return say('password.differs');
    return undefined;
  }

  /** A wrong number and a wrong code are answered alike, after the same work: one hash, and one decision on what may be nobody's stream. */
  private async byCode(address: string, { account, code, password }: Form): Promise<Refused | Reset> {
    const begun = this.clock.now().getTime();
    const number = normalisedNumber(account);
    const wanting = await unfitness(password, isAdmissionNo(number) ? { admissionNo: number } : {});
    if (wanting) return say(wanting);
    let holder: Holder;
    try {
      await this.accounts.assertRead(number);
      this.passwords.assertRoom();
      holder = await this.accounts.holder(number);
    } catch (error) {
      const delay = error instanceof StillUpdating && (await this.delays.ask(address));
      return delay ? tooEarly(delay) : this.notNow(error, begun);
    }
    try {
      const attempt = { account: `reset ${holder.name}`, address };
      const { delay, done } = await this.delays.throttled(
        attempt,
        () => this.redeemedBy(number, code, password),
        (redeemed) => holder.ids.includes(redeemed?.id ?? ''),
      );
      if (delay) return { ...tooEarly(delay), message: `号码或重设码多次不对，请 ${delay.seconds} 秒后再试。` };
      if (done) return done.outcome;
    } catch (error) {
      return this.notNow(error, begun);
    }
    await this.clock.until(begun + WRONG_AFTER, WRONG_AFTER);
    return say('reset.not_proved');
  }

  /** By whose code, and why no password was set by it; undefined where it is nobody's. @throws TooBusy, StillUpdating */
  private async redeemedBy(number: string, code: string, password: string): Promise<Redeemed | undefined> {
    const found = await this.accounts.readIds(number); // or nothing could be held against the password
    const hash = await this.passwords.hash(password);
    for (const id of found.length > 0 ? found : [randomUUID()]) {
      const unfit = await this.unfitFor(id, password);
      const others = await this.accounts.sharing(id); // where they cannot be told, nothing is set
      const proof = { way: 'code', code: keyedCode(this.keys.reset, id, code) } as const;
      const outcome = await this.redeemed(new RedeemReset(givenAt(this.clock.instant()), id, proof, hash, others, unfit));
      if ('after' in outcome || outcome.code !== 'reset.not_proved') return { id, outcome };
    }
    return undefined;
  }

  /** The time does not tell whether there is a number that is not read yet. */
  private async notNow(error: unknown, begun: number): Promise<Refused> {
    const refused = tooBusy(error);
    if (error instanceof StillUpdating) await this.clock.until(begun + WRONG_AFTER, WRONG_AFTER);
    return refused;
  }

  private async byName(request: FastifyRequest, { password }: Form): Promise<Refused | Reset> {
    const proof = this.proofs.of(request);
    if (!proof) return say('reset.expired');
    const { candidateId, id } = proof;
    try {
      const account = await this.accounts.readAccount(candidateId); // or nothing could be held against the password
      if (!account) return say('reset.expired');
      const unfit = await unfitness(password, ownWords(account));
      if (unfit) return say(unfit);
      const hash = await this.passwords.hash(password);
      const others = await this.accounts.sharing(candidateId);
      const outcome = await this.redeemed(new RedeemReset(givenAt(this.clock.instant(), id), candidateId, { way: 'real_name' }, hash, others));
      return 'after' in outcome || outcome.code !== 'reset.not_proved' ? outcome : say('reset.expired');
    } catch (error) {
      return tooBusy(error);
    }
  }

  private async redeemed(command: RedeemReset): Promise<Refused | Reset> {
    try {
      const set = await this.commands.execute(command);
      return set.recorded > 0 ? { after: addressAfter(PATH, command.given, set) } : say('reset.not_proved'); // it was redeemed before
    } catch (error) {
      if (error instanceof Refusal) return saying(error);
      throw error;
    }
  }

  private async unfitFor(id: string, password: string): Promise<PasswordRefusal | undefined> {
    const account = await this.accounts.account(id);
    return account && unfitness(password, ownWords(account));
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
    const person = proved?.candidate.person && proved.safe.open(proved.candidate.person);
    const page = {
      title: '设置新密码',
      description: '用区自考办的重设码或北京通设置北京自考个人中心的新密码。',
      parent: person ? '/center/account/password' : '/login',
    };
    return reply.view('identity/reset', { page, message, account, code, state: progress?.state, again: progress?.again, wrong, person });
  }
}
