import type { Bills } from '../../projections/bills.js';
import type { Declaration, Declarations } from '../../projections/declarations.js';
import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { type OpenBillStatus, openBillStatus, openBillStatusTexts } from '../payments/bills/payment-status.js';
import type { Safe } from '../vault/vault.js';
import { periodCode } from '../web/views/formats.js';
import type { DeclarationState } from './declarations.events.js';

/** A declaration as its page shows it; dates are `YYYY-MM-DD`. */
export interface DeclarationView {
  readonly state: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  /** `2018年上半年论文申报` */
  readonly period: string;
  readonly major: string;
  /** Missing for a major that the catalogue does not know. */
  readonly majorName: string | undefined;
  readonly university: string;
  readonly appliedOn?: string | undefined;
  readonly decidedOn?: string | undefined;
  readonly remark?: string | undefined;
  readonly paymentDue: boolean;
}

export const declarationKinds: Readonly<Record<DeclarationKind, string>> = { thesis: '论文申报', degree: '学位申报', graduation: '毕业申报' };

const states: Readonly<Record<DeclarationState, Pick<DeclarationView, 'state' | 'tone'>>> = {
  submitted: { state: '已申报', tone: 'plain' },
  payment_due: { state: '待缴费', tone: 'warn' },
  paid: { state: '已缴费', tone: 'good' },
  approved: { state: '审核通过', tone: 'good' },
  rejected: { state: '审核不通过', tone: 'bad' },
  withdrawn: { state: '已撤回', tone: 'plain' },
};

/**
 * The declarations of one kind: those of the period that runs (or, between two, the last that ran) and the earlier ones, newest first.
 * @param safe opens the remarks
 */
export function declarationsOf(kind: DeclarationKind, all: Declarations, bills: Bills, catalogue: Catalogue, safe: Safe, now: Date) {
  // period codes do not sort: the order is that of their openings
  const opens = ({ period }: Pick<Declaration, 'period'>) => catalogue.declarationPeriod(kind, period)?.opens ?? '';
  const ofKind = Object.values(all)
    .filter((declaration) => declaration.kind === kind)
    .sort((left, right) => opens(right).localeCompare(opens(left)) || (right.appliedOn ?? '').localeCompare(left.appliedOn ?? ''));
  const running = catalogue.currentDeclarationPeriod(kind, now);
  const shown = (declaration: Declaration) => declarationView(declaration, openStatusFor(declaration, bills, now), catalogue, safe);
  const isCurrent = (declaration: Declaration) => running?.opens !== undefined && opens(declaration) >= running.opens;
  return { current: ofKind.filter(isCurrent).map(shown), past: ofKind.filter((each) => !isCurrent(each)).map(shown), running };
}

function declarationView(declaration: Declaration, openStatus: OpenBillStatus | undefined, catalogue: Catalogue, safe: Safe): DeclarationView {
  const { kind, period, major, university, appliedOn, decidedOn, remark, state } = declaration;
  const known = catalogue.major(major);
  return {
    ...states[state],
    ...(openStatus && { state: openBillStatusTexts[openStatus] }),
    period: `${catalogue.declarationPeriod(kind, period)?.name ?? periodCode(period)}${declarationKinds[kind]}`,
    major,
    majorName: known && `${known.name}（${known.level}）`,
    university,
    appliedOn,
    decidedOn,
    remark: remark && (safe.open(remark) ?? '信息已删除'),
    paymentDue: state === 'payment_due',
  };
}

/** The status of the bill of a declaration that waits for its payment. */
function openStatusFor({ kind, period, major, state }: Declaration, bills: Bills, now: Date): OpenBillStatus | undefined {
  if (state !== 'payment_due') return undefined;
  const bill = Object.values(bills).find(
    (each) => each.kind === kind && each.period === period && each.lines.some(({ code }) => code === major) && openBillStatus(each, now),
  );
  return bill && openBillStatus(bill, now);
}
