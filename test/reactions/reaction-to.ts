import type { Command } from '../../src/event-store/command.js';
import type { Given } from '../../src/event-store/decider.js';
import { type Event, START } from '../../src/event-store/event.js';
import type { Reactor } from '../../src/reactions/reactor.js';

const place = {
  id: 'e',
  stream: 's',
  revision: 0,
  position: START,
  recordedAt: '2026-11-22T02:00:00.000Z',
  metadata: { command: 'c', correlation: 'x', by: 'c', origin: 'person' },
} as const;

/** The command with which a reactor answers an event; undefined where nothing follows. */
export function reactionTo<E extends Event>({ on }: Reactor<E>, event: Extract<E, { type: E['type'] }>, given: Given): Command<unknown> | undefined {
  return on[event.type as E['type']]?.({ ...place, ...event }, given);
}
