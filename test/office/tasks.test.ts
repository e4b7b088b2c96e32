import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../projections/tasks.js';
import type { Given } from '../../src/event-store/decider.js';
import type { Recorded } from '../../src/event-store/event.js';
import type { OfficeEvent, TaskTerms } from '../../src/office/office.events.js';
import { RaiseTask } from '../../src/office/raise-task.command.js';
import { giveTaskBack, raiseTask, settleTask, takeTask, task } from '../../src/office/task.decider.js';
import { tasks as reactor } from '../../src/office/tasks.reactor.js';
import type { PaymentEvent } from '../../src/payments/payments.events.js';
import { given } from '../given.js';
import { folded } from '../payments/books.js';

const terms: TaskTerms = { task: 'e1', kind: 'refund_refused', proposal: 'refund', candidateId: 'c1', about: { bill: '90000000000001', fen: 6000 } };
const raised: OfficeEvent = { type: 'TaskRaised', data: terms };
const settled: OfficeEvent = { type: 'TaskSettled', data: { task: 'e1', note: '已退' } };

describe('A task of the office', () => {
  const raise = (before: OfficeEvent[], of = terms) => given(task, before).when((state) => raiseTask(state, of));
  const settle = (before: OfficeEvent[], by?: string, at = '2026-10-24T01:10:00.000Z') =>
    given(task, before).when((state) => settleTask(state, { task: 'e1', note: '已退', by, at }));
  const take = (before: OfficeEvent[], by: string, at = '2026-10-24T01:10:00.000Z') =>
    given(task, before).when((state) => takeTask(state, { task: 'e1', by, at }));
  const giveBack = (before: OfficeEvent[], by: string) => given(task, before).when((state) => giveTaskBack(state, { task: 'e1', by }));
  const taken: OfficeEvent = { type: 'TaskTaken', data: { task: 'e1', by: 'wang', until: '2026-10-24T01:30:00.000Z' } };
  const givenBack: OfficeEvent = { type: 'TaskGivenBack', data: { task: 'e1', by: 'wang' } };
  const held = { by: 'wang', until: '2026-10-24T01:30:00.000Z' };

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
  it('A task of the office is not settled, taken or given back where it was never raised', () => {
    settle([]).refuses('task.unknown', { task: 'e1' });
    take([], 'wang').refuses('task.unknown', { task: 'e1' });
    giveBack([], 'wang').refuses('task.unknown', { task: 'e1' });
  });

  it('A task of the office is taken for half an hour, in which nobody else takes or settles it', () => {
    take([raised], 'wang', '2026-10-24T01:00:00.000Z').then([taken]);
    take([raised, taken], 'li').refuses('task.held', held);
    settle([raised, taken], 'li').refuses('task.held', held);
    settle([raised, taken], 'wang').then([settled]);
  });
  it('A task of the office is taken by anybody once the half hour is over or it was given back', () => {
    const byLi: OfficeEvent = { type: 'TaskTaken', data: { task: 'e1', by: 'li', until: '2026-10-24T02:00:00.000Z' } };
    take([raised, taken], 'li', '2026-10-24T01:30:00.000Z').then([byLi]);
    take([raised, taken, givenBack], 'li', '2026-10-24T01:30:00.000Z').then([byLi]);
    settle([raised, taken], 'li', '2026-10-24T01:30:00.000Z').then([settled]);
  });
  it('A task of the office is kept for longer by who has it', () =>
    take([raised, taken], 'wang', '2026-10-24T01:20:00.000Z').then([
      { type: 'TaskTaken', data: { task: 'e1', by: 'wang', until: '2026-10-24T01:50:00.000Z' } },
    ]));
  it('A task of the office is given back by who has it alone', () => {
    giveBack([raised, taken], 'wang').then([givenBack]);
    giveBack([raised, taken], 'li').then([]);
    giveBack([raised], 'wang').then([]);
    giveBack([raised, taken, settled], 'wang').then([]);
  });
  it('A task of the office is settled whoever has it where what it was raised for is gone', () => settle([raised, taken]).then([settled]));
  it('A task of the office is not taken once it was settled', () => take([raised, settled], 'wang').refuses('task.settled', {}));
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
  it('The list of open tasks contains a task that was taken, whose document says who has it and who had it', () => {
    const two = recorded({ type: 'TaskTaken', data: { task: 'e1', by: 'li', until: '2026-10-24T02:30:00.000Z' } }, '2026-10-24T02:00:00.000Z');
    const three = recorded({ type: 'TaskGivenBack', data: { task: 'e1', by: 'li' } }, '2026-10-24T02:10:00.000Z');
    expect(open(one, two)).toBe('2026-10-24T01:00:00.000Z');
    expect(folded(tasks, [one, two])).toMatchObject({ holder: { by: 'li', until: '2026-10-24T02:30:00.000Z' } });
    const document = folded(tasks, [one, two, three]);
    expect('holder' in document).toBe(false);
    expect(document.history).toEqual([
      { at: '2026-10-24T02:00:00.000Z', by: 'li', what: 'taken' },
      { at: '2026-10-24T02:10:00.000Z', by: 'li', what: 'given_back' },
    ]);
  });
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
