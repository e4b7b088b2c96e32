import { Body, Controller, Get, NotFoundException, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { ApproveOfficerChange } from '../officers/approve-officer-change.command.js';
import { DeclineOfficerChange } from '../officers/decline-officer-change.command.js';
import { newSetupCode } from '../officers/one-time-codes.js';
import { OfficeRoute } from '../rights/office-route.js';
import { text } from '../sign-in/forms.js';
import { accountView } from './account.view.js';

const form = z.object({ change: text, decision: z.enum(['approve', 'decline']) });

/** The proposal for an account: a second administrator approves it, or one of both ends it. */
@Controller('office/accounts/:account/approval')
@OfficeRoute('change_accounts', { isSensitive: true })
export class AccountApprovalPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  async show(@CurrentOfficer() { account: reader }: OfficeVisitor, @Param('account') name: string, @Res() reply: FastifyReply) {
    return this.page(reply, name, reader);
  }

  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({
    what: '决定账号的更改',
    see: { href: '/office/accounts/:account', text: '查看账号' },
    next: '批准了重设而没有看到代码的，请再提出一次。',
  })
  async decide(@CurrentOfficer() { account: by }: OfficeVisitor, @Param('account') name: string, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { success, data } = form.safeParse(body ?? {});
    if (!success) return this.page(reply.status(422), name, by, '请选择批准或者不批准。');
    const { change } = await this.readModels.get(officers, name);
    const code = newSetupCode(this.clock.now());
    const given = givenAt(this.clock.instant());
    const isApproved = data.decision === 'approve';
    try {
      const command = isApproved ? new ApproveOfficerChange(given, by, name, data.change, code) : new DeclineOfficerChange(given, by, name, data.change);
      rememberPosition(reply, await this.commands.execute(command));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(reply.status(422), name, by, refusalMessage(error));
    }
    if (isApproved && change?.what === 'reset') {
      const page = { title: '一次性代码', place: '/office/accounts' };
      return reply.status(200).view('office/account-code', { page, account: name, code: code.text, until: code.until });
    }
    return reply.header('cache-control', 'no-store').redirect(`/office/accounts/${encodeURIComponent(name)}`, 303);
  }

  private async page(reply: FastifyReply, name: string, reader: string, message?: string) {
    const officer = await this.readModels.get(officers, name);
    if (officer.account === '') throw new NotFoundException();
    const page = { title: `${name} 的更改`, place: '/office/accounts' };
    return reply.view('office/account-approval', { page, ...accountView(officer, reader), message });
  }
}
