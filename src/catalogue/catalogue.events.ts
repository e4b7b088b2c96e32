import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/** From `opens` up to, not including, `closes`: ISO 8601 instants in UTC; either may be missing. */
export interface Window {
  readonly opens?: string | undefined;
  readonly closes?: string | undefined;
}

export type WindowState = 'not_open' | 'open' | 'closed';

export type PaperForm = 'written' | 'practical';
export type MajorState = 'open' | 'closing' | 'closed';
export type FeeKind = 'written' | 'practical' | 'thesis' | 'degree';
export type DeclarationKind = 'thesis' | 'graduation' | 'degree';
export type ContentKey = 'rules' | 'payment_guide' | 'quick_channels' | 'login_welcome' | 'help' | 'privacy';

/** An exam period 考期 without its two releases, which have events of their own. Exam days are dates, `YYYY-MM-DD`. */
export interface PeriodTerms {
  readonly name: string;
  readonly registration: Window;
  readonly confirmation: Window;
  readonly enrolment: Window;
  readonly paymentCloses?: string | undefined;
  readonly reviewCloses?: string | undefined;
  readonly examStarts?: string | undefined;
  readonly examEnds?: string | undefined;
}

/** A major 专业. The last dates are those of a major that closes, `YYYY-MM-DD`. */
export interface MajorTerms {
  readonly name: string;
  readonly level: string;
  readonly university: string;
  readonly state: MajorState;
  readonly lastRegistration?: string | undefined;
  readonly lastExam?: string | undefined;
  readonly lastThesis?: string | undefined;
  readonly lastGraduation?: string | undefined;
  readonly lastDegree?: string | undefined;
}

/** Each event also records a change: the newest one holds. A release without `at` is cancelled. */
export type CatalogueEvent =
  | Event<'PeriodAnnounced', { period: string } & PeriodTerms>
  | Event<'ArrangementsReleaseScheduled', { period: string; at?: string | undefined }>
  | Event<'ResultsReleaseScheduled', { period: string; at?: string | undefined }>
  | Event<'UnitScheduled', { period: string; unit: string; date: string; starts: string }>
  | Event<'PaperScheduled', { period: string; course: string; unit?: string | undefined; form: PaperForm; minutes?: number | undefined }>
  | Event<'CourseDescribed', { course: string; name: string; credits?: number | undefined }>
  | Event<'MajorDescribed', { major: string } & MajorTerms>
  | Event<'MajorCourseListed', { major: string; course: string; required: boolean }>
  | Event<'DistrictDescribed', { district: string; office: string; place: string; address: string; phone: string }>
  | Event<'FeeSet', { kind: FeeKind; fromPeriod: string; fen: number }>
  | Event<'ContentPublished', { key: ContentKey; effectiveFrom: string; body: string }>
  | Event<
      'DeclarationPeriodAnnounced',
      { kind: DeclarationKind; code: string; name: string; opens?: string | undefined; closes?: string | undefined; paymentCloses?: string | undefined }
    >;

export const catalogueEvents: EventTypes<CatalogueEvent> = {
  PeriodAnnounced: [],
  ArrangementsReleaseScheduled: [],
  ResultsReleaseScheduled: [],
  UnitScheduled: [],
  PaperScheduled: [],
  CourseDescribed: [],
  MajorDescribed: [],
  MajorCourseListed: [],
  DistrictDescribed: [],
  FeeSet: [],
  ContentPublished: [],
  DeclarationPeriodAnnounced: [],
};
