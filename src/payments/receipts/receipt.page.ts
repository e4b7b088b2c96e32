import { Controller, Get, NotFoundException, Param, Render, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import { Config } from '../../settings/settings.js';
import { type Safe, Vault } from '../../vault/vault.js';
import { baseUrl } from '../../web/base-url.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { type ReceiptView, receiptView } from './receipt.view.js';
import { canPrint } from './receipt-layout.js';
import { ReceiptPrinter } from './receipt-printer.js';

/** 财政电子票据 of a bill: as a page, which can be printed, and as a file. */
@Controller('center/bills/:no')
export class ReceiptPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly catalogue: Catalogue,
    private readonly printer: ReceiptPrinter,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get('receipt')
  @UsesReadModels(bills, candidates)
  @Render('payments/receipt')
  async show(@CurrentCandidate() { id }: Visitor, @Req() request: FastifyRequest, @Param('no') no: string) {
    const { receipt } = await this.receiptOf(id, no);
    return {
      page: { title: '财政电子票据', parent: `/center/bills/${no}`, tab: 'payments' },
      ...receipt,
      saving: !canPrint(receipt) ? 'on_paper' : opensNoFiles(request) ? 'elsewhere' : 'file',
      address: `${baseUrl(this.config, request)}/center/bills/${no}/receipt`,
    };
  }

  /** A receipt with characters that the font lacks has no file: the page can be printed with the phone's fonts. */
  @Get('receipt.pdf')
  @UsesReadModels(bills, candidates)
  async save(@CurrentCandidate() { id }: Visitor, @Res() reply: FastifyReply, @Param('no') no: string) {
    const { receipt, safe } = await this.receiptOf(id, no);
    if (!canPrint(receipt)) return reply.redirect(`/center/bills/${no}/receipt`, 303);
    const { code, number } = receipt.receipt;
    const pdf = await this.printer.print(safe, receipt);
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `attachment; filename="receipt-${code}-${number}.pdf"`)
      .header('cache-control', 'no-store')
      .send(pdf);
  }

  /** Of the candidate's own bills only. */
  private async receiptOf(id: string, no: string): Promise<{ readonly receipt: ReceiptView; readonly safe: Safe }> {
    const [own, candidate, safe] = await Promise.all([this.readModels.get(bills, id), this.readModels.get(candidates, id), this.vault.safe(id)]);
    const bill = Object.hasOwn(own, no) ? own[no] : undefined;
    const receipt = bill?.receipt;
    if (!bill || !receipt) throw new NotFoundException();
    const person = openedPerson(candidate, safe);
    return { receipt: receiptView({ ...bill, receipt }, person, this.config.settings.SITE_OWNER, this.catalogue, this.clock.now()), safe };
  }
}

/** Apps whose web-views do not save files (docs/domain.md, "Where pages are opened"): WeChat, Alipay, mini-programs, and others on Android or iOS. */
function opensNoFiles({ headers }: FastifyRequest): boolean {
  const agent = headers['user-agent'] ?? '';
  if (/micromessenger|miniprogram|alipayclient|; wv\)/i.test(agent)) return true;
  return /iphone|ipad/i.test(agent) && !/safari\//i.test(agent);
}
