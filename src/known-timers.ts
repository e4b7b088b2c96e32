import type { Timer } from './acting/timer.js';
import { payments } from './payments/payments.due.js';

/** All that this release does by itself when its time has come. */
export const knownTimers: readonly Timer[] = [payments];
