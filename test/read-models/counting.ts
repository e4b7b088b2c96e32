import type { Event } from '../../src/event-store/event.js';
import { bySubject, projection } from '../../src/read-models/projection.js';
import type { Told } from './memory.event-store.js';

/** Events for tests of the read side alone: what they say does not matter, only what is folded. */
export type CountingEvent =
  | Event<'Added', { to: string; text: string }>
  | Event<'Removed', { to: string }>
  /** No handler can take it. */
  | Event<'Spoilt', { to: string }>
  | Event<'Shown', { to: string; due: string }>
  /** Nobody handles it. */
  | Event<'Passed', object>;

interface Texts {
  readonly texts: readonly string[];
  readonly due?: string;
}

/** A document of each subject. Not idempotent: an event folded twice shows. */
export const textsBySubject = projection<Texts, CountingEvent>({
  name: 'texts-by-subject',
  version: 1,
  key: bySubject,
  empty: { texts: [] },
  indexes: { due: ({ due }) => due, first: ({ texts }) => texts[0] },
  lookups: { text: ({ texts }) => texts },
  on: {
    Added: (doc, { data: { text } }) => ({ ...doc, texts: [...doc.texts, text] }),
    Removed: () => null,
    Spoilt: () => {
      throw new Error('cannot take it');
    },
    Shown: (doc, { data: { due } }) => ({ ...doc, due }),
  },
});

/** A document of each value in the data; events without one are of no document. */
export const countsByTarget = projection<{ readonly count: number }, CountingEvent>({
  name: 'counts-by-target',
  version: 1,
  key: ({ data }) => ('to' in data && data.to !== 'none' ? data.to : undefined),
  empty: { count: 0 },
  on: {
    Added: ({ count }) => ({ count: count + 1 }),
    Removed: ({ count }) => (count > 1 ? { count: count - 1 } : null),
  },
});

export function added(subject: string, text: string, to = subject): Told {
  return { type: 'Added', subject, data: { to, text } };
}

export function removed(subject: string, to = subject): Told {
  return { type: 'Removed', subject, data: { to } };
}

export function spoilt(subject: string): Told {
  return { type: 'Spoilt', subject, data: { to: subject } };
}

export function shown(subject: string, due: string): Told {
  return { type: 'Shown', subject, data: { to: subject, due } };
}

export const passed: Told = { type: 'Passed', data: {} };
