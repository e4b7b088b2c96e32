import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bills } from '../../../projections/bills.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Config } from '../../settings/settings.js';
import { baseUrl } from '../../web/base-url.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { billView } from '../bills/bills.view.js';
import { PaymentPlatform, PlatformUnavailable } from '../platform/payment-platform.js';
import { AskPayment } from './ask-payment.command.js';
import { BeginPayment, type BegunPayment } from './begin-payment.command.js';
import { cannotPay, minutesToDeadline } from './paying.view.js';

/** `hurried`: the candidate has read the warning that little time is left. */
const payForm = z.object({ hurried: z.literal('yes').optional().catch(undefined) }).catch({});

/** 去支付: begins to pay a bill and redirects to the platform. */
@Controller('center/payments')
export class PayingPage {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly platform: PaymentPlatform,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** A link begins nothing: it leads to the page with the button. */
  @Get(':no')
  show(@Res() reply: FastifyReply, @Param('no') no: string) {
    return reply.redirect(`/center/bills/${encodeURIComponent(no)}`, 303);
  }

  @Post(':no')
  @DescribesOutcome({ what: '发起支付', see: { href: '/center/bills/:no', text: '查看账单' }, next: '请到账单查看，还没有支付的从那里继续。' })
  @UsesReadModels(bills)
  async pay(@CurrentCandidate() { id }: Visitor, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('no') no: string, @Body() body: unknown) {
    const own = await this.readModels.get(bills, id);
    const bill = Object.hasOwn(own, no) ? own[no] : undefined;
    if (!bill) throw new NotFoundException();
    const toBill = `/center/bills/${no}`;
    const now = this.clock.now();
    if (cannotPay(this.platform, request)) return reply.redirect(toBill, 303);
    const minutes = minutesToDeadline(bill, now);
    if (minutes !== undefined && !payForm.parse(body ?? {}).hurried) {
      const page = { title: '马上就要截止', parent: toBill, tab: 'payments' };
      return reply.status(200).view('payments/near-deadline', { page, bill: billView(bill, this.catalogue, now), minutes });
    }
    const begun = await this.begin(id, no);
    if (!begun?.attempt) return reply.redirect(`${toBill}?asked=0`, 303);
    rememberPosition(reply, begun);
    const returnTo = `${baseUrl(this.config, request)}/payments/return?order=${begun.attempt.order}`;
    const { kind, periodAndCode } = billView(bill, this.catalogue, now);
    return reply.header('cache-control', 'no-store').redirect(this.platform.create({ ...begun.attempt, title: `${kind} ${periodAndCode}` }, returnTo), 303);
  }

  /** Undefined where no payment can begin now; the bill's page says why. The status of an earlier open order is asked for first. */
  private async begin(id: string, no: string): Promise<BegunPayment | undefined> {
    try {
      return await this.commands.execute(new BeginPayment(givenAt(this.clock.instant()), no, id));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== 'payment.unresolved') return undefined;
    }
    try {
      const { attempts = [] } = (await this.readModels.get(bills, id))[no] ?? {};
      for (const { order, state } of attempts) if (state === 'open') await this.commands.execute(new AskPayment(givenAt(this.clock.instant()), order));
      return await this.commands.execute(new BeginPayment(givenAt(this.clock.instant()), no, id));
    } catch (error) {
      if (error instanceof Refusal || error instanceof PlatformUnavailable) return undefined;
      throw error;
    }
  }
}
