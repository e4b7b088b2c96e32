import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

export type NoticeEvent =
  | Event<'NoticePublished', { notice: string; title: string; publishedAt: string; body: string }>
  | Event<'NoticeWithdrawn', { notice: string }>;

export const noticeEvents: EventTypes<NoticeEvent> = { NoticePublished: [], NoticeWithdrawn: [] };
