import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { declarations as documents } from '../../projections/declarations.js';
import type { SealedRemark } from '../../src/declarations/declaration.decider.js';
import { correctDeclaration, type DeclarationChanges, declaration, recordDeclaration, voidDeclaration } from '../../src/declarations/declaration.decider.js';
import type { DeclarationEvent, DeclarationState, DeclarationTerms } from '../../src/declarations/declarations.events.js';
import { declarations } from '../../src/declarations/declarations.import.js';
import { RecordDeclaration } from '../../src/declarations/record-declaration.command.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { rowsOf } from '../file-rows.js';
import { given } from '../given.js';

const terms: DeclarationTerms = {
  candidateId: 'c1',
  declaration: 'D3-11',
  kind: 'graduation',
  period: '2026B',
  major: '01B0302',
  university: '中国政法大学',
  appliedOn: '2026-10-23',
};
const day = '2026-11-19';
const reason = '前置学历证书未通过核验';

let sealings = 0;
/** As the handler seals a remark: it looks different each time. */
const sealed = (text: string): SealedRemark => ({ remark: `${text}, sealed for the ${++sealings}th time` as Sealed<string>, digest: `of ${text}` });
const once = sealed(reason);

interface Report {
  readonly state: DeclarationState;
  readonly on?: string | undefined;
  readonly remark?: SealedRemark | undefined;
  readonly changes?: Partial<DeclarationTerms>;
}

const decide = (before: ReturnType<typeof declaration.initial>, { state, on, remark, changes }: Report) =>
  recordDeclaration(before, new RecordDeclaration(anyGiven, { ...terms, ...changes }, state, on, remark && 'in the clear'), remark);

const submitted: DeclarationEvent = { type: 'DeclarationSubmitted', data: terms };
const of = { candidateId: 'c1', declaration: 'D3-11' };
const paymentDue: DeclarationEvent = { type: 'DeclarationPaymentRequested', data: { ...of, decidedOn: undefined } };
const paid: DeclarationEvent = { type: 'DeclarationPaid', data: { ...of, decidedOn: undefined } };
const approved: DeclarationEvent = { type: 'DeclarationApproved', data: { ...of, decidedOn: day } };
const rejected: DeclarationEvent = { type: 'DeclarationRejected', data: { ...of, decidedOn: day, ...once } };
const withdrawn: DeclarationEvent = { type: 'DeclarationWithdrawn', data: { ...of, decidedOn: undefined } };
const reopened: DeclarationEvent = { type: 'DeclarationReopened', data: { ...of, decidedOn: undefined } };

describe('A declaration', () => {
  it.each<[string, DeclarationEvent[], Report, DeclarationEvent[]]>([
    ['is submitted', [], { state: 'submitted' }, [submitted]],
    ['is submitted once', [submitted], { state: 'submitted' }, []],
    ['is rejected also where it was never recorded', [], { state: 'rejected', on: day, remark: once }, [submitted, rejected]],
    ['is to be paid', [submitted], { state: 'payment_due' }, [paymentDue]],
    ['is paid', [submitted, paymentDue], { state: 'paid' }, [paid]],
    ['is paid once', [submitted, paymentDue, paid], { state: 'paid' }, []],
    ['is approved', [submitted, paid], { state: 'approved', on: day }, [approved]],
    ['is rejected with a reason', [submitted], { state: 'rejected', on: day, remark: once }, [rejected]],
    ['is rejected once, although the reason is sealed again', [submitted, rejected], { state: 'rejected', on: day, remark: sealed(reason) }, []],
    ['is approved rather than rejected', [submitted, rejected], { state: 'approved', on: day }, [approved]],
    ['is rejected again after that', [submitted, rejected, approved], { state: 'rejected', on: day, remark: once }, [rejected]],
    ['is withdrawn', [submitted, paymentDue], { state: 'withdrawn' }, [withdrawn]],
    ['is open again when the decision is reversed', [submitted, approved], { state: 'submitted' }, [reopened]],
    ['is open again once', [submitted, approved, reopened], { state: 'submitted' }, []],
    [
      'has a remark before it is decided',
      [submitted],
      { state: 'submitted', remark: once },
      [{ type: 'DeclarationReopened', data: { ...reopened.data, ...once } }],
    ],
    [
      'is recorded again when the day of the decision changed',
      [submitted, approved],
      { state: 'approved', on: '2026-11-20' },
      [{ type: 'DeclarationApproved', data: { ...of, decidedOn: '2026-11-20' } }],
    ],
    [
      'is corrected and keeps its decision',
      [submitted, approved],
      { state: 'approved', on: day, changes: { university: '北京大学' } },
      [{ type: 'DeclarationCorrected', data: { ...terms, university: '北京大学' } }],
    ],
    [
      'is corrected and decided',
      [submitted],
      { state: 'approved', on: day, changes: { appliedOn: undefined } },
      [{ type: 'DeclarationCorrected', data: { ...terms, appliedOn: undefined } }, approved],
    ],
  ])('A declaration %s', (_, before, report, after) =>
    given(declaration, before)
      .when((state) => decide(state, report))
      .then(after),
  );

  it('A declaration is refused for another candidate', () =>
    given(declaration, [submitted])
      .when((state) => decide(state, { state: 'submitted', changes: { candidateId: 'c2' } }))
      .refuses('declaration.of_another', { declaration: 'D3-11' }));

  it('A declaration ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: declaration,
      decide,
      commands: fc
        .record({
          state: fc.constantFrom<DeclarationState>('submitted', 'payment_due', 'paid', 'approved', 'rejected', 'withdrawn'),
          on: fc.constantFrom(undefined, day),
          text: fc.constantFrom('', reason, '材料不全'),
          university: fc.constantFrom('中国政法大学', '北京大学'),
          appliedOn: fc.constantFrom(undefined, '2026-10-23'),
        })
        .map(({ state, on, text, ...changes }) => ({ state, on, remark: text === '' ? undefined : sealed(text), changes })),
      shown: (events) => {
        const document = documentOf(documents, events)?.['D3-11'];
        return { ...document, remark: document?.remark?.split(',')[0] };
      },
    }));
});

