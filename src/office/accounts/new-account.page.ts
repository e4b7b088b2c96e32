import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { officers } from '../../../projections/officers.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { AddOfficer } from '../officers/add-officer.command.js';
import type { Duties } from '../officers/officers.events.js';
import { newSetupCode } from '../officers/one-time-codes.js';
import { OfficeRoute } from '../rights/office-route.js';
import { accountName } from '../sign-in/forms.js';
import { dutiesForm, dutiesOf, dutyChoices } from './duties-form.js';

const form = dutiesForm.extend({ account: accountName });

/** Adds an account, and shows the code that sets its password, once. */
@Controller('office/add-account')
@OfficeRoute('change_accounts', { isSensitive: true })
export class NewAccountPage {
  constructor(
    private readonly commands: CommandBus,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@Res() reply: FastifyReply) {
    return this.page(reply, '', { roles: [], districts: [] });
  }

  @Post()
  @DescribesOutcome({
    what: '添加账号',
    see: { href: '/office/accounts', text: '查看账号' },
    next: '已经添加而没有看到代码的，请在账号里提出重设。',
  })
  async add(@CurrentOfficer() { account: by }: OfficeVisitor, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { account, ...asked } = form.parse(body ?? {});
    const duties = dutiesOf(asked);
    const code = newSetupCode(this.clock.now());
    try {
      rememberPosition(reply, await this.commands.execute(new AddOfficer(givenAt(this.clock.instant()), account, duties, code, by)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(reply.status(422), account, duties, refusalMessage(error));
    }
    return reply
      .status(200)
      .view('office/account-code', { page: { title: '一次性代码', place: '/office/accounts' }, account, code: code.text, until: code.until });
  }

  private page(reply: FastifyReply, account: string, duties: Duties, message?: string) {
    const page = { title: '添加账号', place: '/office/accounts' };
    return reply.view('office/account-new', { page, account, message, ...dutyChoices(duties, this.catalogue.districtNames()) });
  }
}
