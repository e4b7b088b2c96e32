import { ForgedNotification, type OrderStanding, PaymentPlatform, PlatformUnavailable, type RefundStanding } from './payment-platform.js';

const NONE = 'no payment platform is set: PAYMENT_PLATFORM_URL';

/** Where no platform is set: nothing can be paid here, and pages say where it can. */
export class UnconfiguredPaymentPlatform extends PaymentPlatform {
  override readonly origin = undefined;

  override create(): string {
    throw new PlatformUnavailable(NONE);
  }

  override async query(): Promise<OrderStanding> {
    throw new PlatformUnavailable(NONE);
  }

  override async refund(): Promise<RefundStanding> {
    throw new PlatformUnavailable(NONE);
  }

  override verify(): never {
    throw new ForgedNotification('merchant');
  }
}
