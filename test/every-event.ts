import type { Window } from '../src/catalogue/catalogue.events.js';
import type { DeclarationTerms } from '../src/declarations/declarations.events.js';
import type { Event } from '../src/event-store/event.js';
import type { OfficerChange } from '../src/office/officers/officers.events.js';
import type { BillTerms } from '../src/payments/payments.events.js';
import type { Findings } from '../src/payments/reconciliation/reconciliation.events.js';
import type { Registration } from '../src/registrations/registrations.events.js';
import type { AnyEvent } from '../src/timeline/any-event.js';
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

type OfType<Type extends string> = Extract<AnyEvent, { type: Type }>['data'];

/** For every event type, how its data is generated. A new event type needs an entry. */
export const everyEvent: { readonly [Type in AnyEvent['type']]: (draw: Draw) => OfType<Type> } = {
  PeriodAnnounced: (draw) => ({
    period: draw.id('period'),
    name: draw.id('name'),
    registration: window(draw),
    confirmation: draw.of<Window>({}, window(draw)),
    enrolment: window(draw),
    paymentCloses: draw.of(undefined, draw.instant()),
    reviewCloses: draw.of(undefined, draw.instant()),
  }),
  ArrangementsReleaseScheduled: (draw) => ({ period: draw.id('period'), at: draw.of(undefined, draw.instant()) }),
  ResultsReleaseScheduled: (draw) => ({ period: draw.id('period'), at: draw.of(undefined, draw.instant()) }),
  UnitScheduled: (draw) => ({ period: draw.id('period'), unit: draw.id('unit'), date: draw.instant().slice(0, 10), starts: draw.of('09:00', '14:30') }),
  PaperScheduled: (draw) => ({
    period: draw.id('period'),
    course: draw.id('course'),
    unit: draw.of(undefined, draw.id('unit')),
    form: 'written',
    minutes: 150,
  }),
  CourseDescribed: (draw) => ({ course: draw.id('course'), name: draw.id('name'), credits: draw.of(undefined, 4, 6) }),
  MajorDescribed: (draw) => ({ major: draw.id('major'), name: draw.id('name'), level: '本科', university: '北京大学', state: draw.of('open', 'closing') }),
  MajorCourseListed: (draw) => ({ major: draw.id('major'), course: draw.id('course'), required: draw.of(true, false) }),
  DistrictDescribed: (draw) => ({ district: draw.id('district'), office: draw.id('name'), place: '一层', address: '北京市', phone: '010' }),
  FeeSet: (draw) => ({ kind: draw.of('written', 'practical', 'thesis', 'degree'), fromPeriod: draw.id('period'), fen: draw.of(3_000, 4_000) }),
  ContentPublished: (draw) => ({ key: draw.of('rules', 'help'), effectiveFrom: draw.instant(), body: draw.id('body') }),
  DeclarationPeriodAnnounced: (draw) => ({
    kind: draw.of('thesis', 'degree'),
    code: draw.id('period'),
    name: draw.id('name'),
    ...window(draw),
    paymentCloses: draw.of(undefined, draw.instant()),
  }),
  NoticePublished: (draw) => ({ notice: draw.id('notice'), title: draw.id('name'), publishedAt: draw.instant(), body: draw.id('body') }),
  NoticeWithdrawn: (draw) => ({ notice: draw.id('notice') }),
  CandidateRegistered: registration,
  CandidateCorrected: registration,
  PersonCorrected: (draw) => ({
    ...whose(draw),
    values: draw.of({ name: sealed<string>(draw) }, { idNo: sealed<string>(draw), sex: sealed<string>(draw) }),
    ...draw.of({}, { district: draw.id('district') }),
    digest: draw.id('digest'),
  }),
  AccountStateChanged: (draw) => ({ ...whose(draw), state: draw.of('normal', 'frozen', 'suspended', 'closed') }),
  SiteConfirmed: whose,
  SiteConfirmationWithdrawn: whose,
  PasswordSet: (draw) => ({ ...whose(draw), password: sealed(draw), everywhere: { at: draw.instant(), others: sealed(draw) } }),
  ResetCodeIssued: (draw) => ({ ...whose(draw), code: draw.id('code'), until: draw.instant() }),
  PasswordReset: (draw) => ({ ...whose(draw), way: draw.of('code', 'real_name', 'other_number') }),
  MajorAdded: (draw) => ({ ...whose(draw), major: draw.id('major'), period: draw.id('period') }),
  MajorGraduated: (draw) => ({ ...whose(draw), major: draw.id('major') }),
  MajorLeft: (draw) => ({ ...whose(draw), major: draw.id('major') }),
  MajorWithdrawn: (draw) => ({ ...whose(draw), major: draw.id('major') }),
  RegistrationVoided: whose,
  CandidateForgotten: whose,
  CourseEnrolled: sitting,
  CourseWithdrawn: sitting,
  EnrolmentConfirmed: (draw) => {
    const { kind: _, ...terms } = billTerms(draw);
    return terms;
  },
  EnrolmentPaid: (draw) => ({ ...whose(draw), period: draw.id('period'), bill: draw.id('bill'), courses: [draw.id('course'), draw.id('course')] }),
  EnrolmentFreed: (draw) => ({
    ...whose(draw),
    period: draw.id('period'),
    bill: draw.id('bill'),
    courses: [draw.id('course'), draw.id('course')],
    why: draw.of('expired', 'cancelled'),
  }),
  EnrolmentPaymentWithdrawn: (draw) => ({ ...whose(draw), period: draw.id('period'), bill: draw.id('bill') }),
  SeatArranged: (draw) => ({ ...sitting(draw), site: draw.id('site'), address: '北京市', room: '001', seat: draw.of('01', '02') }),
  SeatCancelled: sitting,
  ScoreRecorded: (draw) => ({ ...sitting(draw), result: { score: draw.of(58, 63, 90) } }),
  ScoreCorrected: (draw) => ({ ...sitting(draw), result: draw.of({ score: 61 }, { grade: '良' }, { remark: '缺考' }) }),
  ScoreWithheld: sitting,
  ScoreWithdrawn: sitting,
  BillIssued: billTerms,
  BillCorrected: billTerms,
  BillPaid: (draw) => ({
    ...ofBill(draw),
    order: draw.of(undefined, draw.id('order')),
    transaction: draw.of(undefined, draw.id('transaction')),
    channel: draw.of('alipay', 'wechat'),
  }),
  BillExpired: (draw) => ({ ...ofBill(draw), here: draw.of(undefined, true) }),
  BillCancelled: (draw) => ({ ...ofBill(draw), here: draw.of(undefined, true) }),
  BillRefunded: ofBill,
  BillReopened: ofBill,
  BillVoided: ofBill,
  PaymentBegun: (draw) => ({ ...ofOrder(draw), fen: 3_000, begunAt: draw.instant(), endsAt: draw.instant() }),
  PaymentAsked: (draw) => ({ ...ofOrder(draw), askedAt: draw.instant() }),
  PaymentFailed: (draw) => ({ ...ofOrder(draw), failedAt: draw.instant() }),
  PaymentUnresolved: (draw) => ({ ...ofOrder(draw), askedAt: draw.instant() }),
  PaymentContradicted: (draw) => ({ ...ofOrder(draw), said: draw.of('failed', 'another_amount'), transaction: draw.id('transaction') }),
  PaymentDoubted: (draw) => ({
    ...ofOrder(draw),
    transaction: draw.id('transaction'),
    fen: draw.of(3_000, 3_001),
    channel: 'wechat',
    paidAt: draw.instant(),
    toldAt: draw.instant(),
  }),
  DoubtSettled: (draw) => ({ ...ofOrder(draw), settledAt: draw.instant() }),
  RefundDue: (draw) => ({ ...refund(draw), why: draw.of('duplicate', 'late'), order: draw.of(undefined, draw.id('order')), paidAt: draw.instant() }),
  RefundRequested: (draw) => ({ ...refund(draw), requestedAt: draw.instant() }),
  RefundAsked: (draw) => ({ ...refund(draw), askedAt: draw.instant() }),
  RefundDone: (draw) => ({ ...refund(draw), refundedAt: draw.of(undefined, draw.instant()) }),
  RefundRefused: (draw) => ({ ...refund(draw), refusedAt: draw.instant(), why: 'closed' }),
  ReceiptIssued: (draw) => ({
    ...whose(draw),
    bill: draw.id('bill'),
    code: '11060126',
    number: draw.id('receipt'),
    checkCode: 'a1b2c3',
    issuedAt: draw.of(undefined, draw.instant()),
  }),
  DayReconciled: (draw) => ({ day: draw.instant().slice(0, 10), fen: 3_000, findings: nothingFound }),
  DeclarationSubmitted: declarationTerms,
  DeclarationCorrected: declarationTerms,
  DeclarationPaymentRequested: (draw) => {
    const { candidateId: _, ...bill } = billTerms(draw);
    return { ...decision(draw), issues: draw.of(undefined, { ...bill, kind: 'thesis' }) };
  },
  DeclarationPaid: (draw) => ({ ...decision(draw), here: draw.of(undefined, true) }),
  DeclarationApproved: decision,
  DeclarationRejected: decision,
  DeclarationWithdrawn: decision,
  DeclarationReopened: decision,
  DeclarationVoided: (draw) => ({ ...whose(draw), declaration: draw.id('declaration') }),
  ApplicationVoided: (draw) => ({ ...whose(draw), application: draw.id('application') }),
  ApplicationDrafted: application,
  ApplicationSubmitted: application,
  ApplicationApproved: application,
  ApplicationRejected: application,
  ApplicationWithdrawn: application,
  SignedIn: (draw) => ({
    ...whose(draw),
    session: draw.id('session'),
    device: sealed(draw),
    way: draw.of('password', 'bjt', 'switch'),
    password: draw.id('event'),
  }),
  SignInsFailed: (draw) => ({ ...whose(draw), times: draw.of(1, 3), device: sealed(draw) }),
  SessionsEnded: (draw) => ({ ...whose(draw), before: draw.instant(), spared: draw.id('session') }),
  SignedOut: (draw) => ({ ...whose(draw), session: draw.id('session'), until: draw.instant() }),
  TaskRaised: (draw) => ({ task: draw.id('task'), kind: 'unknown_order', proposal: 'refund', about: aboutMoney(draw) }),
  InstallationMade: (draw) => ({ id: draw.id('installation'), demo: draw.of(true, false) }),
  ImportBegun: (draw) => ({
    batch: draw.id('batch'),
    account: 'xicheng',
    reason: draw.id('name'),
    ticket: draw.id('ticket'),
    files: [{ file: 'scores.csv', rows: 2, sha256: draw.id('digest') }],
  }),
  ImportEnded: (draw) => ({ batch: draw.id('batch'), recorded: 2, files: [{ file: 'scores.csv', recorded: 2, bad: 0, keptOut: false }] }),
  PersonViewed: (draw) => ({ viewing: draw.id('command'), candidateIds: [draw.id('candidate')], what: 'show candidate', reason: draw.id('body') }),
  TaskSettled: (draw) => ({ task: draw.id('task'), note: draw.id('body') }),
  OfficerAdded: (draw) => ({ ...ofOfficer(draw), roles: [draw.of('city', 'district')], districts: [draw.id('district')], ...setupCode(draw) }),
  OfficerReset: (draw) => ({ ...ofOfficer(draw), ...setupCode(draw) }),
  OfficerPasswordSet: (draw) => ({ ...ofOfficer(draw), password: sealed(draw) }),
  OfficerFactorEnrolled: (draw) => ({ ...ofOfficer(draw), secret: sealed(draw), recovery: [draw.id('digest'), draw.id('digest')] }),
  OfficerPasskeyAdded: (draw) => ({ ...ofOfficer(draw), passkey: draw.id('passkey'), key: draw.id('key'), counter: 0, name: draw.id('name') }),
  OfficerPasskeyRemoved: (draw) => ({ ...ofOfficer(draw), passkey: draw.id('passkey') }),
  OfficerSuspended: ofOfficer,
  OfficerReinstated: ofOfficer,
  OfficerChangeProposed: (draw) => ({
    ...ofOfficer(draw),
    change: draw.id('change'),
    by: 'admin-1',
    what: draw.of<OfficerChange>('reset', { roles: ['finance'], districts: [] }),
    reason: draw.id('body'),
  }),
  OfficerChangeDeclined: (draw) => ({ ...ofOfficer(draw), change: draw.id('change') }),
  OfficerDutiesChanged: (draw) => ({ ...ofOfficer(draw), change: draw.id('change'), roles: ['city'], districts: [] }),
  OfficerSignedIn: (draw) => ({ ...officeSession(draw), device: sealed(draw), proof: draw.of({ step: 59_000_000 }, { recovery: 'digest' }) }),
  OfficerFactorProved: (draw) => ({ ...officeSession(draw), device: sealed(draw), proof: draw.of({ step: 59_000_001 }, { recovery: 'other' }) }),
  OfficerSignedOut: officeSession,
};

