import { Controller, Get, Render, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Config } from '../../settings/settings.js';
import { baseUrl } from '../../web/base-url.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { cannotPay } from '../paying/paying.view.js';
import { PaymentPlatform } from '../platform/payment-platform.js';
import { dueBills } from './bills.view.js';

/** 缴费: the bills that are due, and how to pay them. */
@Controller('center/payments')
export class PaymentsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly platform: PaymentPlatform,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(bills)
  @Render('payments/payments')
  async show(@CurrentCandidate() candidate: Visitor, @Req() request: FastifyRequest) {
    const due = dueBills(await this.readModels.get(bills, candidate.id), this.catalogue, this.clock.now());
    const payable = due.filter((bill) => bill.payable);
    const sum = payable.reduce((total, { fen }) => total + fen, 0);
    const ways = { unable: cannotPay(this.platform, request), address: `${baseUrl(this.config, request)}/center/payments` };
    return { page: { title: '缴费', parent: '/center', tab: 'payments' }, due, payable: payable.length, several: payable.length > 1, sum, ...ways };
  }
}
