import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../projections/tasks.js';
import type { Given } from '../../src/event-store/decider.js';
import type { Recorded } from '../../src/event-store/event.js';
import type { OfficeEvent, TaskTerms } from '../../src/office/office.events.js';
import { RaiseTask } from '../../src/office/raise-task.command.js';
import { raiseTask, settleTask, task } from '../../src/office/task.decider.js';
import { tasks as reactor } from '../../src/office/tasks.reactor.js';
import type { PaymentEvent } from '../../src/payments/payments.events.js';
import { given } from '../given.js';
import { folded } from '../payments/books.js';

const terms: TaskTerms = { task: 'e1', kind: 'refund_refused', proposal: 'refund', candidateId: 'c1', about: { bill: '90000000000001', fen: 6000 } };
const raised: OfficeEvent = { type: 'TaskRaised', data: terms };
const settled: OfficeEvent = { type: 'TaskSettled', data: { task: 'e1', note: '已退' } };

describe('A task of the office', () => {
  const raise = (before: OfficeEvent[], of = terms) => given(task, before).when((state) => raiseTask(state, of));
  const settle = (before: OfficeEvent[]) => given(task, before).when((state) => settleTask(state, 'e1', '已退'));

  it('A task of the office is raised once, also after it was settled, and also with other terms', () => {
    raise([]).then([raised]);
    raise([raised]).then([]);
    raise([raised], { ...terms, proposal: 'look' }).then([]);
    raise([raised, settled]).then([]);
  });
  it('A task of the office is settled once', () => {
    settle([raised]).then([settled]);
    settle([raised, settled]).then([]);
  });
  it('A task of the office is not settled where it was never raised', () => settle([]).refuses('task.unknown', { task: 'e1' }));
});

describe('The list of open tasks', () => {
  const recorded = (event: OfficeEvent, recordedAt: string): Recorded => ({
    ...event,
    id: recordedAt,
    stream: 'task-e1',
    revision: 0,
    position: recordedAt,
    recordedAt,
    metadata: { command: recordedAt, correlation: recordedAt, by: 'office:wang', origin: 'office' },
  });
  const open = (...events: Recorded[]) => tasks.indexes?.open?.(folded(tasks, events));
  const one = recorded(raised, '2026-10-24T01:00:00.000Z');

  it('The list of open tasks contains an open task, by the time at which it was raised', () => expect(open(one)).toBe('2026-10-24T01:00:00.000Z'));
  it('The list of open tasks does not contain a settled task, whose document says who did what', () => {
    const two = recorded(settled, '2026-10-25T01:00:00.000Z');
    expect(open(one, two)).toBeUndefined();
    expect(folded(tasks, [one, two])).toEqual({
      ...terms,
      raisedAt: '2026-10-24T01:00:00.000Z',
      settledAt: '2026-10-25T01:00:00.000Z',
      settledBy: 'office:wang',
      note: '已退',
    });
  });
});

describe('The tasks reactor', () => {
  const bill = '90000000000001';
  const order = `${bill}01`;
  const at = '2026-10-24T01:00:00.000Z';
  const of = { candidateId: 'c1', bill };
  const command: Given = { id: 'command', at };
  const follows = (event: PaymentEvent) => {
    const react = reactor.on[event.type as keyof typeof reactor.on] as ((event: unknown, given: Given) => unknown) | undefined;
    return react?.({ ...event, id: 'e1' }, command);
  };

  it.each<[string, PaymentEvent, Omit<TaskTerms, 'task' | 'candidateId'>]>([
    [
      'when the platform has not known an outcome for a day',
      { type: 'PaymentUnresolved', data: { ...of, order, askedAt: at } },
      { kind: 'payment_unresolved', proposal: 'ask_platform', about: { bill, order } },
    ],
    [
      'when the platform reports an order as unpaid that it reported as paid',
      { type: 'PaymentContradicted', data: { ...of, order, said: 'failed' } },
      { kind: 'payment_contradicted', proposal: 'ask_platform', about: { bill, order, said: 'failed' } },
    ],
    [
      'when the platform reports another amount',
      { type: 'PaymentContradicted', data: { ...of, order, said: 'another_amount', transaction: 'T0000001', fen: 100 } },
      { kind: 'payment_contradicted', proposal: 'ask_platform', about: { bill, order, said: 'another_amount', transaction: 'T0000001', fen: 100 } },
    ],
    [
      'when the PC system has to give money back',
      { type: 'RefundDue', data: { ...of, fen: 6000, why: 'paid_elsewhere', paidAt: at } },
      { kind: 'refund_elsewhere', proposal: 'ask_pc_system', about: { bill, fen: 6000, paidAt: at } },
    ],
    [
      'when the platform does not give money back',
      { type: 'RefundRefused', data: { ...of, transaction: 'T0000001', fen: 6000, refusedAt: at, why: 'too old' } },
      { kind: 'refund_refused', proposal: 'refund', about: { bill, fen: 6000, why: 'too old', transaction: 'T0000001' } },
    ],
  ])('The tasks reactor raises a task %s', (_, event, expected) =>
    expect(follows(event)).toEqual(new RaiseTask(command, { task: 'e1', candidateId: 'c1', ...expected })),
  );

  it('The tasks reactor reacts of all imported events only to a bill that was paid twice', () => expect(reactor.importedEvents).toEqual(['RefundDue']));
  it('The tasks reactor raises no task when the platform can be asked for a refund', () =>
    expect(follows({ type: 'RefundDue', data: { ...of, transaction: 'T0000001', fen: 6000, why: 'late', paidAt: at } })).toBeUndefined());
});
