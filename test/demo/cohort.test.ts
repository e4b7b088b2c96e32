import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoAccounts, writeCohort } from '../../demo/cohort.js';
import { isCitizenNo } from '../../src/vault/numbers.js';
import { counts, field, rowsOf, values } from './batch-rows.js';

const NOON = new Date('2026-11-23T12:00:00+08:00');

const scratch = mkdtempSync(join(tmpdir(), 'cohort-'));
const folder = join(scratch, 'batch');
let demo: DemoAccounts;
beforeAll(async () => {
  demo = await writeCohort(folder, NOON);
});
afterAll(() => rmSync(scratch, { recursive: true }));

const rows = (file: string) => rowsOf(folder, file);
const sitting = (row: Readonly<Record<string, string>>) => values(row, 'admission_no', 'period', 'course');

describe('The demo cohort', () => {
  it('The demo cohort has 200 candidates, and photos of the required size', () => {
    expect(rows('candidates')).toHaveLength(200);
    const drawn = readdirSync(join(folder, 'photos'));
    const named = rows('candidates').map((row) => field(row, 'photo'));
    expect(named.filter((photo) => photo !== '' && !drawn.includes(photo))).toEqual([]);
    expect(named).toContain('');
  });

  it('The demo cohort has photos that fit the person’s sex, grey only for people born before 1980', () => {
    const drawn = rows('candidates').filter((row) => field(row, 'photo') !== '');
    const misfits = drawn.filter((row) => field(row, 'photo')[0] !== (field(row, 'sex') === '女' ? 'f' : 'm'));
    expect(misfits.map((row) => field(row, 'name'))).toEqual([]);
    const grey = new Set(drawn.filter((row) => field(row, 'birth') < '1980').map((row) => field(row, 'photo')));
    expect(drawn.filter((row) => field(row, 'birth') >= '1980' && grey.has(field(row, 'photo'))).map((row) => field(row, 'name'))).toEqual([]);
  });

  it('The demo cohort gives people with a name the sex that it suggests', () => {
    const sexes = new Map(rows('candidates').map((row) => [field(row, 'name'), field(row, 'sex')]));
    expect(['韩建国', '曹立新', '姚志强', '邓晓萍', '范晓雯', '傅思琪'].map((name) => sexes.get(name)).join('')).toBe('男男男女女女');
  });

  it('The demo cohort has receipts issued in office hours for bills paid some days ago, and no bill made at night or on the full hour', () => {
    const paidAt = new Map(rows('payments').map((row) => [field(row, 'bill_no'), field(row, 'paid_at')]));
    expect(rows('receipts').length).toBeGreaterThan(100);
    for (const row of rows('receipts')) {
      const issued = field(row, 'issued_at');
      expect(issued > String(paidAt.get(field(row, 'bill_no')))).toBe(true);
      expect(issued).toMatch(/T(09|1[0-6]):/);
      expect([field(row, 'receipt_code'), field(row, 'receipt_no'), field(row, 'check_code')].join(' ')).toMatch(/^1106\d\d99 \d{10} [0-9a-f]{6}$/);
    }
    const pressed = rows('payments').flatMap((row) => [field(row, 'created_at'), field(row, 'paid_at')]);
    expect(pressed.filter((at) => /T0[0-6]:|:00:00\+/.test(at))).toEqual([]);
  });

  it('The demo cohort has citizen numbers that are valid but of no real place', () => {
    const numbers = rows('candidates').filter((row) => field(row, 'id_type') === '居民身份证');
    for (const row of numbers) {
      const number = field(row, 'id_no');
      expect(isCitizenNo(number)).toBe(true);
      expect(number.slice(0, 14)).toBe(`119900${field(row, 'birth').replaceAll('-', '')}`);
      expect(Number(number[16]) % 2).toBe(field(row, 'sex') === '男' ? 1 : 0);
    }
  });

  it('The demo cohort has one person with two admission numbers and no other citizen number twice', () => {
    const shared = Object.entries(counts(rows('candidates'), 'id_no', 'name')).filter(([, count]) => count > 1);
    expect(shared).toEqual([[`${demo.accounts[4]?.citizenNo}/吴思远`, 2]]);
    expect(Math.max(...Object.values(counts(rows('candidates'), 'id_no')))).toBe(2);
  });

  it.each([
    ['periods', ['period']],
    ['units', ['period', 'unit']],
    ['timetable', ['period', 'course']],
    ['courses', ['code']],
    ['majors', ['code']],
    ['major_courses', ['major', 'course']],
    ['districts', ['name']],
    ['fees', ['kind', 'from_period']],
    ['declaration_periods', ['kind', 'code']],
    ['candidates', ['admission_no']],
    ['candidate_majors', ['admission_no', 'major']],
    ['enrolments', ['admission_no', 'period', 'course']],
    ['payments', ['bill_no']],
    ['receipts', ['bill_no']],
    ['arrangements', ['admission_no', 'period', 'course']],
    ['scores', ['admission_no', 'period', 'course']],
    ['declarations', ['id']],
    ['status_applications', ['id']],
    ['notices', ['id']],
    ['contents', ['key']],
  ])('The demo cohort has each key in %s.csv once', (file, key) => {
    expect(Math.max(...Object.values(counts(rows(file), ...key)))).toBe(1);
  });

  it('The demo cohort enrols in papers of the timetable, one a unit, and never in a passed course', () => {
    const papers = new Map(rows('timetable').map((row) => [values(row, 'period', 'course'), field(row, 'unit')]));
    const enrolled = rows('enrolments').filter((row) => field(row, 'state') === 'enrolled');
    const slots = enrolled.map((row) => `${values(row, 'admission_no', 'period')}/${papers.get(values(row, 'period', 'course'))}`);
    const written = slots.filter((slot) => !slot.endsWith('/'));
    expect(slots.filter((slot) => slot.endsWith('undefined'))).toEqual([]);
    expect(new Set(written).size).toBe(written.length);

    const passed = rows('scores').filter((row) => Number(field(row, 'score')) >= 60 || ['优', '良', '及格'].includes(field(row, 'grade')));
    const later = enrolled.filter((row) =>
      passed.some((pass) => values(pass, 'admission_no', 'course') === values(row, 'admission_no', 'course') && field(pass, 'period') < field(row, 'period')),
    );
    const sat = new Set(enrolled.filter((row) => field(row, 'period') === '2604').map((row) => values(row, 'admission_no', 'course')));
    const atOnceAgain = enrolled.filter((row) => field(row, 'period') === '2610' && sat.has(values(row, 'admission_no', 'course')));
    expect(atOnceAgain).toEqual([]);
    expect(passed.length).toBeGreaterThan(500);
    expect(later).toEqual([]);
  });

  it('The demo cohort bills each enrolment at the fee, with correct sums', () => {
    const enrolments = new Map(rows('enrolments').map((row) => [sitting(row), field(row, 'state')]));
    const fees = new Map(rows('fees').map((row) => [field(row, 'kind'), Number(field(row, 'amount_fen'))]));
    const billed = new Set<string>();
    for (const bill of rows('payments')) {
      const items = field(bill, 'items')
        .split(' ')
        .map((item) => item.split(':'));
      expect(items.reduce((sum, [, fen]) => sum + Number(fen), 0)).toBe(Number(field(bill, 'amount_fen')));
      if (field(bill, 'kind') !== 'enrolment') {
        expect(Number(field(bill, 'amount_fen'))).toBe(fees.get(field(bill, 'kind')));
        continue;
      }
      const takenBack = ['cancelled', 'refunded'].includes(field(bill, 'state'));
      for (const [course, fen] of items) {
        const key = `${values(bill, 'admission_no', 'period')}/${course}`;
        expect(enrolments.get(key)).toBe(takenBack ? 'withdrawn' : 'enrolled');
        expect(Number(fen)).toBe(fees.get('written'));
        billed.add(key);
      }
    }
    expect([...enrolments.keys()].filter((key) => !billed.has(key))).toEqual([]);
  });

  it('The demo cohort has seats and scores only for paid courses, and each seat once', () => {
    const paid = new Set(
      rows('payments')
        .filter((bill) => field(bill, 'kind') === 'enrolment' && field(bill, 'state') === 'paid')
        .flatMap((bill) =>
          field(bill, 'items')
            .split(' ')
            .map((item) => `${values(bill, 'admission_no', 'period')}/${item.slice(0, 5)}`),
        ),
    );
    const arranged = rows('arrangements').filter((row) => field(row, 'state') === 'arranged');
    expect([...arranged, ...rows('scores')].filter((row) => !paid.has(sitting(row)))).toEqual([]);
    const units = new Map(rows('timetable').map((row) => [values(row, 'period', 'course'), field(row, 'unit')]));
    const seats = arranged.map((row) => `${field(row, 'period')}/${units.get(values(row, 'period', 'course'))}/${values(row, 'site', 'room', 'seat')}`);
    expect(new Set(seats).size).toBe(seats.length);
  });

  it('The demo cohort has a bill for each declaration of a thesis or a degree after the first step', () => {
    const bills = new Set(rows('payments').map((row) => `${values(row, 'admission_no', 'kind', 'period', 'state')}/${field(row, 'items').split(':')[0]}`));
    for (const row of rows('declarations')) {
      if (field(row, 'kind') === 'graduation') continue;
      const state = { payment_due: 'due', paid: 'paid', approved: 'paid', rejected: 'paid' }[field(row, 'state')];
      const expected = `${values(row, 'admission_no', 'kind', 'period')}/${state}/${field(row, 'major')}`;
      expect({ row, billed: bills.has(expected) }).toEqual({ row, billed: state !== undefined });
    }
  });

  it('The demo cohort is the same all day, and changes with the day', async () => {
    const [evening, tomorrow] = [join(scratch, 'evening'), join(scratch, 'tomorrow')];
    await writeCohort(evening, new Date('2026-11-23T23:59:59+08:00'));
    await writeCohort(tomorrow, new Date('2026-11-24T00:00:00+08:00'));
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(csv|jpg)$/.test(name))) {
      expect(readFileSync(join(evening, file)).equals(readFileSync(join(folder, file)))).toBe(true);
    }
    const released = (of: string) => rowsOf(of, 'notices').map((row) => field(row, 'published_at'));
    expect(released(tomorrow)).not.toEqual(released(folder));
    expect(rowsOf(tomorrow, 'candidates').map((row) => values(row, 'admission_no', 'name', 'id_no'))).toEqual(
      rows('candidates').map((row) => values(row, 'admission_no', 'name', 'id_no')),
    );
  });

  it('The demo cohort names five accounts that exist and can sign in', () => {
    const candidates = new Map(rows('candidates').map((row) => [field(row, 'admission_no'), row]));
    expect(demo.accounts).toHaveLength(5);
    for (const { admissionNo, citizenNo, password } of demo.accounts) {
      const row = candidates.get(admissionNo);
      expect(row).toMatchObject({ password_hash: `{plain}${password}`, ...(citizenNo && { id_no: citizenNo }) });
    }
    // each is hashed when the demo starts
    expect(rows('candidates').filter((row) => field(row, 'password_hash') !== '').length).toBeLessThanOrEqual(12);
  });
});
