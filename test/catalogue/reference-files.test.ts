import { describe, expect, it } from '@jest/globals';
import { contents } from '../../src/catalogue/contents/contents.import.js';
import { courses } from '../../src/catalogue/courses/courses.import.js';
import { declarationPeriods } from '../../src/catalogue/declaration-periods/declaration-periods.import.js';
import { districts } from '../../src/catalogue/districts/districts.import.js';
import { fees } from '../../src/catalogue/fees/fees.import.js';
import { majorCourses } from '../../src/catalogue/majors/major-courses.import.js';
import { majors } from '../../src/catalogue/majors/majors.import.js';
import { periods } from '../../src/catalogue/periods/periods.import.js';
import { timetable } from '../../src/catalogue/periods/timetable.import.js';
import { units } from '../../src/catalogue/periods/units.import.js';
import { knownImportFiles } from '../../src/composition/known/import-files.js';
import { rowsOf } from '../file-rows.js';

describe('A row of periods.csv', () => {
  const rows = rowsOf(periods, {
    period: '2610',
    name: '2026年10月',
    registration_opens: '2026-07-10T19:34:05+08:00',
    registration_closes: '2026-07-30T19:34:05+08:00',
    confirmation_opens: '2026-07-12T19:34:05+08:00',
    confirmation_closes: '2026-08-02T19:34:05+08:00',
    enrolment_opens: '2026-07-15T19:34:05+08:00',
    enrolment_closes: '2026-08-04T19:34:05+08:00',
    payment_closes: '2026-08-05T19:34:05+08:00',
    arrangements_released: '2026-11-05T19:34:05+08:00',
    results_released: '2026-12-15T10:00:00+08:00',
    review_closes: '2026-12-20T10:00:00+08:00',
    exam_starts: '2026-11-12',
    exam_ends: '2026-11-13',
  });

  it('A row of periods.csv becomes AnnouncePeriod, with instants in UTC and days unchanged', () =>
    expect(rows.command()).toMatchObject({
      period: '2610',
      terms: {
        name: '2026年10月',
        registration: { opens: '2026-07-10T11:34:05.000Z', closes: '2026-07-30T11:34:05.000Z' },
        confirmation: { opens: '2026-07-12T11:34:05.000Z', closes: '2026-08-02T11:34:05.000Z' },
        enrolment: { opens: '2026-07-15T11:34:05.000Z', closes: '2026-08-04T11:34:05.000Z' },
        paymentCloses: '2026-08-05T11:34:05.000Z',
        reviewCloses: '2026-12-20T02:00:00.000Z',
        examStarts: '2026-11-12',
        examEnds: '2026-11-13',
      },
      releases: { arrangements: '2026-11-05T11:34:05.000Z', results: '2026-12-15T02:00:00.000Z' },
    }));

  it('A row of periods.csv needs only its code and its name', () => {
    const open = Object.fromEntries(Object.keys(periods.columns.shape).map((column) => [column, '']));
    expect(rows.faulted({ ...open, period: '2610', name: '2026年10月' })).toEqual([]);
  });

  it.each([
    ['registration_closes', '2026-07-10T19:34:05+08:00'],
    ['confirmation_closes', '2026-07-12T19:34:04+08:00'],
    ['enrolment_closes', '2026-07-15T11:34:05Z'],
    ['review_closes', '2026-12-15T10:00:00+08:00'],
    ['exam_ends', '2026-11-11'],
  ])('A row of periods.csv is refused for %s at or before its opening', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it.each([
    ['period', '2613'],
    ['period', '201910'],
    ['name', ''],
    ['enrolment_opens', '2026-07-15'],
    ['exam_starts', '2026-11-31'],
  ])('A row of periods.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of periods.csv may have its exam on a single day', () => expect(rows.faulted({ exam_ends: '2026-11-12' })).toEqual([]));

  it('A row of periods.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of units.csv', () => {
  const rows = rowsOf(units, { period: '2604', unit: 'A', date: '2026-05-06', starts: '09:00' });

  it('A row of units.csv becomes ScheduleUnit, and defines the unit for the timetable', () => {
    expect(rows.command()).toMatchObject({ period: '2604', unit: 'A', slot: { date: '2026-05-06', starts: '09:00' } });
    expect(units.defines?.(rows.row())).toEqual({ kind: 'unit', value: '2604/A' });
  });

  it.each([
    ['unit', 'a'],
    ['unit', 'AB'],
    ['date', '2026-02-29'],
    ['starts', '24:00'],
    ['starts', '9:00'],
    ['starts', '09:00:00'],
  ])('A row of units.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of units.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of timetable.csv', () => {
  const rows = rowsOf(timetable, { period: '2604', course: '00015', unit: 'A', form: 'written', minutes: '150' });

  it('A row of timetable.csv becomes SchedulePaper', () => {
    expect(rows.command()).toMatchObject({ period: '2604', course: '00015', paper: { unit: 'A', form: 'written', minutes: 150 } });
    expect(rows.command({ unit: '', form: 'practical', minutes: '' })).toMatchObject({ paper: { unit: undefined, form: 'practical', minutes: undefined } });
  });

  it('A row of timetable.csv refers to its period and course, and to its unit where it has one', () => {
    expect(rows.references()).toEqual(['period: period 2604', 'course: course 00015', 'unit: unit 2604/A']);
    expect(rows.references({ unit: '', form: 'practical' })).toEqual(['period: period 2604', 'course: course 00015']);
  });

  it('A row of timetable.csv has a unit where it is written, and none where it is practical', () => {
    expect(rows.faulted({ unit: '' })).toEqual(['unit']);
    expect(rows.faulted({ form: 'practical' })).toEqual(['unit']);
  });

  it.each([
    ['form', 'oral'],
    ['minutes', '0'],
    ['minutes', '601'],
    ['minutes', '2.5'],
    ['minutes', '150分钟'],
  ])('A row of timetable.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of timetable.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of courses.csv', () => {
  const rows = rowsOf(courses, { code: '00015', name: '英语(二)', credits: '14' });

  it('A row of courses.csv becomes DescribeCourse, with credits where they are known', () => {
    expect(rows.command()).toMatchObject({ course: '00015', description: { name: '英语(二)', credits: 14 } });
    expect(rows.command({ credits: '' })).toMatchObject({ description: { credits: undefined } });
  });

  it.each([
    ['code', ''],
    ['code', '00015:1'],
    ['code', '0'.repeat(33)],
    ['name', ''],
    ['credits', '-4'],
    ['credits', '四'],
  ])('A row of courses.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of courses.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of majors.csv', () => {
  const rows = rowsOf(majors, {
    code: '01B0302',
    name: '法学',
    level: '独立本科段',
    university: '中国政法大学',
    state: 'closing',
    last_registration: '2027-11-22',
    last_exam: '2028-11-21',
    last_thesis: '2029-11-21',
    last_graduation: '2030-11-21',
    last_degree: '',
  });

  it('A row of majors.csv becomes DescribeMajor', () =>
    expect(rows.command()).toMatchObject({
      major: '01B0302',
      terms: {
        name: '法学',
        level: '独立本科段',
        university: '中国政法大学',
        state: 'closing',
        lastRegistration: '2027-11-22',
        lastExam: '2028-11-21',
        lastThesis: '2029-11-21',
        lastGraduation: '2030-11-21',
        lastDegree: undefined,
      },
    }));

  it.each([
    ['state', '停考'],
    ['level', ''],
    ['last_exam', '2028年11月'],
  ])('A row of majors.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of majors.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of major_courses.csv', () => {
  const rows = rowsOf(majorCourses, { major: '01B0302', course: '00015', required: 'N' });

  it('A row of major_courses.csv becomes ListMajorCourse', () => expect(rows.command()).toMatchObject({ major: '01B0302', course: '00015', required: false }));

  it('A row of major_courses.csv refers to its major and its course', () =>
    expect(rows.references()).toEqual(['major: major 01B0302', 'course: course 00015']));

  it('A row of major_courses.csv is refused unless `required` is Y or N', () => expect(rows.faulted({ required: '是' })).toEqual(['required']));

  it('A row of major_courses.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of districts.csv', () => {
  const rows = rowsOf(districts, { name: '西城区', office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' });

  it('A row of districts.csv becomes DescribeDistrict', () =>
    expect(rows.command()).toMatchObject({
      district: '西城区',
      office: { office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' },
    }));

  it('A row of districts.csv is refused for each column that is empty', () =>
    expect(rows.faulted({ name: '', office: '', place: '', address: '', phone: '' })).toHaveLength(5));

  it('A row of districts.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of fees.csv', () => {
  const rows = rowsOf(fees, { kind: 'written', from_period: '1204', amount_fen: '3000' });

  it('A row of fees.csv becomes SetFee, and refers to the period from which it holds', () => {
    expect(rows.command()).toMatchObject({ kind: 'written', fromPeriod: '1204', fen: 3000 });
    expect(rows.references()).toEqual(['from_period: period 1204']);
  });

  it.each([
    ['kind', 'review'],
    ['amount_fen', '30.00'],
    ['amount_fen', '1000000000'],
  ])('A row of fees.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of fees.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of declaration_periods.csv', () => {
  const rows = rowsOf(declarationPeriods, {
    kind: 'thesis',
    code: '2026A',
    name: '2026年上半年',
    opens: '2026-03-17T19:34:05+08:00',
    closes: '2026-03-27T19:34:05+08:00',
    payment_closes: '',
  });

  it('A row of declaration_periods.csv becomes AnnounceDeclarationPeriod, and defines the period by kind and code', () => {
    expect(rows.command()).toMatchObject({
      kind: 'thesis',
      code: '2026A',
      terms: { name: '2026年上半年', opens: '2026-03-17T11:34:05.000Z', closes: '2026-03-27T11:34:05.000Z', paymentCloses: undefined },
    });
    expect(declarationPeriods.defines?.(rows.row())).toEqual({ kind: 'declaration_period', value: 'thesis/2026A' });
  });

  it('A row of declaration_periods.csv is refused where it does not close after it opens', () =>
    expect(rows.faulted({ closes: '2026-03-17T19:34:05+08:00' })).toEqual(['closes']));

  it('A row of declaration_periods.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

describe('A row of contents.csv', () => {
  const rows = rowsOf(contents, { key: 'rules', effective_from: '2026-01-26T19:34:05+08:00', body: '第一条 示范规则' });

  it('A row of contents.csv becomes PublishContent', () =>
    expect(rows.command()).toMatchObject({ key: 'rules', version: { effectiveFrom: '2026-01-26T11:34:05.000Z', body: '第一条 示范规则' } }));

  it.each([
    ['key', 'rule'],
    ['effective_from', ''],
    ['body', '<a href="javascript:alert(1)">规则</a>'],
  ])('A row of contents.csv is refused for %s when it is %j', (column, value) => expect(rows.faulted({ [column]: value })).toEqual([column]));

  it('A row of contents.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

it('What a row refers to is defined by a file that is read before its own', () => {
  const names = knownImportFiles.map(({ name }) => name);
  expect(names).toHaveLength(20);
  expect(new Set(names).size).toBe(20);
  for (const later of ['units', 'timetable', 'fees', 'candidates']) expect(names.indexOf('periods')).toBeLessThan(names.indexOf(later));
  for (const later of ['candidate_majors', 'enrolments', 'payments', 'arrangements', 'scores', 'declarations', 'status_applications']) {
    expect(names.indexOf('candidates')).toBeLessThan(names.indexOf(later));
  }
});
