import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { corrections } from '../../../projections/corrections.js';
import { officers } from '../../../projections/officers.js';
import { tasks } from '../../../projections/tasks.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { accountView } from '../accounts/account.view.js';
import { maySeeUnreleased } from '../corrections/correction-roles.js';
import { correctionRow } from '../corrections/pages/correction.view.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { mayDo } from '../rights/rights.js';
import { openTasksView } from './open-tasks.view.js';

const SHOWN = 10;

/** 今日: what waits for the officer. */
@Controller('office')
@OfficeRoute('home')
export class OfficeHomePage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers, tasks, corrections)
  async show(@CurrentOfficer() { account, roles }: OfficeVisitor<Role>, @Res() reply: FastifyReply) {
    const open = mayDo(roles, 'tasks')
      ? openTasksView(await this.readModels.list(tasks, 'open', undefined, SHOWN), SHOWN, this.clock.now().getTime())
      : undefined;
    return reply.view('office/home', {
      page: { title: '今日', place: '/office' },
      tasks: open,
      corrections: maySeeUnreleased(roles) ? await this.waitingCorrections() : [],
      changes: mayDo(roles, 'change_accounts') ? await this.changesToDecide(account) : [],
    });
  }

  /** Proposals, and emergencies that one officer has approved alone, the oldest first. */
  private async waitingCorrections() {
    const waiting = await this.readModels.list(corrections, 'waiting', undefined, SHOWN);
    return waiting.map(({ document }) => correctionRow(document));
  }

  /** What other administrators have proposed, the oldest first. */
  private async changesToDecide(reader: string) {
    const proposed = await this.readModels.list(officers, 'proposed', undefined, SHOWN);
    return proposed.map(({ document }) => accountView(document, reader)).filter(({ change }) => change?.mayApprove);
  }
}
