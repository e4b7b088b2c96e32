import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoAccounts, writeCohort } from '../../demo/cohort.js';
import { counts, field, rowsOf, values } from './batch-rows.js';

const NOW = new Date('2026-11-23T09:00:00+08:00');
const LAST = '2604';
const CURRENT = '2610';
const NEXT = '2704';

const folder = mkdtempSync(join(tmpdir(), 'cohort-'));
let demo: DemoAccounts;
beforeAll(async () => {
  demo = await writeCohort(folder, NOW);
});
afterAll(() => rmSync(folder, { recursive: true }));

const rows = (file: string) => rowsOf(folder, file);
const of = (file: string, column: string, value: string) => rows(file).filter((row) => field(row, column) === value);
const found = (file: string, ...columns: readonly string[]) => Object.keys(counts(rows(file), ...columns)).sort();
const instant = (row: Readonly<Record<string, string>> | undefined, column: string) => new Date(row?.[column] ?? '').getTime();

describe('The demo cohort has', () => {
  it('The demo cohort has a period with released results, one with an exam in some days, and one open for enrolment', () => {
    const [last, current, next] = [LAST, CURRENT, NEXT].map((code) => of('periods', 'period', code)[0]);
    expect(instant(last, 'results_released')).toBeLessThan(NOW.getTime());
    expect(instant(last, 'review_closes')).toBeGreaterThan(NOW.getTime());
    expect(instant(current, 'arrangements_released')).toBeLessThan(NOW.getTime());
    expect(current?.exam_starts).toBe('2026-11-28');
    expect(instant(current, 'results_released')).toBeGreaterThan(NOW.getTime());
    expect(instant(next, 'enrolment_opens')).toBeLessThan(NOW.getTime());
    expect(instant(next, 'enrolment_closes')).toBeGreaterThan(NOW.getTime());
    expect(instant(next, 'arrangements_released')).toBeGreaterThan(NOW.getTime());
  });

  it('The demo cohort has accounts in every state, with unconfirmed ones before and after the deadline', () => {
    expect(found('candidates', 'account_state')).toEqual(['closed', 'frozen', 'normal', 'suspended']);
    const unconfirmed = counts(of('candidates', 'confirmed', 'N'), 'registered_period');
    expect(Object.keys(unconfirmed).sort()).toEqual([CURRENT, NEXT]);
    expect(unconfirmed[NEXT]).toBeGreaterThan(3);
    expect(of('candidates', 'registered_period', NEXT).filter((row) => field(row, 'confirmed') === 'Y').length).toBeGreaterThan(10);
  });

  it('The demo cohort has every kind of identity document, and names of every length', () => {
    expect(found('candidates', 'id_type')).toHaveLength(5);
    const names = rows('candidates').map((row) => field(row, 'name'));
    expect(names).toContain('阿依古丽·买买提吐尔逊');
    expect(names.some((name) => name.length === 2)).toBe(true);
  });

  it('The demo cohort has majors of every level and state, studied, graduated from and left', () => {
    expect(found('majors', 'level')).toEqual(['专升本', '专科', '基础科', '本科', '独立本科段'].sort());
    expect(found('majors', 'state')).toEqual(['closed', 'closing', 'open']);
    expect(found('candidate_majors', 'state')).toEqual(['graduated', 'left', 'studying']);
    const taken = new Set(rows('candidate_majors').map((row) => field(row, 'major')));
    expect(found('majors', 'code').filter((code) => !taken.has(code))).toEqual([]);
  });

  it('The demo cohort has bills in every state, some due tonight and tomorrow', () => {
    expect(found('payments', 'state')).toEqual(['cancelled', 'due', 'expired', 'paid', 'refunded']);
    expect(found('payments', 'kind', 'state')).toEqual(expect.arrayContaining(['thesis/due', 'thesis/paid', 'degree/due', 'degree/paid']));
    const due = of('payments', 'state', 'due');
    expect(due.filter((row) => instant(row, 'due_by') <= NOW.getTime())).toEqual([]);
    expect(due.filter((row) => field(row, 'due_by').startsWith('2026-11-23'))).toHaveLength(1);
    expect(due.filter((row) => field(row, 'due_by').startsWith('2026-11-24'))).toHaveLength(1);
    expect(of('payments', 'state', 'expired').filter((row) => instant(row, 'due_by') >= NOW.getTime())).toEqual([]);
  });

  it('The demo cohort has papers of 150, 120 and 90 minutes, practicals, and sites with a campus', () => {
    expect(found('timetable', 'form', 'minutes')).toEqual(['practical/', 'written/120', 'written/150', 'written/90']);
    const minutes = counts(of('timetable', 'period', CURRENT), 'minutes');
    expect(minutes['150']).toBeGreaterThan((minutes['120'] ?? 0) + (minutes['90'] ?? 0));
    expect(found('arrangements', 'site').filter((site) => /\(.+\)$/.test(site)).length).toBeGreaterThan(1);
    expect(found('arrangements', 'state')).toEqual(['arranged', 'cancelled']);
  });

  it('The demo cohort has results of every kind, some still to come', () => {
    const scores = of('scores', 'period', LAST);
    expect(Object.keys(counts(scores, 'remark')).sort()).toEqual(['', '作弊', '缺考', '违纪'].sort());
    expect(Object.keys(counts(rows('scores'), 'grade')).sort()).toEqual(['', '不及格', '优', '及格', '良'].sort());
    expect(scores.some((row) => field(row, 'score') === '60')).toBe(true);
    expect(scores.some((row) => field(row, 'score') === '59')).toBe(true);
    const marked = new Set(scores.map((row) => values(row, 'admission_no', 'course')));
    const paid = of('enrolments', 'period', LAST).filter((row) => field(row, 'state') === 'enrolled');
    expect(paid.filter((row) => !marked.has(values(row, 'admission_no', 'course'))).length).toBeGreaterThan(2);
    expect(rows('scores').filter((row) => [CURRENT, NEXT].includes(field(row, 'period')))).toEqual([]);
  });

  it('The demo cohort has scores that are corrected, one of them of an account to try', () => {
    const before = new Map(rows('scores').map((row) => [values(row, 'admission_no', 'period', 'course'), row]));
    const corrections = rowsOf(demo.corrections, 'scores');
    expect(corrections).toHaveLength(3);
    for (const row of corrections) {
      const known = before.get(values(row, 'admission_no', 'period', 'course'));
      expect(known).toBeDefined();
      expect(known).not.toEqual(row);
    }
    expect(corrections.map((row) => field(row, 'admission_no'))).toContain(demo.accounts[2]?.admissionNo);
  });

  it('The demo cohort has a candidate without current papers, and earlier results below the latest', () => {
    const busy = new Set(
      rows('enrolments')
        .filter((row) => [LAST, CURRENT, NEXT].includes(field(row, 'period')))
        .map((row) => field(row, 'admission_no')),
    );
    const resting = of('candidates', 'name', '许静怡')[0];
    expect(busy.has(field(resting ?? {}, 'admission_no'))).toBe(false);
    expect(rows('scores').filter((row) => field(row, 'period') < LAST).length).toBeGreaterThan(500);
  });

  it('The demo cohort has declarations and status applications in every state, rejected ones with the reason', () => {
    expect(found('declarations', 'state')).toEqual(['approved', 'paid', 'payment_due', 'rejected', 'submitted', 'withdrawn']);
    expect(found('declarations', 'kind')).toEqual(['degree', 'graduation', 'thesis']);
    expect(found('status_applications', 'state')).toEqual(['approved', 'draft', 'rejected', 'submitted', 'withdrawn']);
    expect(found('status_applications', 'kind')).toEqual(['continuation', 'exemption', 'transfer_in', 'transfer_out']);
    expect(found('status_applications', 'kind', 'state')).toContain('exemption/approved');
    const refused = [...of('declarations', 'state', 'rejected'), ...of('status_applications', 'state', 'rejected')];
    expect(refused.filter((row) => field(row, 'remark') === '')).toEqual([]);
  });

  it('The demo cohort has all of it for the accounts to try', () => {
    const [everything, newcomer, results, declaring] = demo.accounts.map(({ admissionNo }) => admissionNo);
    const theirs = (file: string, admissionNo: string | undefined) => rows(file).filter((row) => row.admission_no === admissionNo);
    expect(counts(theirs('arrangements', everything), 'period')).toMatchObject({ [LAST]: 3, [CURRENT]: 3 });
    expect(theirs('payments', everything).some((row) => field(row, 'state') === 'due')).toBe(true);
    expect(theirs('scores', everything).filter((row) => field(row, 'period') === LAST)).toHaveLength(4);
    expect(theirs('candidates', newcomer)).toMatchObject([{ confirmed: 'N', registered_period: NEXT, district: '西城区' }]);
    expect(counts(theirs('scores', results), 'remark')).toMatchObject({ 违纪: 1, 作弊: 2, 缺考: 1 });
    expect(counts(theirs('scores', results), 'grade')).toMatchObject({ 不及格: 1 });
    const sat = (file: string) => theirs(file, results).filter((row) => field(row, 'period') === LAST).length;
    expect(sat('scores')).toBe(sat('enrolments') - 1);
    expect(Object.keys(counts(theirs('declarations', declaring), 'state'))).toHaveLength(6);
    expect(Object.keys(counts(theirs('status_applications', declaring), 'state'))).toHaveLength(5);
    expect(Object.keys(counts(theirs('status_applications', declaring), 'kind'))).toHaveLength(4);
  });
});
