import type { Reference, ReferenceKind, RowContext, RowFault } from './import-file.js';

/** Functions that several kinds of import files share. */

export function referenceTo(kind: ReferenceKind, column: string, value: string): Reference {
  return { kind, value, column };
}

/** The candidate of a row whose file references `admission_no`, so that it was looked up. */
export function candidateIdOf({ candidateId }: RowContext): string {
  if (candidateId === undefined) throw new Error('a row came to its command before its candidate was found');
  return candidateId;
}

/** A fault unless `then` is after `first`; either may be missing. */
export function mustFollow(first: string | undefined, then: string | undefined, column: string): readonly RowFault[] {
  return first !== undefined && then !== undefined && then <= first ? [{ column, reason: '结束时间应晚于开始时间' }] : [];
}

/**
 * A warning when `then` is before `first`, both dates or both instants; either may be missing.
 * @param reason what should not be before what
 */
export function shouldFollow(first: string | undefined, then: string | undefined, column: string, reason: string): readonly RowFault[] {
  return first !== undefined && then !== undefined && then < first ? [{ column, reason: `${reason}，请核对` }] : [];
}

/** The sort key of rows of a candidate's own stream, in files that share it. */
export function candidateStream({ admission_no }: { readonly admission_no: string }): string {
  return admission_no;
}

/** The sort key of rows of a bill, in files that share it. */
export function billStream({ bill_no }: { readonly bill_no: string }): string {
  return bill_no;
}

/** The sort key of rows of an exam period, in files that share it. */
export function periodStream({ period }: { readonly period: string }): string {
  return period;
}

/** The sort key of rows of a major, in files that share it. A code may have any letters. */
export function majorStream(row: { readonly major: string } | { readonly code: string }): string {
  return encodeURIComponent('major' in row ? row.major : row.code);
}

/** A candidate's paper in a period, which rows of enrolments, arrangements and scores are about. */
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
  return [referenceTo('candidate', 'admission_no', admission_no), referenceTo('period', 'period', period), referenceTo('course', 'course', course)];
}
