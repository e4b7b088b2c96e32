import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import type { FORGERIES } from './payment-platform.js';

/**
 * What a notification came to: recorded; repeated (it was already); unknown_order (a task of the office); meaningless (the end of
 * an order that nobody began); unavailable (the platform is asked to tell it again); or why it was refused.
 */
export type NotificationOutcome = 'recorded' | 'repeated' | 'unknown_order' | 'meaningless' | 'unavailable' | (typeof FORGERIES)[number];

@Injectable()
export class NotificationOutcomes extends OutcomeCounter<NotificationOutcome> {}
