import type { TestCentre } from '../centre.js';

/** What the clock says in tests of pages, unless they say otherwise: a Sunday, 10:00 in Beijing. */
export const NOW = '2026-11-22T02:00:00.000Z';

/**
 * Four periods around NOW: 2510 and 2604 with results out (2604 since yesterday), 2610 with arrangements released and its exam
 * six days ahead, 2704 open for enrolment with nothing released.
 */
export async function announce(centre: TestCentre): Promise<void> {
  await centre.rows(
    'periods',
    { period: '2510', name: '2025年10月', exam_starts: '2025-10-18', exam_ends: '2025-10-19', results_released: '2025-12-01T09:00:00+08:00' },
    {
      period: '2604',
      name: '2026年4月',
      exam_starts: '2026-04-11',
      exam_ends: '2026-04-12',
      results_released: '2026-11-21T09:00:00+08:00',
      review_closes: '2026-11-26T00:00:00+08:00',
    },
    {
      period: '2610',
      name: '2026年10月',
      enrolment_opens: '2026-07-15T09:00:00+08:00',
      enrolment_closes: '2026-08-04T17:00:00+08:00',
      payment_closes: '2026-08-05T17:00:00+08:00',
      arrangements_released: '2026-11-15T09:00:00+08:00',
      results_released: '2026-12-20T09:00:00+08:00',
      exam_starts: '2026-11-28',
      exam_ends: '2026-11-29',
    },
    {
      period: '2704',
      name: '2027年4月',
      registration_opens: '2026-11-16T09:00:00+08:00',
      registration_closes: '2026-12-06T17:00:00+08:00',
      confirmation_opens: '2026-11-18T09:00:00+08:00',
      confirmation_closes: '2026-12-09T00:00:00+08:00',
      enrolment_opens: '2026-11-21T09:00:00+08:00',
      enrolment_closes: '2026-12-11T17:00:00+08:00',
      payment_closes: '2026-12-12T17:00:00+08:00',
      exam_starts: '2027-04-17',
      exam_ends: '2027-04-18',
    },
  );
  await centre.rows(
    'units',
    { period: '2610', unit: 'A', date: '2026-11-28', starts: '09:00' },
    { period: '2610', unit: 'B', date: '2026-11-28', starts: '14:30' },
    { period: '2610', unit: 'C', date: '2026-11-29', starts: '09:00' },
    { period: '2704', unit: 'A', date: '2027-04-17', starts: '09:00' },
  );
  await centre.rows(
    'courses',
    { code: '00015', name: '英语(二)', credits: '14' },
    { code: '00019', name: '计算机应用基础(实践)', credits: '2' },
    { code: '00227', name: '公司法', credits: '4' },
    { code: '00230', name: '合同法', credits: '4' },
    { code: '03708', name: '中国近现代史纲要', credits: '2' },
  );
  await centre.rows(
    'timetable',
    { period: '2610', course: '00227', unit: 'A', form: 'written', minutes: '150' },
    { period: '2610', course: '00015', unit: 'B', form: 'written', minutes: '120' },
    { period: '2610', course: '00230', unit: 'C', form: 'written', minutes: '150' },
    { period: '2610', course: '00019', form: 'practical' },
    { period: '2704', course: '03708', unit: 'A', form: 'written', minutes: '150' },
  );
  await centre.rows('districts', { name: '西城区', office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' });
}

/** Enrols a candidate in courses of a period and pays for them. */
export async function paid(centre: TestCentre, admission_no: string, period: string, ...courses: readonly string[]): Promise<void> {
  await enrolled(centre, admission_no, period, ...courses);
  await bill(centre, admission_no, period, courses, { state: 'paid', paid_at: '2026-07-16T09:30:00+08:00' });
}

export async function enrolled(centre: TestCentre, admission_no: string, period: string, ...courses: readonly string[]): Promise<void> {
  await centre.rows('enrolments', ...courses.map((course) => ({ admission_no, period, course, state: 'enrolled' })));
}

let bills = 20260000000000;

/** A bill for courses at 30 yuan each. Answers its number. */
export async function bill(
  centre: TestCentre,
  admission_no: string,
  period: string,
  courses: readonly string[],
  row: Readonly<Record<string, string>>,
): Promise<string> {
  const bill_no = String(++bills);
  await centre.rows('payments', {
    bill_no,
    admission_no,
    period,
    kind: 'enrolment',
    amount_fen: String(3000 * courses.length),
    created_at: '2026-07-16T09:00:00+08:00',
    items: courses.map((course) => `${course}:3000`).join(' '),
    ...row,
  });
  return bill_no;
}

/** Seats a candidate for a course of 2610. */
export async function seated(centre: TestCentre, admission_no: string, course: string, site: string, room = '026', seat = '07'): Promise<void> {
  await centre.rows('arrangements', { admission_no, period: '2610', course, site, address: `${site}路1号`, room, seat, state: 'arranged' });
}
