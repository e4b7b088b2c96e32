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
import { Entrance } from '../sign-in/entrance.js';
import { numberView } from '../sign-in/numbers.view.js';
import { leadOn, returnAddress } from '../sign-in/return-address.js';
import { SIGNING_IN } from '../sign-in/signing-in.js';
import { Visits } from '../sign-in/visits.js';
import { type Identity, SignOnFailed, SingleSignOn } from './single-sign-on.js';
import { SingleSignOnOutcomes, type TurnedBack } from './single-sign-on-outcomes.js';

/** L3: by face or bank card (docs/domain.md, rule 8). */
const LEAST_LEVEL = 3;
const choiceForm = z.object({ choice: z.string().max(2_000) }).catch({ choice: '' });

/** 北京通免密登录: there, and back with who it is. Every answer but the choice of a number leads on, so that no page of it stays in the history. */
@Controller('login/bjt')
@Public()
export class SingleSignOnPage {
  constructor(
    private readonly singleSignOn: SingleSignOn,
    private readonly visits: Visits,
    private readonly accounts: Accounts,
    private readonly outcomes: SingleSignOnOutcomes,
    private readonly entrance: Entrance,
    private readonly resets: ResetProofs,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Whoever has a session goes all the same: in the app it may be another person by now. */
  @Get()
  async begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') asked: unknown) {
    const to = returnAddress(asked);
    if (!this.singleSignOn.isOffered) return this.turnBack(reply, 'unset', to);
    try {
      const { address, state, kept } = await this.singleSignOn.begin(this.callback(request));
      this.visits.begin(request, reply, state, { kept, to });
      return noStore(reply).redirect(address, 303);
    } catch (error) {
      return this.turnBack(reply, failureOf(error), to);
    }
  }

  @Get('callback')
  @DescribesOutcome(SIGNING_IN)
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (request.method === 'HEAD') return noStore(reply).redirect('/login', 303); // it spends no code, nor does it end the visit
    const query = queryOf(request);
    const visit = this.visits.ended(request, reply, query.get('state') ?? '');
    if (!visit) return this.turnBack(reply, 'stale', undefined);
    try {
      const identity = await this.singleSignOn.finish(query, visit.kept);
      return await this.receive(request, reply, identity, visit.to);
    } catch (error) {
      return this.turnBack(reply, failureOf(error), visit.to);
    }
  }

  @Get('choice')
  @UsesReadModels(candidates)
  async showChoice(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query('to') asked: unknown) {
    const to = returnAddress(asked);
    if (request.visitor) return leadOn(reply, to);
    const choosing = this.visits.choosing(request);
    if (!choosing) return this.turnBack(reply, 'stale', to);
    const open = (await Promise.all(choosing.ids.map((id) => this.accounts.account(id)))).filter((account) => account !== undefined);
    const choices = open.map((account) => ({ choice: account.id, ...numberView(account, this.catalogue) }));
    return reply.view('identity/choose', { page: { title: '选择准考证号' }, choices, message: undefined, action: '/login/bjt/choice', to });
  }

  @Post('choice')
  @DescribesOutcome(SIGNING_IN)
  async choose(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const to = returnAddress((body as { to?: unknown } | undefined)?.to);
    const choosing = this.visits.chosen(request, reply, 'bjt');
    if (!choosing && request.visitor) return leadOn(reply, to); // by another tab
    const { choice } = choiceForm.parse(body ?? {});
    if (!choosing?.ids.includes(choice)) return this.turnBack(reply, 'stale', to);
    const account = await this.accounts.readAccount(choice);
    if (!account || !mayEnter(account)) return this.turnBack(reply, whyNot(account ? [account] : []), to);
    return this.letIn(request, reply, account, to);
  }

  /** Lets in who is known by now, if that is a candidate. A session of another person ends in any case. */
  private async receive(request: FastifyRequest, reply: FastifyReply, { name, idNo, level }: Identity, to: string | undefined) {
    const { all, named } = await this.accounts.of(idNo, name);
    const open = named.filter(mayEnter);
    const isOf = (accounts: readonly Account[]) => accounts.some(({ id }) => id === request.visitor?.id);
    if (request.visitor && isOf(named)) {
      if (level >= LEAST_LEVEL && isOf(open)) this.resets.begin(reply, request.visitor.id, request.visitor.session);
      this.outcomes.count('again');
      return leadOn(reply, to);
    }
    const [only, another] = open;
    if (level >= LEAST_LEVEL && only && !another) return this.letIn(request, reply, only, to);
    if (request.visitor) await this.entrance.leave(reply, request.visitor);
    if (level < LEAST_LEVEL) return this.turnBack(reply, 'level', to);
    if (!only) return this.turnBack(reply, named.length === 0 && all.length > 0 ? 'name' : whyNot(named), to);
    this.outcomes.count('choosing');
    this.visits.beginChoice(reply, { way: 'bjt', ids: open.map(({ id }) => id), shown: this.clock.now().getTime() });
    return noStore(reply).redirect(to ? `/login/bjt/choice?${new URLSearchParams({ to })}` : '/login/bjt/choice', 303);
  }

  private async letIn(request: FastifyRequest, reply: FastifyReply, { id }: Account, to: string | undefined) {
    this.resets.begin(reply, id, await this.entrance.enter(request, reply, id, 'bjt'));
    this.visits.endChoices(request, reply);
    this.outcomes.count('entered');
    return leadOn(reply, to);
  }

  private turnBack(reply: FastifyReply, why: TurnedBack, to: string | undefined) {
    this.outcomes.count(why);
    return noStore(reply).redirect(`/login?${new URLSearchParams({ bjt: why, ...(to && { to }) })}`, 303);
  }

  private callback(request: FastifyRequest): string {
    return `${baseUrl(this.config, request)}/login/bjt/callback`;
  }
}

function whyNot(accounts: readonly Account[]): TurnedBack {
  if (accounts.length === 0) return 'unregistered';
  return accounts.every(({ candidate }) => candidate.accountState === 'closed') ? 'closed' : 'unconfirmed';
}

/** What the browser came back with, whatever form the target of its request has. */
function queryOf({ url }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1));
}

/** What is no failure of the platform's is one of ours, and said as such. */
function failureOf(error: unknown): TurnedBack {
  if (error instanceof StillUpdating) return 'updating';
  if (!(error instanceof SignOnFailed)) throw error;
  const { failure, reason } = error;
  if (failure === 'unavailable' || failure === 'nonsense') log.warn({ failure, reason }, 'single sign-on failed');
  return failure;
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
