import { ForgedNotification, type OrderStatus, PaymentPlatform, PlatformUnavailable, type RefundStatus } from './payment-platform.js';

const NONE = 'no payment platform is set: PAYMENT_PLATFORM_URL';

/** Where no platform is configured: nothing can be paid here, and pages say where it can be. */
export class UnconfiguredPaymentPlatform extends PaymentPlatform {
  override readonly origin = undefined;

  override create(): string {
    throw new PlatformUnavailable(NONE);
  }

  override async query(): Promise<OrderStatus> {
    throw new PlatformUnavailable(NONE);
  }

  override async refund(): Promise<RefundStatus> {
    throw new PlatformUnavailable(NONE);
  }

  override verify(): never {
    throw new ForgedNotification('merchant');
  }
}
