import { Body, Controller, Get, NotFoundException, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate as candidates } from '../../../projections/candidate.js';
import { signIns } from '../../../projections/sign-ins.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import { Config } from '../../settings/settings.js';
import { Vault } from '../../vault/vault.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { Accounts } from '../sign-in/accounts.js';
import { admissionNumberView } from '../sign-in/admission-number.view.js';
import { RecordedSessions } from '../sign-in/recorded-sessions.js';
import { redirectTo } from '../sign-in/return-address.js';
import { signInsView } from './sign-ins.view.js';

const numberForm = z.object({ number: z.string().max(40) }).catch({ number: '' });

/** 我的: the account, its sign-ins and devices, help, and signing out. */
@Controller('center/account')
export class AccountPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly recordedSessions: RecordedSessions,
    private readonly catalogue: Catalogue,
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  @Get()
  @UsesReadModels(candidates, signIns)
  @Render('identity/account')
  async show(@CurrentCandidate() { id, session }: Visitor, @Query('ended') ended: unknown) {
    const [account, entered, safe] = await Promise.all([this.accounts.account(id), this.readModels.get(signIns, id), this.vault.safe(id)]);
    const others = account ? await this.accounts.others(account) : [];
    const { SESSION_IDLE, SESSION_MAX } = this.config.settings;
    return {
      page: { title: '我的', parent: '/center', tab: 'account' },
      person: account && openedPerson(account.candidate, account.safe),
      others: others.map((other) => ({ id: other.id, ...admissionNumberView(other, this.catalogue) })),
      ...signInsView(entered, safe, session, this.clock.now().getTime() - SESSION_MAX),
      ended: ended === 'others' ? '其他设备上的登录都已退出。' : ended === 'one' ? '那台设备上的登录已经退出。' : undefined,
      idle: inWords(SESSION_IDLE),
      longest: inWords(SESSION_MAX),
    };
  }

  /** A link switches nothing: it leads to the page with the button. */
  @Get('number')
  showNumbers(@Res() reply: FastifyReply) {
    return reply.redirect('/center/account', 303);
  }

  /**
   * Switches to another admission number of the same person, with a new session and without signing in again. The new session is as old
   * as the previous one, because identity was not proved again.
   */
  @Post('number')
  @DescribesOutcome({ what: '切换准考证号', see: { href: '/center/account', text: '查看现在的准考证号' }, holds: '还没有切换。' })
  @UsesReadModels(candidates)
  async switchTo(@CurrentCandidate() { id, began }: Visitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { number } = numberForm.parse(body ?? {});
    const account = await this.accounts.account(id);
    const others = account ? await this.accounts.others(account) : [];
    const chosen = others.find((other) => other.id === number);
    if (!chosen) throw new NotFoundException();
    await this.recordedSessions.begin(request, reply, chosen.id, 'switch', began);
    return redirectTo(reply, undefined);
  }
}

/** A duration in milliseconds as `2 小时` or `90 分钟`. */
function inWords(duration: number): string {
  const minutes = Math.max(1, Math.round(duration / 60_000));
  return minutes % 60 === 0 ? `${minutes / 60} 小时` : `${minutes} 分钟`;
}
