import { Controller, Get, NotFoundException, Param, Render } from '@nestjs/common';
import { bills } from '../../projections/bills.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { Clock } from '../clock.js';
import { ReadModels } from '../read-models/read-models.js';
import { CurrentCandidate, type Visitor } from '../web/visitor.js';
import { billSections, billView } from './bills.view.js';

/** 账单: all bills of the candidate, and one of them. */
@Controller('center/bills')
export class BillsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Render('payments/bills')
  async list(@CurrentCandidate() candidate: Visitor) {
    const sections = billSections(await this.readModels.get(bills, candidate.id), this.catalogue, this.clock.now());
    return { page: { title: '账单', parent: '/center', tab: 'payments' }, sections, none: sections.every(({ current }) => current.length === 0) };
  }

  /** Only the candidate's own: any other number is as unknown as one that was never given. */
  @Get(':no')
  @Render('payments/bill')
  async show(@CurrentCandidate() candidate: Visitor, @Param('no') no: string) {
    const own = await this.readModels.get(bills, candidate.id);
    const bill = Object.hasOwn(own, no) ? own[no] : undefined;
    if (!bill) throw new NotFoundException();
    return { page: { title: '账单详情', parent: '/center/bills', tab: 'payments' }, bill: billView(bill, this.catalogue, this.clock.now()) };
  }
}