export const everyType = Object.keys(everyEvent) as AnyEvent['type'][];

/** A generated event of a type, with the candidate whom it is about. */
export function drawn(type: AnyEvent['type'], draw: Draw): Event & { readonly subject?: string } {
  const data = everyEvent[type](draw);
  return { type, data, ...('candidateId' in data && data.candidateId !== undefined && { subject: data.candidateId }) };
}

const nothing = { count: 0, fen: 0 };
const nothingFound: Findings = {
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

function aboutMoney(draw: Draw) {
  return { order: draw.id('order'), fen: 3_000, ourFen: 3_001, at: draw.instant(), paidAt: draw.instant() };
}

function whose(draw: Draw) {
  return { candidateId: draw.id('candidate') };
}

function ofOfficer(draw: Draw) {
  return { officer: draw.id('officer') };
}

function officeSession(draw: Draw) {
  return { ...ofOfficer(draw), session: draw.id('session') };
}

function setupCode(draw: Draw) {
  return { code: draw.id('digest'), until: draw.instant() };
}

function window(draw: Draw) {
  return { opens: draw.instant(), closes: draw.of(undefined, draw.instant()) };
}

function sealed<T>(draw: Draw): Sealed<T> {
  return draw.id('sealed') as Sealed<T>;
}

function registration(draw: Draw): Registration {
  const photo = draw.of(undefined, draw.id('photo'));
  return { ...whose(draw), district: draw.id('district'), registeredPeriod: draw.id('period'), person: sealed(draw), photo, digest: draw.id('digest') };
}

function sitting(draw: Draw) {
  return { ...whose(draw), period: draw.id('period'), course: draw.id('course') };
}

function billTerms(draw: Draw): BillTerms {
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

function ofBill(draw: Draw) {
  const kind = draw.of('enrolment', 'enrolment', 'thesis');
  const happenedAt = draw.of(undefined, draw.instant());
  return { ...whose(draw), bill: draw.id('bill'), kind, period: draw.id('period'), codes: [draw.id('course'), draw.id('course')], happenedAt };
}

function ofOrder(draw: Draw) {
  return { ...whose(draw), bill: draw.id('bill'), order: draw.id('order') };
}

function refund(draw: Draw) {
  return { ...whose(draw), bill: draw.id('bill'), transaction: draw.of(undefined, draw.id('transaction')), fen: 3_000 };
}

function declarationTerms(draw: Draw): DeclarationTerms {
  const of = { period: draw.id('period'), major: draw.id('major'), university: draw.id('name') };
  return {
    ...whose(draw),
    declaration: draw.id('declaration'),
    kind: draw.of('thesis', 'graduation', 'degree'),
    ...of,
    appliedOn: draw.instant().slice(0, 10),
  };
}

function decision(draw: Draw) {
  const remark = draw.of(undefined, sealed<string>(draw));
  return { ...whose(draw), declaration: draw.id('declaration'), decidedOn: draw.of(undefined, '2026-11-20'), remark, digest: draw.id('digest') };
}

function application(draw: Draw) {
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
