import { Controller, Get, NotFoundException, Param, Query, Render, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { type Candidate, candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Config } from '../../settings/settings.js';
import { baseUrl } from '../../web/base-url.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { cannotPay, minutesToDeadline, nextPoll } from '../paying/paying.view.js';
import { PaymentPlatform } from '../platform/payment-platform.js';
import { billSections, billView } from './bills.view.js';

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
  @UsesReadModels(bills)
  @Render('payments/bills')
  async list(@CurrentCandidate() candidate: Visitor) {
    const sections = billSections(await this.readModels.get(bills, candidate.id), this.catalogue, this.clock.now());
    return { page: { title: '账单', parent: '/center', tab: 'payments' }, sections, none: sections.every(({ current }) => current.length === 0) };
  }

  /**
   * Shows the candidate's own bills only. With `asked`, the number of polls so far, the page is the result of a payment. While the outcome is
   * not known, both forms of the page poll.
   */
  @Get(':no')
  @UsesReadModels(bills, candidates)
  async show(
    @CurrentCandidate() candidate: Visitor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('no') no: string,
    @Query('asked') asked: unknown,
  ) {
    const [own, account] = await Promise.all([this.readModels.get(bills, candidate.id), this.readModels.get(candidates, candidate.id)]);
    const found = Object.hasOwn(own, no) ? own[no] : undefined;
    if (!found) throw new NotFoundException();
    const now = this.clock.now();
    const bill = billView(found, this.catalogue, now, account);
    const isResult = asked !== undefined;
    const again = bill.openStatus === 'processing' || bill.openStatus === 'checking' ? nextPoll(no, isResult ? asked : '0') : undefined;
    const to = isResult ? `/center/bills/${no}` : '/center/bills';
    return reply.view(isResult ? 'payments/result' : 'payments/bill', {
      page: { title: isResult ? '支付结果' : '账单详情', parent: to, tab: 'payments', ...(again && { refresh: again }) },
      bill,
      asking: again,
      office: bill.openStatus === 'checking' ? this.office(account) : undefined,
      minutes: bill.payable ? minutesToDeadline(found, now) : undefined,
      unable: cannotPay(this.platform, request),
      address: `${baseUrl(this.config, request)}/center/bills/${no}`,
    });
  }

  /** The office of the candidate's district, for questions. */
  private office({ district }: Candidate) {
    const office = this.catalogue.district(district);
    return office && { name: office.office, phone: office.phone };
  }
}
