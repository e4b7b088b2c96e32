import type { DeclarationTerms } from '../src/declarations/declarations.events.js';
import type { BillTerms } from '../src/payments/payments.events.js';
import type { Findings } from '../src/payments/reconciliation/reconciliation.events.js';
import type { Registration } from '../src/registrations/registrations.events.js';
import type { Sealed } from '../src/vault/vault.js';

/** The source of an event's values. */
export interface Draw {
  /** An id of a kind, such as a bill, a course or an order. */
  id(kind: string): string;
  /** One of several values. */
  of<const Value>(...values: readonly Value[]): Value;
  /** An ISO 8601 instant in UTC. */
  instant(): string;
}

const nothing = { count: 0, fen: 0 };
export const nothingFound: Findings = {
  matched: nothing,
  paid_twice: nothing,
  theirs_only: nothing,
  unknown_order: nothing,
  misplaced: nothing,
  amount_differs: nothing,
  refund_matched: nothing,
  refund_noted: nothing,
  refund_differs: nothing,
  ours_only: nothing,
};

export function aboutMoney(draw: Draw) {
  return { order: draw.id('order'), fen: 3_000, ourFen: 3_001, at: draw.instant(), paidAt: draw.instant() };
}

export function whose(draw: Draw) {
  return { candidateId: draw.id('candidate') };
}

export function ofCorrection(draw: Draw) {
  return { correction: draw.id('correction') };
}

export function decidedCorrection(draw: Draw) {
  return { ...ofCorrection(draw), by: draw.id('officer') };
}

export function ofOfficer(draw: Draw) {
  return { officer: draw.id('officer') };
}

export function officeSession(draw: Draw) {
  return { ...ofOfficer(draw), session: draw.id('session') };
}

export function setupCode(draw: Draw) {
  return { code: draw.id('digest'), until: draw.instant() };
}

export function window(draw: Draw) {
  return { opens: draw.instant(), closes: draw.of(undefined, draw.instant()) };
}

export function sealed<T>(draw: Draw): Sealed<T> {
  return draw.id('sealed') as Sealed<T>;
}

export function registration(draw: Draw): Registration {
  const photo = draw.of(undefined, draw.id('photo'));
  return { ...whose(draw), district: draw.id('district'), registeredPeriod: draw.id('period'), person: sealed(draw), photo, digest: draw.id('digest') };
}

export function sitting(draw: Draw) {
  return { ...whose(draw), period: draw.id('period'), course: draw.id('course') };
}

export function billTerms(draw: Draw): BillTerms {
  const lines = [
    { code: draw.id('course'), fen: 3_000 },
    { code: draw.id('course'), fen: 3_000 },
  ];
  const dueBy = draw.of(undefined, draw.instant());
  return {
    ...whose(draw),
    bill: draw.id('bill'),
    kind: draw.of('enrolment', 'thesis'),
    period: draw.id('period'),
    lines,
    fen: 6_000,
    createdAt: draw.instant(),
    dueBy,
  };
}

export function ofBill(draw: Draw) {
  const kind = draw.of('enrolment', 'enrolment', 'thesis');
  const happenedAt = draw.of(undefined, draw.instant());
  return { ...whose(draw), bill: draw.id('bill'), kind, period: draw.id('period'), codes: [draw.id('course'), draw.id('course')], happenedAt };
}

export function ofOrder(draw: Draw) {
  return { ...whose(draw), bill: draw.id('bill'), order: draw.id('order') };
}

export function refund(draw: Draw) {
  return { ...whose(draw), bill: draw.id('bill'), transaction: draw.of(undefined, draw.id('transaction')), fen: 3_000 };
}

export function declarationTerms(draw: Draw): DeclarationTerms {
  const of = { period: draw.id('period'), major: draw.id('major'), university: draw.id('name') };
  return {
    ...whose(draw),
    declaration: draw.id('declaration'),
    kind: draw.of('thesis', 'graduation', 'degree'),
    ...of,
    appliedOn: draw.instant().slice(0, 10),
  };
}

export function decision(draw: Draw) {
  const remark = draw.of(undefined, sealed<string>(draw));
  return { ...whose(draw), declaration: draw.id('declaration'), decidedOn: draw.of(undefined, '2026-11-20'), remark, digest: draw.id('digest') };
}

export function application(draw: Draw) {
  const kind = draw.of('continuation', 'exemption', 'transfer_in');
  const of = { course: draw.of(undefined, draw.id('course')), appliedOn: draw.of(undefined, '2026-11-20') };
  return {
    ...whose(draw),
    application: draw.id('application'),
    kind,
    ...of,
    text: sealed<{ remark: string; detail: string }>(draw),
    digest: draw.id('digest'),
  };
}
