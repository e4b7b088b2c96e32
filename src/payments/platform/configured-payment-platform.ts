import type { Clock } from '../../kernel/clock.js';
import type { Settings } from '../../settings/settings.js';
import { HttpsPaymentPlatform } from './https.payment-platform.js';
import type { PaymentPlatform } from './payment-platform.js';
import { platformKeysFrom } from './platform-keys.js';
import { UnconfiguredPaymentPlatform } from './unconfigured.payment-platform.js';

type PaymentSettings = Pick<Settings, 'PAYMENT_PLATFORM_URL' | 'PAYMENT_MERCHANT' | 'PAYMENT_KEY_FILE' | 'PAYMENT_PLATFORM_KEY_FILE'>;

/**
 * The platform of the settings; without one, nothing can be paid.
 * @throws BadSettings when a file of keys is invalid
 */
export function configuredPaymentPlatform(settings: PaymentSettings, clock: Pick<Clock, 'now'>): PaymentPlatform {
  const { PAYMENT_PLATFORM_URL: url, PAYMENT_MERCHANT: merchant, PAYMENT_KEY_FILE: own, PAYMENT_PLATFORM_KEY_FILE: platform } = settings;
  if (!url || !merchant || !own || !platform) return new UnconfiguredPaymentPlatform();
  const ownKeys = platformKeysFrom('PAYMENT_KEY_FILE', own, 'private');
  const platformKeys = platformKeysFrom('PAYMENT_PLATFORM_KEY_FILE', platform, 'public');
  return new HttpsPaymentPlatform({ url: url.replace(/\/+$/, ''), merchant, ownKeys, platformKeys }, clock);
}
