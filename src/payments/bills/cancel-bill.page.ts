import { Controller, Get, NotFoundException, Param, Post, Render, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { billView } from './bills.view.js';
import { CancelBill } from './cancel-bill.command.js';

/** 取消账单: explains it, and has the button. */
@Controller('center/bills/:no/cancel')
export class CancelBillPage {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(bills, candidates)
  @Render('payments/cancel')
  async show(@CurrentCandidate() candidate: Visitor, @Param('no') no: string) {
    const [own, account] = await Promise.all([this.own(candidate, no), this.readModels.get(candidates, candidate.id)]);
    const bill = billView(own, this.catalogue, this.clock.now(), account);
    return { page: { title: '取消账单', parent: `/center/bills/${no}`, tab: 'payments' }, bill };
  }

  @Post()
  @DescribesOutcome({ what: '取消账单', see: { href: '/center/bills/:no', text: '查看账单' } })
  @UsesReadModels(bills)
  async cancel(@CurrentCandidate() candidate: Visitor, @Res() reply: FastifyReply, @Param('no') no: string) {
    await this.own(candidate, no);
    const given = givenAt(this.clock.instant());
    rememberPosition(reply, await this.commands.execute(new CancelBill(given, no, candidate.id)));
    return reply.header('cache-control', 'no-store').redirect(`/center/bills/${no}`, 303);
  }

  private async own({ id }: Visitor, no: string) {
    const own = await this.readModels.get(bills, id);
    const bill = Object.hasOwn(own, no) ? own[no] : undefined;
    if (!bill) throw new NotFoundException();
    return bill;
  }
}
