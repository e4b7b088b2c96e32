import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import { Config } from '../../settings/settings.js';
import { baseUrl } from '../../web/base-url.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { Public } from '../../web/routes/visitor.js';
import { ResetProofs } from '../passwords/reset-proofs.js';
import { type Account, Accounts, mayEnter } from '../sign-in/accounts.js';
import { admissionNumberView } from '../sign-in/admission-number.view.js';
import { RecordedSessions } from '../sign-in/recorded-sessions.js';
import { redirectTo, returnAddress } from '../sign-in/return-address.js';
import { SIGN_IN_TEXTS } from '../sign-in/sign-in-outcome-texts.js';
import { SignInState } from '../sign-in/sign-in-state.js';
import { type Identity, SignOnFailed, SingleSignOn } from './single-sign-on.js';
import { type Rejection, SingleSignOnOutcomes } from './single-sign-on-outcomes.js';

/** L3: by face or bank card (docs/domain.md, rule 8). */
const LEAST_LEVEL = 3;
const choiceForm = z.object({ choice: z.string().max(2_000) }).catch({ choice: '' });

/** 北京通免密登录. Every answer but the choice of a number is a redirect, so that none of its pages stays in the browser's history. */
@Controller('login/bjt')
@Public()
export class SingleSignOnPage {
  constructor(
    private readonly singleSignOn: SingleSignOn,
    private readonly signInState: SignInState,
    private readonly accounts: Accounts,
    private readonly outcomes: SingleSignOnOutcomes,
    private readonly recordedSessions: RecordedSessions,
    private readonly resets: ResetProofs,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Also for a visitor with a session: in the app it may be another person. */
  @Get()
  async begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') asked: unknown) {
    const to = returnAddress(asked);
    if (!this.singleSignOn.isOffered) return this.reject(reply, 'unset', to);
    try {
      const { address, state, kept } = await this.singleSignOn.begin(this.callback(request));
      this.signInState.beginVisit(request, reply, state, { kept, to });
      return noStore(reply).redirect(address, 303);
    } catch (error) {
      return this.reject(reply, failureOf(error), to);
    }
  }

  @Get('callback')
  @DescribesOutcome(SIGN_IN_TEXTS)
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (request.method === 'HEAD') return noStore(reply).redirect('/login', 303); // a HEAD request must not use up the code or end the visit
    const query = queryOf(request);
    const visit = this.signInState.endVisit(request, reply, query.get('state') ?? '');
    if (!visit) return this.reject(reply, 'stale', undefined);
    try {
      const identity = await this.singleSignOn.finish(query, visit.kept);
      return await this.receive(request, reply, identity, visit.to);
    } catch (error) {
      return this.reject(reply, failureOf(error), visit.to);
    }
  }

  @Get('choice')
  @UsesReadModels(candidates)
  async showChoice(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') asked: unknown) {
    const to = returnAddress(asked);
    if (request.visitor) return redirectTo(reply, to);
    const choosing = this.signInState.openChoice(request);
    if (!choosing) return this.reject(reply, 'stale', to);
    const open = (await Promise.all(choosing.ids.map((id) => this.accounts.account(id)))).filter((account) => account !== undefined);
    const choices = open.map((account) => ({ choice: account.id, ...admissionNumberView(account, this.catalogue) }));
    return reply.view('identity/choose', { page: { title: '选择准考证号' }, choices, message: undefined, action: '/login/bjt/choice', to });
  }

  @Post('choice')
  @DescribesOutcome(SIGN_IN_TEXTS)
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const to = returnAddress((body as { to?: unknown } | undefined)?.to);
    const choosing = this.signInState.endChoice(request, reply, 'bjt');
    if (!choosing && request.visitor) return redirectTo(reply, to); // another tab has chosen
    const { choice } = choiceForm.parse(body ?? {});
    if (!choosing?.ids.includes(choice)) return this.reject(reply, 'stale', to);
    const account = await this.accounts.readAccount(choice);
    if (!account || !mayEnter(account)) return this.reject(reply, whyNot(account ? [account] : []), to);
    return this.enter(request, reply, account, to);
  }

  /** Signs the person in, if it is a candidate. A session of another person ends in any case. */
  private async receive(request: FastifyRequest, reply: FastifyReply, { name, idNo, level }: Identity, to: string | undefined) {
    const { all, named } = await this.accounts.ofPerson(idNo, name);
    const open = named.filter(mayEnter);
    const isOf = (accounts: readonly Account[]) => accounts.some(({ id }) => id === request.visitor?.id);
    if (request.visitor && isOf(named)) {
      if (level >= LEAST_LEVEL && isOf(open)) this.resets.begin(reply, request.visitor.id, request.visitor.session);
      this.outcomes.count('again');
      return redirectTo(reply, to);
    }
    const [only, another] = open;
    if (level >= LEAST_LEVEL && only && !another) return this.enter(request, reply, only, to);
    if (request.visitor) await this.recordedSessions.end(reply, request.visitor);
    if (level < LEAST_LEVEL) return this.reject(reply, 'level', to);
    if (!only) return this.reject(reply, named.length === 0 && all.length > 0 ? 'name' : whyNot(named), to);
    this.outcomes.count('choosing');
    this.signInState.beginChoice(reply, { way: 'bjt', ids: open.map(({ id }) => id), shown: this.clock.now().getTime() });
    return noStore(reply).redirect(to ? `/login/bjt/choice?${new URLSearchParams({ to })}` : '/login/bjt/choice', 303);
  }

  private async enter(request: FastifyRequest, reply: FastifyReply, { id }: Account, to: string | undefined) {
    this.resets.begin(reply, id, await this.recordedSessions.begin(request, reply, id, 'bjt'));
    this.signInState.endChoices(request, reply);
    this.outcomes.count('entered');
    return redirectTo(reply, to);
  }

  private reject(reply: FastifyReply, why: Rejection, to: string | undefined) {
    this.outcomes.count(why);
    return noStore(reply).redirect(`/login?${new URLSearchParams({ bjt: why, ...(to && { to }) })}`, 303);
  }

  private callback(request: FastifyRequest): string {
    return `${baseUrl(this.config, request)}/login/bjt/callback`;
  }
}

function whyNot(accounts: readonly Account[]): Rejection {
  if (accounts.length === 0) return 'unregistered';
  return accounts.every(({ candidate }) => candidate.accountState === 'closed') ? 'closed' : 'unconfirmed';
}

/** The query of the callback, for an absolute request target as well. */
function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1));
}

/** @throws any error that is not a failure of the platform */
function failureOf(error: unknown): Rejection {
  if (error instanceof StillUpdating) return 'updating';
  if (!(error instanceof SignOnFailed)) throw error;
  const { failure, reason } = error;
  if (failure === 'unavailable' || failure === 'nonsense') log.warn({ failure, reason }, 'single sign-on failed');
  return failure;
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
