import type { Fault, Found, Reference, ReferenceKind } from './import-file.js';

/** What several import files say of their rows. */

export function refersTo(kind: ReferenceKind, column: string, value: string): Reference {
  return { kind, value, column };
}

/** The candidate of a row with an `admission_no`, which is referred to and so was found. */
export function candidateIn({ candidateId }: Found): string {
  if (candidateId === undefined) throw new Error('a row came to its command before its candidate was found');
  return candidateId;
}

/** A fault when what `first` begins is over by `then`; either may be missing. */
export function mustFollow(first: string | undefined, then: string | undefined, column: string): readonly Fault[] {
  return first !== undefined && then !== undefined && then <= first ? [{ column, reason: '结束时间应晚于开始时间' }] : [];
}

/**
 * A warning when `then` is before `first`, both dates or both instants; either may be missing.
 * @param reason what should not be before what
 */
export function shouldFollow(first: string | undefined, then: string | undefined, column: string, reason: string): readonly Fault[] {
  return first !== undefined && then !== undefined && then < first ? [{ column, reason: `${reason}，请核对` }] : [];
}

/** A candidate's paper: what rows of enrolments, arrangements and scores are about. */
interface SittingRow {
  readonly admission_no: string;
  readonly period: string;
  readonly course: string;
}

export function sittingKey({ admission_no, period, course }: SittingRow): string {
  return `${admission_no}/${period}/${course}`;
}

export function sittingStream({ admission_no, period }: SittingRow): string {
  return `${admission_no}/${period}`;
}

export function sittingReferences({ admission_no, period, course }: SittingRow): readonly Reference[] {
  return [refersTo('candidate', 'admission_no', admission_no), refersTo('period', 'period', period), refersTo('course', 'course', course)];
}
