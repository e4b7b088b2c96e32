import { DateTime } from 'luxon';
import { type Calendar, date, type ExamPeriod, instant } from './calendar.js';
import { FEES, unitOf } from './catalogue.js';
import { CsvFiles } from './csv.js';
import type { DeclarationKind, DeclarationPeriod } from './declaration-periods.js';
import type { Major } from './majors.js';
import { addCandidate, type Candidate } from './people.js';
import { Random } from './random.js';

/** A score, a grade of a practical, or why there is neither. */
export type Outcome = number | '优' | '良' | '及格' | '不及格' | '缺考' | '违纪' | '作弊';

export interface BillTerms {
  readonly kind: 'enrolment' | 'thesis' | 'degree';
  /** The code of an exam period or of a declaration period. */
  readonly period: string;
  readonly state: 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';
  readonly lines: readonly { readonly code: string; readonly fen: number }[];
  readonly createdAt: DateTime;
  readonly dueBy: DateTime;
}

export interface DeclarationTerms {
  readonly kind: DeclarationKind;
  readonly period: DeclarationPeriod;
  readonly major: Major;
  readonly state: 'submitted' | 'payment_due' | 'paid' | 'approved' | 'rejected' | 'withdrawn';
  readonly remark?: string;
}

export interface ApplicationTerms {
  readonly kind: 'continuation' | 'exemption' | 'transfer_out' | 'transfer_in';
  readonly state: 'draft' | 'submitted' | 'approved' | 'rejected' | 'withdrawn';
  readonly appliedOn: DateTime;
  readonly remark?: string;
  /** The course of an exemption. */
  readonly course?: string;
}

/** Exam sites 考点. None of them exists; some are one campus of two. */
const SITES = [
  '东城区示范第一中学(东校区)',
  '东城区示范第一中学(西校区)',
  '西城区示范第二中学',
  '朝阳区示范第三中学',
  '海淀区示范第四中学(高中部)',
  '丰台区示范第五中学',
  '通州区示范第六中学',
  '昌平区示范职业学校',
];
/** The hour before which nobody of the cohort does anything. */
const EARLIEST = 7;
const ROOMS_A_SITE = 4;
const SEATS_A_ROOM = 30;

/** The records of the office's systems about the cohort, as rows of input files. */
export class CohortRecords {
  readonly batch = new CsvFiles();
  /** Corrections, to be imported after the batch. */
  readonly corrections = new CsvFiles();
  readonly days: Calendar;
  readonly random: Random;
  readonly #takenSeats = new Map<string, number>();
  readonly #candidates: Candidate[] = [];
  /** For seconds and numbers on which nothing else depends, so that a change of them leaves the rest of the cohort as it is. */
  readonly #details = new Random(20_261_128);
  #bills = 0;
  #receipts = 0;
  #declarations = 0;
  #applications = 0;

  constructor(days: Calendar, random: Random) {
    this.days = days;
    this.random = random;
  }

  get admitted(): number {
    return this.#candidates.length;
  }

  /** In the order of their admission. */
  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** Admits a person: the first is 110000000001. */
  admit(candidate: Omit<Candidate, 'admissionNo'>): Candidate {
    const admitted = { ...candidate, admissionNo: `11${String(this.admitted + 1).padStart(10, '0')}` };
    this.#candidates.push(admitted);
    addCandidate(this.batch, admitted);
    return admitted;
  }

  addMajor({ admissionNo }: Candidate, { code }: Major, added: ExamPeriod, state: 'studying' | 'graduated' | 'left'): void {
    this.batch.add('candidate_majors', { admission_no: admissionNo, major: code, state, added_period: added.code });
  }

  enrol({ admissionNo }: Candidate, period: ExamPeriod, course: string, state: 'enrolled' | 'withdrawn' = 'enrolled'): void {
    this.batch.add('enrolments', { admission_no: admissionNo, period: period.code, course, state });
  }

  /** Adds a bill, and a payment some minutes later where it is paid. Returns its number. */
  bill({ admissionNo }: Candidate, { kind, period, state, lines, createdAt: given, dueBy }: BillTerms): string {
    this.#bills += 1;
    const createdAt = this.#inDaytime(given);
    const number = `${createdAt.toFormat('yyyyMMdd')}${String(this.#bills).padStart(6, '0')}`;
    const paidAt = createdAt.plus({ minutes: this.random.between(0, 40), seconds: this.random.between(15, 59) });
    this.batch.add('payments', {
      bill_no: number,
      admission_no: admissionNo,
      period,
      kind,
      state,
      amount_fen: lines.reduce((sum, { fen }) => sum + fen, 0),
      created_at: instant(createdAt),
      due_by: instant(dueBy),
      paid_at: state === 'paid' || state === 'refunded' ? instant(paidAt) : undefined,
      items: lines.map(({ code, fen }) => `${code}:${fen}`).join(' '),
    });
    if (state === 'paid') this.#addReceipt(number, paidAt);
    return number;
  }

