import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { declarations as documents } from '../../projections/declarations.js';
import {
  type DeclarationFacts,
  declaration,
  lapseDeclaration,
  payDeclaration,
  recordDeclaration,
  submitDeclaration,
  unpayDeclaration,
} from '../../src/declarations/declaration.decider.js';
import type { DeclarationBill, DeclarationEvent, DeclarationState, DeclarationTerms } from '../../src/declarations/declarations.events.js';
import { declarations } from '../../src/declarations/declarations.reactor.js';
import { LapseDeclaration } from '../../src/declarations/lapse-declaration.command.js';
import { PayDeclaration } from '../../src/declarations/pay-declaration.command.js';
import { RecordDeclaration } from '../../src/declarations/record-declaration.command.js';
import { SubmitDeclaration } from '../../src/declarations/submit-declaration.command.js';
import { UnpayDeclaration } from '../../src/declarations/unpay-declaration.command.js';
import type { Appended } from '../../src/event-store/append.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { bills } from '../../src/payments/bills/bills.reactor.js';
import { IssueBill } from '../../src/payments/bills/issue-bill.command.js';
import { ReadModels } from '../../src/read-models/read-models.js';
import { TestCentre } from '../centre.js';
import { anyGiven } from '../decided.js';
import { given } from '../given.js';

const at = '2026-12-01T02:00:00.000Z';
const terms: DeclarationTerms = {
  candidateId: 'c1',
  declaration: 'D1',
  kind: 'thesis',
  period: '2026B',
  major: '01B0302',
  university: '中国政法大学',
  appliedOn: '2026-12-01',
};
const bill: DeclarationBill = {
  bill: '90000000000001',
  kind: 'thesis',
  period: '2026B',
  lines: [{ code: '01B0302', fen: 40_000 }],
  fen: 40_000,
  createdAt: at,
  dueBy: '2026-12-20T09:00:00.000Z',
};
const of = { candidateId: 'c1', declaration: 'D1' };
const submitted: DeclarationEvent = { type: 'DeclarationSubmitted', data: terms };
const paymentDue: DeclarationEvent = { type: 'DeclarationPaymentRequested', data: { ...of, issues: bill } };
const paid: DeclarationEvent = { type: 'DeclarationPaid', data: { ...of, here: true } };
const withdrawn: DeclarationEvent = { type: 'DeclarationWithdrawn', data: of };
const approved: DeclarationEvent = { type: 'DeclarationApproved', data: { ...of, decidedOn: '2026-12-21' } };
const rejected: DeclarationEvent = { type: 'DeclarationRejected', data: { ...of, decidedOn: '2026-12-21' } };

describe('SubmitDeclaration', () => {
  const facts: DeclarationFacts = { window: 'open', university: terms.university, studied: true, other: undefined, bill };
  const command = new SubmitDeclaration({ id: 'command', at }, 'D1', 'c1', 'thesis', '2026B', '01B0302', '2026-12-01');
  const submit = (before: DeclarationEvent[], changes: Partial<DeclarationFacts> = {}) =>
    given(declaration, before).when((state) => submitDeclaration(state, command, { ...facts, ...changes }));

  it('SubmitDeclaration requests the payment of its bill', () => submit([]).then([submitted, paymentDue]));
  it('SubmitDeclaration requests no payment when there is no fee', () => submit([], { bill: undefined }).then([submitted]));
  it('SubmitDeclaration is recorded once, also after it was withdrawn', () => {
    submit([submitted, paymentDue]).then([]);
    submit([submitted, paymentDue, withdrawn], { window: 'closed', other: 'D1' }).then([]);
  });
  it.each(['not_open', 'closed'] as const)('SubmitDeclaration is refused while the window is %s', (window) =>
    submit([], { window }).refuses(`declaration.${window}`, { period: '2026B' }),
  );
  it('SubmitDeclaration is refused from the deadline of its bill on', () =>
    submit([], { bill: { ...bill, dueBy: at } }).refuses('declaration.closed', { period: '2026B' }));
  it('SubmitDeclaration is refused for a major that is not studied, or that no university leads', () => {
    submit([], { studied: false }).refuses('declaration.not_studied', { major: '01B0302' });
    submit([], { university: undefined }).refuses('declaration.not_studied', { major: '01B0302' });
  });
  it('SubmitDeclaration is refused for a major that is declared already', () =>
    submit([], { other: 'D0' }).refuses('declaration.declared', { major: '01B0302' }));
});

