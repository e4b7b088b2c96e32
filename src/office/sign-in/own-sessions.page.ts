import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Vault } from '../../vault/vault.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { OfficeRoute } from '../rights/office-route.js';
import { ownSessionsView } from './own-sessions.view.js';
import { SignOutOfficer } from './sign-out-officer.command.js';

const form = z.object({ session: z.union([z.uuid(), z.literal('others')]) });

/** 我的登录: an officer's own sessions and sign-ins, and ending the others. */
@Controller('office/me')
@OfficeRoute('own_account')
export class OwnSessionsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  async show(@CurrentOfficer() { account, session }: OfficeVisitor, @Res() reply: FastifyReply) {
    const [officer, safe] = await Promise.all([this.readModels.get(officers, account), this.vault.officerSafe(account)]);
    return reply.view('office/me', { page: { title: '我的登录', place: '/office/me' }, ...ownSessionsView(officer, safe, session, this.clock.now()) });
  }

  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({ what: '退出其他登录', see: { href: '/office/me', text: '查看我的登录' } })
  async end(@CurrentOfficer() { account, session: own }: OfficeVisitor, @Res() reply: FastifyReply, @Body() body: unknown) {
    const asked = form.safeParse(body).data?.session;
    const { sessions } = await this.readModels.get(officers, account);
    const others = sessions.map(({ session }) => session).filter((session) => session !== own);
    const ending = asked === 'others' ? others : others.filter((session) => session === asked);
    if (ending.length > 0) rememberPosition(reply, await this.commands.execute(new SignOutOfficer(givenAt(this.clock.instant()), account, ending)));
    return reply.header('cache-control', 'no-store').redirect('/office/me', 303);
  }
}
