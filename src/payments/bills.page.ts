import { Controller, Get, NotFoundException, Param, Query, Render, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bills } from '../../projections/bills.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { Clock } from '../clock.js';
import { Config } from '../config.js';
import { ReadModels } from '../read-models/read-models.js';
import { ownAddress } from '../web/own-address.js';
import { CurrentCandidate, type Visitor } from '../web/visitor.js';
import { billSections, billView } from './bills.view.js';
import { asking, cannotPay, hurry } from './paying.view.js';
import { PaymentPlatform } from './payment-platform.js';

/** 账单: all bills of the candidate, and one of them. */
@Controller('center/bills')
export class BillsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly platform: PaymentPlatform,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Render('payments/bills')
  async list(@CurrentCandidate() candidate: Visitor) {
    const sections = billSections(await this.readModels.get(bills, candidate.id), this.catalogue, this.clock.now());
    return { page: { title: '账单', parent: '/center', tab: 'payments' }, sections, none: sections.every(({ current }) => current.length === 0) };
  }

  /** Only the candidate's own: any other number is as unknown as one that was never given. `asked`: how often the page has asked by itself. */
  @Get(':no')
  @Render('payments/bill')
  async show(@CurrentCandidate() candidate: Visitor, @Req() request: FastifyRequest, @Param('no') no: string, @Query('asked') asked: unknown) {
    const own = await this.readModels.get(bills, candidate.id);
    const found = Object.hasOwn(own, no) ? own[no] : undefined;
    if (!found) throw new NotFoundException();
    const now = this.clock.now();
    const bill = billView(found, this.catalogue, now);
    return {
      page: { title: '账单详情', parent: '/center/bills', tab: 'payments' },
      bill,
      asking: bill.processing && asking(no, asked),
      returned: asked !== undefined,
      said: asked !== undefined || bill.processing !== undefined || bill.failed || bill.refunds.length > 0,
      minutes: bill.payable ? hurry(found, now) : undefined,
      unable: cannotPay(this.platform, request),
      address: `${ownAddress(this.config, request)}/center/bills/${no}`,
    };
  }
}
