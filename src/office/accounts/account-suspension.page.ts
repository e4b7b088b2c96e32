import { Body, Controller, Get, NotFoundException, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { causedBy, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { noteProblem } from '../note-problem.js';
import { ReinstateOfficer } from '../officers/reinstate-officer.command.js';
import { SuspendOfficer } from '../officers/suspend-officer.command.js';
import { OfficeRoute } from '../rights/office-route.js';
import { text } from '../sign-in/forms.js';

const form = z.object({ action: z.enum(['suspend', 'reinstate']), reason: text });

/** Suspends an account, which ends its sessions at once, or reinstates it. One administrator is enough, so that nothing delays it. */
@Controller('office/accounts/:account/suspension')
@OfficeRoute('change_accounts', { isSensitive: true })
export class AccountSuspensionPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@Param('account') name: string, @Res() reply: FastifyReply) {
    return this.page(reply, name, '');
  }

  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({ what: '停用或恢复账号', see: { href: '/office/accounts/:account', text: '查看账号' } })
  async decide(@CurrentOfficer() { account: by }: OfficeVisitor, @Param('account') name: string, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { success, data } = form.safeParse(body ?? {});
    if (!success) return this.page(reply.status(422), name, '', '请选择停用或者恢复。');
    const problem = noteProblem(data.reason);
    if (problem) return this.page(reply.status(422), name, data.reason, `原因${problem}。`);
    const given = givenAt(this.clock.instant());
    const command = data.action === 'suspend' ? new SuspendOfficer(given, name, by) : new ReinstateOfficer(given, name, by);
    try {
      rememberPosition(reply, await causedBy({ ...currentCause(), why: data.reason.trim() }, () => this.commands.execute(command)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(reply.status(422), name, data.reason, refusalMessage(error));
    }
    return reply.header('cache-control', 'no-store').redirect(`/office/accounts/${encodeURIComponent(name)}`, 303);
  }

  private async page(reply: FastifyReply, name: string, reason: string, message?: string) {
    const { account, suspended } = await this.readModels.get(officers, name);
    if (account === '') throw new NotFoundException();
    const page = { title: `${suspended ? '恢复' : '停用'} ${account}`, place: '/office/accounts' };
    return reply.view('office/account-suspension', { page, account, suspended, reason, message });
  }
}