  /** The fiscal receipt 财政电子票据 of a paid bill, issued in office hours some days later, with numbers that nobody has. */
  #addReceipt(bill: string, paidAt: DateTime): void {
    const some = this.#details;
    const time = { hour: some.between(9, 16), minute: some.between(0, 59), second: some.between(0, 59) };
    const issuedAt = paidAt.plus({ days: some.between(2, 4) }).set(time);
    if (issuedAt >= this.days.today) return; // not issued yet
    this.#receipts += 1;
    this.batch.add('receipts', {
      bill_no: bill,
      receipt_code: `1106${issuedAt.toFormat('yy')}99`,
      receipt_no: String(20_418_000 + 7 * this.#receipts).padStart(10, '0'),
      check_code: some.between(0x100000, 0xffffff).toString(16),
      issued_at: instant(issuedAt),
    });
  }

  /** People act in the daytime, and at any second. */
  #inDaytime(moment: DateTime): DateTime {
    const awake = moment.hour < EARLIEST ? moment.plus({ hours: 8 }) : moment;
    if (awake.second !== 0) return awake;
    return awake.plus({ minutes: awake.minute === 0 ? this.#details.between(1, 40) : 0, seconds: this.#details.between(1, 59) });
  }

  /** Arranges a seat that nobody else has at that time; a practical has none. */
  seat({ admissionNo }: Candidate, period: ExamPeriod, course: string, state: 'arranged' | 'cancelled' = 'arranged'): void {
    const unit = unitOf(period, course);
    if (!unit) return;
    const at = this.random.between(0, SITES.length - 1);
    const site = SITES[at] ?? '';
    const slot = `${period.code}/${unit}/${site}`;
    const taken = this.#takenSeats.get(slot) ?? 0;
    this.#takenSeats.set(slot, taken + 1);
    // rooms fill in parallel, each from another seat on; 7 and 30 have no common divisor, so each seat is used once
    const room = 1 + at * ROOMS_A_SITE + (taken % ROOMS_A_SITE);
    const first = 11 * at + 4 * unit.charCodeAt(0) + 13 * room;
    const seat = 1 + ((first + Math.floor(taken / ROOMS_A_SITE) * 7) % SEATS_A_ROOM);
    this.batch.add('arrangements', {
      admission_no: admissionNo,
      period: period.code,
      course,
      site,
      address: `${site.slice(0, 3)}示范路${100 + 2 * Math.floor(at / 2)}号`,
      room: String(room).padStart(3, '0'),
      seat: String(seat).padStart(2, '0'),
      state,
    });
  }

  score({ admissionNo }: Candidate, period: ExamPeriod, course: string, outcome: Outcome): void {
    this.batch.add('scores', { admission_no: admissionNo, period: period.code, course, ...inColumns(outcome) });
  }

  correct({ admissionNo }: Candidate, period: ExamPeriod, course: string, outcome: Outcome): void {
    this.corrections.add('scores', { admission_no: admissionNo, period: period.code, course, ...inColumns(outcome) });
  }

  /** Adds a declaration, with the bill that belongs to its state: theses and degrees have a fee, graduation has none. */
  declare(candidate: Candidate, { kind, period, major, state, remark }: DeclarationTerms): void {
    this.#declarations += 1;
    const applied = period.opens.plus({ days: this.random.between(2, 12), hours: this.random.between(8, 20) });
    this.batch.add('declarations', {
      id: `D${period.code}-${String(this.#declarations).padStart(4, '0')}`,
      admission_no: candidate.admissionNo,
      kind,
      period: period.code,
      major: major.code,
      university: major.university,
      state,
      applied_on: date(applied),
      decided_on:
        state === 'approved' || state === 'rejected'
          ? date(DateTime.min(period.paymentCloses.plus({ days: 20 }), this.days.today.minus({ days: 1 })))
          : undefined,
      remark,
    });
    if (kind === 'graduation' || state === 'submitted' || state === 'withdrawn') return;
    this.bill(candidate, {
      kind,
      period: period.code,
      state: state === 'payment_due' ? 'due' : 'paid',
      lines: [{ code: major.code, fen: FEES[kind] }],
      createdAt: applied.plus({ days: 2 }),
      dueBy: period.paymentCloses,
    });
  }

  apply({ admissionNo }: Candidate, { kind, state, appliedOn, remark, course }: ApplicationTerms): void {
    this.#applications += 1;
    const id = `S${appliedOn.toFormat('yyyyMM')}-${String(this.#applications).padStart(4, '0')}`;
    this.batch.add('status_applications', { id, admission_no: admissionNo, kind, state, applied_on: date(appliedOn), remark, detail: course });
  }
}

function inColumns(outcome: Outcome) {
  if (typeof outcome === 'number') return { score: outcome };
  return ['缺考', '违纪', '作弊'].includes(outcome) ? { remark: outcome } : { grade: outcome };
}

export function isPass(outcome: Outcome): boolean {
  return typeof outcome === 'number' ? outcome >= 60 : ['优', '良', '及格'].includes(outcome);
}
