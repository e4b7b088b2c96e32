import { BadRequestException, Controller, Get, NotFoundException, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { officers } from '../../../projections/officers.js';
import { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { mayDo } from '../rights/rights.js';
import { accountView } from './account.view.js';

const PAGE = 50;
const PLACE = '/office/accounts';

/** 账号: the accounts of the office, and one account. */
@Controller('office/accounts')
@OfficeRoute('see_accounts')
export class AccountsPage {
  constructor(private readonly readModels: ReadModels) {}

  @Get()
  @UsesReadModels(officers)
  async list(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Query('after') after: unknown) {
    const listed = await this.page(typeof after === 'string' ? after : undefined);
    return reply.view('office/accounts', {
      page: { title: '账号', place: PLACE },
      accounts: listed.map(({ document }) => accountView(document, visitor.account)),
      next: listed.length === PAGE ? listed.at(-1)?.cursor : undefined,
      mayChange: mayDo(visitor.roles, 'change_accounts'),
    });
  }

  @Get(':account')
  @UsesReadModels(officers)
  async show(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Param('account') name: string, @Res() reply: FastifyReply) {
    const officer = await this.readModels.get(officers, name);
    if (officer.account === '') throw new NotFoundException();
    return reply.view('office/account', {
      page: { title: name, place: PLACE },
      ...accountView(officer, visitor.account),
      mayChange: mayDo(visitor.roles, 'change_accounts') && name !== visitor.account,
    });
  }

  private async page(after: string | undefined) {
    try {
      return await this.readModels.list(officers, 'account', after, PAGE);
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }
}
