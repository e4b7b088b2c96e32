import { declarationEvents } from '../declarations/declarations.events.js';
import { enrolmentEvents } from '../enrolments/enrolments.events.js';
import { identityEvents } from '../identity/identity.events.js';
import { paymentEvents } from '../payments/payments.events.js';
import { registrationEvents } from '../registrations/registrations.events.js';
import { resultEvents } from '../results/results.events.js';
import { applicationEvents } from '../status-applications/status-applications.events.js';

/** By what people look for something that happened to a candidate. */
export const eventKinds = {
  person: '身份',
  enrolment: '报考',
  payment: '缴费',
  seat: '安排',
  result: '成绩',
  declaration: '申报',
  sign_in: '登录',
  other: '其他',
} as const;

export type EventKind = keyof typeof eventKinds;

const kinds: ReadonlyMap<string, EventKind> = new Map(
  (
    [
      ['person', registrationEvents],
      ['sign_in', identityEvents],
      ['enrolment', enrolmentEvents],
      ['result', resultEvents],
      ['payment', paymentEvents],
      ['declaration', declarationEvents],
      ['declaration', applicationEvents],
      ['seat', { SeatArranged: [], SeatCancelled: [] }],
    ] as const
  ).flatMap(([kind, types]) => Object.keys(types).map((type) => [type, kind] as const)),
);

export function kindOf(type: string): EventKind {
  return kinds.get(type) ?? 'other';
}

export function isEventKind(text: unknown): text is EventKind {
  return typeof text === 'string' && Object.hasOwn(eventKinds, text);
}
