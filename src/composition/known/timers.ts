import { payments } from '../../payments/bills/payments.timer.js';
import type { Timer } from '../../reactions/timer.js';

/** All timers of this release. */
export const knownTimers: readonly Timer[] = [payments];
