import { Body, Controller, Get, NotFoundException, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { Catalogue } from '../../catalogue/catalogue.js';
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
import type { Duties } from '../officers/officers.events.js';
import { ProposeOfficerChange } from '../officers/propose-officer-change.command.js';
import { OfficeRoute } from '../rights/office-route.js';
import { text } from '../sign-in/forms.js';
import { dutiesForm, dutiesOf, dutyChoices } from './duties-form.js';

const form = dutiesForm.extend({ what: z.enum(['duties', 'reset']).catch('duties'), reason: text });

/** Proposes other roles and districts of an account, or to begin it anew; a second administrator approves it. */
@Controller('office/accounts/:account/change')
@OfficeRoute('change_accounts', { isSensitive: true })
export class AccountChangePage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  async show(@Param('account') name: string, @Res() reply: FastifyReply) {
    const { account, roles, districts } = await this.readModels.get(officers, name);
    if (account === '') throw new NotFoundException();
    return this.page(reply, name, { roles, districts }, '');
  }

  @Post()
  @DescribesOutcome({ what: '提出更改', see: { href: '/office/accounts/:account', text: '查看账号' } })
  async propose(@CurrentOfficer() { account: by }: OfficeVisitor, @Param('account') name: string, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { what, reason, ...asked } = form.parse(body ?? {});
    const duties = dutiesOf(asked);
    const problem = noteProblem(reason);
    if (problem) return this.page(reply.status(422), name, duties, reason, `原因${problem}。`);
    try {
      const command = new ProposeOfficerChange(givenAt(this.clock.instant()), by, name, what === 'reset' ? what : duties, reason.trim());
      rememberPosition(reply, await this.commands.execute(command));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(reply.status(422), name, duties, reason, refusalMessage(error));
    }
    return reply.header('cache-control', 'no-store').redirect(`/office/accounts/${encodeURIComponent(name)}`, 303);
  }

  private page(reply: FastifyReply, account: string, duties: Duties, reason: string, message?: string) {
    const page = { title: `更改 ${account}`, place: '/office/accounts' };
    return reply.view('office/account-change', { page, account, reason, message, ...dutyChoices(duties, this.catalogue.districtNames()) });
  }
}
