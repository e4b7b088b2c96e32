import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
import { OfficerAccounts } from '../officers/officer-accounts.js';
import { OfficeRoute } from '../rights/office-route.js';
import { passkeyName, passkeyText, text } from '../sign-in/forms.js';
import { AddPasskey } from './add-passkey.command.js';
import { PasskeyCeremony } from './passkey-ceremony.js';
import { RemovePasskey } from './remove-passkey.command.js';

const PATH = '/office/passkeys';
const form = z.object({ credential: passkeyText, name: text, remove: text }).catch({ credential: '', name: '', remove: '' });

/** 通行密钥: an officer's own passkeys. */
@Controller('office/passkeys')
@OfficeRoute('own_account', { isSensitive: true })
export class OwnPasskeysPage {
  constructor(
    private readonly accounts: OfficerAccounts,
    private readonly ceremony: PasskeyCeremony,
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@CurrentOfficer() { account }: OfficeVisitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.page(request, reply, account);
  }

  /** Adds one, or removes the one that is named. */
  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({ what: '更改通行密钥', see: { href: PATH, text: '查看通行密钥' } })
  async change(@CurrentOfficer() { account, session }: OfficeVisitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { credential, name, remove } = form.parse(body ?? {});
    const given = givenAt(this.clock.instant());
    const made = remove === '' ? await this.ceremony.made(request, account, credential) : undefined;
    if (remove === '' && !made) return this.page(request, reply.status(422), account, '没有添加：这台设备的回答不对，或者等待的时间太长了。请再试一次。');
    try {
      const command = made ? new AddPasskey(given, account, session, made.passkey, passkeyName(name)) : new RemovePasskey(given, account, remove);
      rememberPosition(reply, await this.commands.execute(command));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(request, reply.status(422), account, refusalMessage(error));
    }
    return reply.header('cache-control', 'no-store').redirect(PATH, 303);
  }

  private async page(request: FastifyRequest, reply: FastifyReply, account: string, message?: string) {
    const { passkeys } = await this.readModels.get(officers, account);
    const options = await this.ceremony.optionsForNew(request, reply, account, await this.accounts.of(account));
    return reply.view('office/passkeys', { page: { title: '通行密钥', place: '/office/me' }, passkeys, options, message });
  }
}
