import { describe, expect, it } from '@jest/globals';
import { activeDeclaration, billedDeclaration } from '../../../src/declarations/declaration-history.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { foldHistory } from '../../../src/event-store/reading/fold-history.js';
import { hasEndedSessions } from '../../../src/identity/passwords/ended-by-password.js';
import { findBatch } from '../../../src/imports/batches.js';
import { candidatesWithoutPassword } from '../../../src/imports/recording/candidates-without-password.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { billHistories } from '../../../src/payments/bills/bill-history.js';
import { billedCourses, hasOpenBill } from '../../../src/payments/bills/billed-courses.js';
import { registeredIdentifiers } from '../../../src/registrations/identifiers.js';
import { studiesMajor } from '../../../src/registrations/majors/studies-major.js';
import type { RegistrationEvent } from '../../../src/registrations/registrations.events.js';
import { passedCourses } from '../../../src/results/passed-courses.js';
import { exemptions } from '../../../src/status-applications/exemptions.js';
import { ForgottenSafe } from '../../../src/vault/safe.js';
import { type Draw } from '../../event-values.js';
import { drawn, everyType } from '../../every-event.js';
import { MemoryEventStore } from '../../read-models/memory.event-store.js';

const draw: Draw = { id: (kind) => `${kind}-1`, of: (...values) => values.at(-1) as (typeof values)[number], instant: () => '2026-11-22T02:00:00.000Z' };
const recorded = (type: (typeof everyType)[number], unknown?: true): Recorded => ({
  ...drawn(type, draw),
  id: `${type}-1`,
  stream: 'stream',
  revision: 0,
  position: '1',
  recordedAt: '2026-11-22T02:00:00.000Z',
  metadata: { command: 'c', correlation: 'c', by: 'test', origin: 'office' },
  ...(unknown && { unknown, data: { shape: 'of a newer release' } }),
});
const NOW = '2026-11-22T02:00:00.000Z';
const thesis = { kind: 'thesis', period: 'period-1', major: 'major-1' } as const;

/** A log in which every stream has the same history. */
class OneHistory extends MemoryEventStore {
  constructor(private readonly history: readonly Recorded[]) {
    super();
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return names.map(() => this.history);
  }
}

/** Every function by which a command, or an import of recorded data, reads facts of other streams. */
const facts: Readonly<Record<string, (history: readonly Recorded[]) => unknown>> = {
  'the bills of a period': (history) => billedCourses(history, 'period-1'),
  'whether a bill is due or paid': hasOpenBill,
  'the courses passed': (history) => passedCourses(history, () => true),
  'the exemptions': exemptions,
  'the declaration of a major': (history) => activeDeclaration(history, thesis),
  'the declaration that a bill is for': (history) => billedDeclaration(history, 'bill-1', thesis),
  'the majors studied': (history) => studiesMajor(history, 'major-1'),
  'the history of a bill': (history) => billHistories(new OneHistory(history), ['bill-1']),
  'by what a candidate is found': (history) => registeredIdentifiers(new OneHistory(history), [new ForgottenSafe('candidate-1')]),
  'a batch of an import': (history) => findBatch(new OneHistory(history), 'batch-1'),
  'whether a password has ended sessions': (history) => hasEndedSessions('candidate-1', 'event-1', NOW, NOW, new OneHistory(history)),
  'who has no password yet': (history) => candidatesWithoutPassword([{ number: '1' }], new OneHistory(history), { find: async () => ['candidate-1'] }),
};

describe.each(Object.entries(facts))('A command that reads %s', (_, read) => {
  it.each(everyType)('A command that reads facts is not decided when a newer release recorded %s about the candidate', async (type) => {
    await expect((async () => read([recorded(type, true)]))()).rejects.toThrow(StoreUnavailable);
    await read([recorded(type)]);
  });
});

it('`foldHistory` passes each event to the handler of its type, in order', () => {
  const told: string[] = [];
  foldHistory<RegistrationEvent>([recorded('MajorLeft'), recorded('SiteConfirmed'), recorded('MajorAdded')], {
    MajorAdded: ({ major, period }) => told.push(`${major} since ${period}`),
    MajorLeft: ({ major }) => told.push(`${major} left`),
  });
  expect(told).toEqual(['major-1 left', 'major-1 since period-1']);
});