describe('The bill of a declaration', () => {
  const pay = (before: DeclarationEvent[]) => given(declaration, before).when((state) => payDeclaration(state));
  const lapse = (before: DeclarationEvent[]) => given(declaration, before).when((state) => lapseDeclaration(state));

  it('The bill of a declaration marks the declaration as paid once', () => {
    pay([submitted, paymentDue]).then([paid]);
    pay([submitted, paymentDue, paid]).then([]);
    pay([submitted, paymentDue, approved]).then([]);
    pay([submitted]).then([paid]);
  });
  it('The bill of a declaration is refused as paid when the declaration ended meanwhile', () => {
    pay([submitted, paymentDue, withdrawn]).refuses('declaration.ended', { declaration: 'D1' });
    pay([submitted, paymentDue, rejected]).refuses('declaration.ended', { declaration: 'D1' });
    pay([]).refuses('declaration.unknown');
  });
  it('The bill of a declaration withdraws an unpaid declaration once', () => {
    lapse([submitted, paymentDue]).then([withdrawn]);
    lapse([submitted, paymentDue, withdrawn]).then([]);
  });
  it('The bill of a declaration withdraws no declaration that does not wait for payment', () => {
    for (const before of [[], [submitted], [submitted, paymentDue, paid], [submitted, approved], [submitted, rejected]]) lapse(before).then([]);
  });

  it('The bill of a declaration waits for payment again where its bill is not paid after all, and is not paid here any more', () => {
    const unpaid: DeclarationEvent = { type: 'DeclarationPaymentRequested', data: of };
    given(declaration, [submitted, paymentDue, paid]).when(unpayDeclaration).then([unpaid]);
    for (const before of [[], [submitted, paymentDue], [submitted, paymentDue, paid, unpaid], [submitted, paymentDue, paid, approved]])
      given(declaration, before).when(unpayDeclaration).then([]);
    told('payment_due', [submitted, paymentDue, paid, unpaid]).then([]);
  });

  const told = (state: DeclarationState, before: DeclarationEvent[]) =>
    given(declaration, before).when((known) => recordDeclaration(known, new RecordDeclaration(anyGiven, terms, state), undefined));
  it('The bill of a declaration stays paid when the PC system still reports it as unpaid', () => {
    told('payment_due', [submitted, paymentDue, paid]).then([]);
    told('submitted', [submitted, paymentDue, paid]).then([]);
    told('paid', [submitted, paymentDue, paid]).then([]);
  });
  it('The bill of a declaration gives way to a decision of the PC system, and is paid again when that is reversed', () => {
    told('rejected', [submitted, paymentDue, paid]).then([{ type: 'DeclarationRejected', data: { ...of, decidedOn: undefined } }]);
    told('payment_due', [submitted, paymentDue, paid, rejected]).then([{ type: 'DeclarationPaid', data: { ...of, decidedOn: undefined, here: true } }]);
  });
});

describe('The reactors', () => {
  const command = { id: 'command', at };
  const data = { candidateId: 'c1', bill: bill.bill, kind: 'thesis', period: '2026B', codes: ['01B0302'] };
  const declaredMajor = { kind: 'thesis', period: '2026B', major: '01B0302' } as const;
  it.each<[string, unknown]>([
    ['BillPaid', new PayDeclaration(command, 'c1', bill.bill, declaredMajor)],
    ['BillReopened', new UnpayDeclaration(command, 'c1', bill.bill, declaredMajor)],
    ['BillExpired', new LapseDeclaration(command, 'c1', bill.bill, declaredMajor)],
    ['BillCancelled', new LapseDeclaration(command, 'c1', bill.bill, declaredMajor)],
  ])('The reactors follow up %s of a declaration, and not of an enrolment', (type, expected) => {
    const react = declarations.on[type as keyof typeof declarations.on] as (event: unknown, given: unknown) => unknown;
    expect(react({ type, data }, command)).toEqual(expected);
    expect(react({ type, data: { ...data, kind: 'enrolment' } }, command)).toBeUndefined();
  });
  it('The reactors issue the bill of a declaration made here, and not of a reported one', () => {
    const react = bills.on.DeclarationPaymentRequested as (event: unknown, given: unknown) => unknown;
    expect(react(paymentDue, command)).toEqual(new IssueBill(command, { candidateId: 'c1', ...bill }));
    expect(react({ type: 'DeclarationPaymentRequested', data: of }, command)).toBeUndefined();
  });
});

