import { Controller, Get, Render } from '@nestjs/common';
import { Catalogue } from '../../catalogue/catalogue.js';
import { contentText } from '../../catalogue/contents/content-text.js';
import { Clock } from '../../kernel/clock.js';

/** 支付指南 */
@Controller('center/payment-guide')
export class PaymentGuidePage {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Render('web/content')
  show() {
    return { page: { title: '支付指南', parent: '/center', tab: 'payments' }, body: contentText(this.catalogue, 'payment_guide', this.clock.now()) };
  }
}
