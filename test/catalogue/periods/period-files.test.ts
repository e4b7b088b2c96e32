import { describe, expect, it } from '@jest/globals';
import { periods as periodsFile } from '../../../src/catalogue/periods/periods.import.js';
import { timetable as timetableFile } from '../../../src/catalogue/periods/timetable.import.js';
import { units as unitsFile } from '../../../src/catalogue/periods/units.import.js';
import { rowsOf } from '../../file-rows.js';

describe('A row of periods.csv', () => {
  const rows = rowsOf(periodsFile, {
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
    const open = Object.fromEntries(Object.keys(periodsFile.columns.shape).map((column) => [column, '']));
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
  const rows = rowsOf(unitsFile, { period: '2604', unit: 'A', date: '2026-05-06', starts: '09:00' });

  it('A row of units.csv becomes ScheduleUnit, and defines the unit for the timetable', () => {
    expect(rows.command()).toMatchObject({ period: '2604', unit: 'A', slot: { date: '2026-05-06', starts: '09:00' } });
    expect(unitsFile.defines?.(rows.row())).toEqual({ kind: 'unit', value: '2604/A' });
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
  const rows = rowsOf(timetableFile, { period: '2604', course: '00015', unit: 'A', form: 'written', minutes: '150' });

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
