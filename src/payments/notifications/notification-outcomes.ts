import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import type { FORGERIES } from '../platform/payment-platform.js';

/**
 * The outcome of a notification: recorded; repeated (recorded before); unknown_order (becomes a task of the office); meaningless (the end
 * of an order that was never begun); unavailable (the platform is to send it again); or why it was refused.
 */
export type NotificationOutcome = 'recorded' | 'repeated' | 'unknown_order' | 'meaningless' | 'unavailable' | (typeof FORGERIES)[number];

@Injectable()
export class NotificationOutcomes extends OutcomeCounter<NotificationOutcome> {}