describe('A row of declarations.csv', () => {
  const rows = rowsOf(declarations, {
    id: 'D3-11',
    admission_no: '103000000080',
    kind: 'graduation',
    period: '2026B',
    major: '01B0302',
    university: '中国政法大学',
    state: 'rejected',
    applied_on: '2026-10-23',
    decided_on: '2026-11-19',
    remark: reason,
  });

  it('A row of declarations.csv becomes RecordDeclaration', () =>
    expect(rows.command()).toMatchObject({ terms, state: 'rejected', decidedOn: day, remark: reason }));

  it('A row of declarations.csv may leave out dates and remark', () =>
    expect(rows.command({ applied_on: '', decided_on: '', remark: '' })).toMatchObject({
      terms: { ...terms, appliedOn: undefined },
      decidedOn: undefined,
      remark: undefined,
    }));

  it('A row of declarations.csv refers to its candidate, its declaration period and its major', () =>
    expect(rows.references()).toEqual(['admission_no: candidate 103000000080', 'period: declaration_period graduation/2026B', 'major: major 01B0302']));

  it.each([
    ['id', ''],
    ['id', 'D 11'],
    ['id', 'D'.repeat(65)],
    ['kind', 'enrolment'],
    ['state', 'draft'],
    ['university', ''],
    ['applied_on', '2026-10-32'],
    ['decided_on', '2026-11-19T00:00:00+08:00'],
    ['remark', '字'.repeat(1001)],
  ])('A row of declarations.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of declarations.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('The correction of a declaration', () => {
  const correct = (changes: DeclarationChanges, remark?: SealedRemark) => (state: ReturnType<typeof declaration.initial>) =>
    correctDeclaration(state, { ...of, changes }, remark);
  const paidHere: DeclarationEvent = { type: 'DeclarationPaid', data: { ...of, here: true } };
  const voided: DeclarationEvent = { type: 'DeclarationVoided', data: of };
  const issues = { bill: '90000000000001', kind: 'thesis', period: '2026B', lines: [], fen: 40_000, createdAt: anyGiven.at } as const;
  const billed: DeclarationEvent = { type: 'DeclarationPaymentRequested', data: { ...of, issues } };

  it.each<[string, DeclarationEvent[], DeclarationChanges, SealedRemark | undefined, DeclarationEvent[]]>([
    [
      'the state, with date and remark as they were',
      [submitted, rejected],
      { state: 'approved' },
      undefined,
      [{ type: 'DeclarationApproved', data: rejected.data }],
    ],
    [
      'the date alone',
      [submitted, rejected],
      { decidedOn: '2026-11-20' },
      undefined,
      [{ type: 'DeclarationRejected', data: { ...of, decidedOn: '2026-11-20', ...once } }],
    ],
    ['the remark alone', [submitted, approved], {}, once, [{ type: 'DeclarationApproved', data: { ...of, decidedOn: day, ...once } }]],
    ['nothing that is so already', [submitted, approved], { state: 'approved' }, undefined, []],
    ['a remark, and still has its bill paid here', [submitted, paidHere], {}, once, [{ type: 'DeclarationPaid', data: { ...of, ...once, here: true } }]],
  ])('The correction of a declaration names %s', (_, before, changes, remark, after) => given(declaration, before).when(correct(changes, remark)).then(after));

  it('The correction of a declaration does not make it unpaid where its bill is paid here', () =>
    given(declaration, [submitted, paidHere])
      .when(correct({ state: 'payment_due' }))
      .refuses('declaration.paid_here'));

  it('The correction of a declaration is refused for another candidate’s, and for none', () => {
    given(declaration, [])
      .when(correct({ state: 'approved' }))
      .refuses('declaration.unknown');
    given(declaration, [submitted])
      .when((state) => correctDeclaration(state, { ...of, candidateId: 'c2', changes: { state: 'approved' } }, undefined))
      .refuses('declaration.unknown');
  });

  it('The correction of a declaration takes it back as if it had never been submitted, unless its bill is due or paid here', () => {
    const take = (state: ReturnType<typeof declaration.initial>) => voidDeclaration(state, of);
    given(declaration, [submitted, approved]).when(take).then([voided]);
    given(declaration, [submitted, voided]).when(take).refuses('declaration.unknown');
    given(declaration, [submitted, billed]).when(take).refuses('declaration.billed');
    given(declaration, [submitted, paidHere]).when(take).refuses('declaration.billed');
    given(declaration, [submitted, billed, withdrawn]).when(take).then([voided]);
    given(declaration, [submitted, voided])
      .when((state) => decide(state, { state: 'submitted' }))
      .then([submitted]);
    expect(documentOf(documents, [submitted, approved, voided])).toEqual({});
  });
});
