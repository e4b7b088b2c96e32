import { payments } from '../payments/bills/payments.timer.js';
import type { Timer } from '../reactions/timer.js';

/** All that this release does by itself when its time has come. */
export const knownTimers: readonly Timer[] = [payments];