describe('SubmitDeclaration in the whole centre', () => {
  const admission = '119900000001';
  let centre: TestCentre;
  let id: string;
  beforeEach(async () => {
    centre = await TestCentre.open(at);
    await centre.rows('majors', { code: '01B0302', name: '法学', level: '专升本', university: '中国政法大学', state: 'open' });
    for (const kind of ['thesis', 'graduation']) {
      await centre.rows('declaration_periods', {
        kind,
        code: '2027A',
        name: '2027年上半年',
        opens: '2026-11-20T08:00:00+08:00',
        closes: '2026-12-20T08:00:00+08:00',
        payment_closes: '2026-12-20T17:00:00+08:00',
      });
    }
    const fees = { '2510': '35000', '2610': '40000', '2704': '45000' };
    for (const [from_period, amount_fen] of Object.entries(fees)) await centre.rows('fees', { kind: 'thesis', from_period, amount_fen });
    id = await centre.candidate(admission);
    await centre.rows('candidate_majors', { admission_no: admission, major: '01B0302', state: 'studying', added_period: '2604' });
  });
  afterEach(() => centre.close());

  const execute = (what: Command<Appended>) => causedBy({ by: id, origin: 'person', correlation: 'a test' }, () => centre.get(CommandBus).execute(what));
  const now = () => ({ id: randomUUID(), at: centre.clock.now().toISOString() });
  const declares = (name: string, kind: 'thesis' | 'graduation' = 'thesis') =>
    execute(new SubmitDeclaration(now(), name, id, kind, '2027A', '01B0302', '2026-12-01'));
  const of = { kind: 'thesis', period: '2027A', major: '01B0302' } as const;
  const billOf = async (name: string) => {
    const [events = []] = await centre.get(EventStore).streams([`declaration-${name}`]);
    const { data } = events.findLast(({ type }) => type === 'DeclarationPaymentRequested') ?? {};
    return (data as { issues?: DeclarationBill } | undefined)?.issues;
  };
  const stateOf = async (name: string) => {
    await centre.settled();
    return (await centre.get(ReadModels).get(documents, id))[name]?.state;
  };
  const row = (state: string) =>
    centre.rows('declarations', { id: 'PC-1', admission_no: admission, kind: 'thesis', period: '2027A', major: '01B0302', university: '中国政法大学', state });

  it('SubmitDeclaration in the whole centre makes a bill for a thesis by the fee table, due when payment closes, and none for a graduation', async () => {
    await declares('D1');
    await declares('D2', 'graduation');
    expect(await billOf('D1')).toEqual({
      bill: expect.stringMatching(/^9\d{13}$/),
      kind: 'thesis',
      period: '2027A',
      lines: [{ code: '01B0302', fen: 40_000 }],
      fen: 40_000,
      createdAt: at,
      dueBy: '2026-12-20T09:00:00.000Z',
    });
    expect([await stateOf('D1'), await stateOf('D2')]).toEqual(['payment_due', 'submitted']);
  });

  it('SubmitDeclaration in the whole centre is refused for a second declaration until the first is withdrawn', async () => {
    await declares('D1');
    await expect(declares('D2')).rejects.toMatchObject({ code: 'declaration.declared' });
    await execute(new LapseDeclaration(now(), id, (await billOf('D1'))?.bill ?? '', of));
    await declares('D2');
    expect([await stateOf('D1'), await stateOf('D2')]).toEqual(['withdrawn', 'payment_due']);
  });

  it('SubmitDeclaration in the whole centre is refused where the PC system withdrew a declaration and then restored it', async () => {
    for (const state of ['submitted', 'withdrawn', 'submitted']) await row(state);
    await expect(declares('D2')).rejects.toMatchObject({ code: 'declaration.declared' });
  });

  it('A declaration is not withdrawn by a repeated notice that an earlier bill ended', async () => {
    await declares('D1');
    const first = (await billOf('D1'))?.bill ?? '';
    await execute(new LapseDeclaration(now(), id, first, of));
    await declares('D2');
    await execute(new LapseDeclaration(now(), id, first, of));
    expect(await stateOf('D2')).toBe('payment_due');
    await expect(execute(new PayDeclaration(now(), id, first, of))).rejects.toMatchObject({ code: 'declaration.ended', values: { declaration: 'D1' } });
    expect(await stateOf('D2')).toBe('payment_due');
  });

  it('A declaration is marked as paid by a bill of the PC system, and stays paid', async () => {
    await row('payment_due');
    await execute(new PayDeclaration(now(), id, '20260000000002', of));
    expect(await stateOf('PC-1')).toBe('paid');
    await row('payment_due');
    expect(await stateOf('PC-1')).toBe('paid');
    await row('approved');
    expect(await stateOf('PC-1')).toBe('approved');
  });

  it('The centre raises a task for a paid bill of the PC system without a declaration, and none for one that ended unpaid', async () => {
    await declares('D1'); // its bill is another
    await expect(execute(new PayDeclaration(now(), id, '20260000000002', of))).rejects.toMatchObject({ code: 'declaration.unknown' });
    await execute(new LapseDeclaration(now(), id, '20260000000002', of));
    expect(await stateOf('D1')).toBe('payment_due');
  });

  it('SubmitDeclaration in the whole centre is refused for a major that is not studied, or not any more', async () => {
    await centre.rows('candidate_majors', { admission_no: admission, major: '01B0302', state: 'left', added_period: '2604' });
    await expect(declares('D1')).rejects.toMatchObject({ code: 'declaration.not_studied' });
  });
});
