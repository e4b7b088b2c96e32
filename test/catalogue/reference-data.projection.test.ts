import { describe, expect, it } from '@jest/globals';
import { contents } from '../../projections/contents.js';
import { courses } from '../../projections/courses.js';
import { declarationPeriods } from '../../projections/declaration-periods.js';
import { districts } from '../../projections/districts.js';
import { fees } from '../../projections/fees.js';
import { majors } from '../../projections/majors.js';
import { notices } from '../../projections/notices.js';
import { periods } from '../../projections/periods.js';
import { projected } from '../projections/projected.js';

describe('The read model of periods', () => {
  const terms = {
    name: '2026年10月',
    registration: { opens: '2026-06-01T00:00:00Z', closes: '2026-06-08T00:00:00Z' },
    confirmation: {},
    enrolment: { opens: '2026-08-25T00:00:00Z' },
    paymentCloses: '2026-09-05T00:00:00Z',
    examStarts: '2026-10-24',
    examEnds: '2026-10-25',
  };
  const announced = { type: 'PeriodAnnounced', data: { period: '2610', ...terms } } as const;
  const unit = { type: 'UnitScheduled', data: { period: '2610', unit: 'A', date: '2026-10-24', starts: '09:00' } } as const;
  const paper = { type: 'PaperScheduled', data: { period: '2610', course: '06090', unit: 'A', form: 'written', minutes: 120 } } as const;
  const released = { type: 'ResultsReleaseScheduled', data: { period: '2610', at: '2026-11-20T02:00:00Z' } } as const;
  const arranged = { type: 'ArrangementsReleaseScheduled', data: { period: '2610', at: '2026-10-15T02:00:00Z' } } as const;
  const timetable = { units: { A: { date: '2026-10-24', starts: '09:00' } }, papers: { '06090': { unit: 'A', form: 'written', minutes: 120 } } };
  const releases = { arrangementsReleasedAt: '2026-10-15T02:00:00Z', resultsReleasedAt: '2026-11-20T02:00:00Z' };

  it('The read model of periods has terms, releases, units and papers', async () => {
    expect(await projected(periods, [announced, unit, paper, released, arranged])).toEqual({ '2610': { ...terms, ...releases, ...timetable } });
  });

  it('The read model of periods replaces the terms when they change, and keeps releases and timetable', async () => {
    const shorter = { name: '2026年10月（调整）', registration: {}, confirmation: {}, enrolment: {} };
    const anew = { type: 'PeriodAnnounced', data: { period: '2610', ...shorter } } as const;
    expect(await projected(periods, [announced, unit, paper, released, arranged, anew])).toEqual({ '2610': { ...shorter, ...releases, ...timetable } });
  });

  it('The read model of periods has no cancelled release', async () => {
    const takenBack = { type: 'ResultsReleaseScheduled', data: { period: '2610' } } as const;
    expect(await projected(periods, [announced, released, takenBack])).toEqual({ '2610': { ...terms, units: {}, papers: {} } });
  });

  it('The read model of periods has the unit and the paper recorded last', async () => {
    const later = { type: 'UnitScheduled', data: { period: '2610', unit: 'A', date: '2026-10-25', starts: '14:30' } } as const;
    const practical = { type: 'PaperScheduled', data: { period: '2610', course: '06090', form: 'practical' } } as const;
    expect(await projected(periods, [announced, unit, paper, later, practical])).toMatchObject({
      '2610': { units: { A: { date: '2026-10-25', starts: '14:30' } }, papers: { '06090': { form: 'practical' } } },
    });
  });
});

it('The read model of courses has name and credits', async () => {
  const events = [
    { type: 'CourseDescribed', data: { course: '06090', name: '人员素质测评', credits: 5 } },
    { type: 'CourseDescribed', data: { course: '06090', name: '人员素质测评理论与方法' } },
  ] as const;
  expect(await projected(courses, events)).toEqual({ '06090': { name: '人员素质测评理论与方法' } });
});

it('The read model of majors replaces the terms when they change, and keeps the plan', async () => {
  const terms = { name: '法学', level: '本科', university: '某大学' };
  const events = [
    { type: 'MajorDescribed', data: { major: '01B0001', ...terms, state: 'closing', lastExam: '2027-10-31' } },
    { type: 'MajorCourseListed', data: { major: '01B0001', course: '06090', required: true } },
    { type: 'MajorCourseListed', data: { major: '01B0001', course: '00261', required: true } },
    { type: 'MajorCourseListed', data: { major: '01B0001', course: '00261', required: false } },
    { type: 'MajorDescribed', data: { major: '01B0001', ...terms, state: 'open' } },
  ] as const;
  expect(await projected(majors, events)).toEqual({ '01B0001': { ...terms, state: 'open', courses: { '06090': true, '00261': false } } });
});

it('The read model of districts has the office', async () => {
  const office = { office: '东城区自考办', place: '演示大厅', address: '演示路1号', phone: '010-00000000' };
  expect(await projected(districts, [{ type: 'DistrictDescribed', data: { district: '东城', ...office } }])).toEqual({ 东城: office });
});

it('The read model of fees has each fee by kind and by the period from which it holds', async () => {
  const events = [
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2204', fen: 2_500 } },
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2510', fen: 2_900 } },
    { type: 'FeeSet', data: { kind: 'degree', fromPeriod: '2510', fen: 10_000 } },
    { type: 'FeeSet', data: { kind: 'written', fromPeriod: '2510', fen: 3_000 } },
  ] as const;
  expect(await projected(fees, events)).toEqual({ written: { '2204': 2_500, '2510': 3_000 }, degree: { '2510': 10_000 } });
});

it('The read model of contents has versions by their instants, without a pending one that a later version replaced', async () => {
  const published = (effectiveFrom: string, body: string) => ({ type: 'ContentPublished', data: { key: 'rules', effectiveFrom, body } }) as const;
  const events = [published('2026-01-01T00:00:00Z', 'a'), published('2027-01-01T00:00:00Z', 'b'), published('2026-06-01T00:00:00Z', 'c')];
  expect(await projected(contents, events)).toEqual({ rules: { '2026-01-01T00:00:00Z': 'a', '2026-06-01T00:00:00Z': 'c' } });
  expect(await projected(contents, [...events, published('2026-06-01T00:00:00.000Z', 'd')])).toEqual({
    rules: { '2026-01-01T00:00:00Z': 'a', '2026-06-01T00:00:00.000Z': 'd' },
  });
});

it('The read model of declaration periods has each by kind and code, as announced last', async () => {
  const announced = { kind: 'thesis', code: '2018a', name: '2018年上半年', opens: '2018-03-01T00:00:00Z' } as const;
  const { opens: _, ...anew } = announced;
  const events = [
    { type: 'DeclarationPeriodAnnounced', data: announced },
    { type: 'DeclarationPeriodAnnounced', data: anew },
  ] as const;
  expect(await projected(declarationPeriods, events)).toEqual({ 'thesis/2018a': anew });
});

it('The read model of notices has those that are published and not withdrawn', async () => {
  const published = (notice: string) =>
    ({ type: 'NoticePublished', data: { notice, title: '通知', publishedAt: '2026-11-01T00:00:00Z', body: '正文' } }) as const;
  expect(await projected(notices, [published('n1'), published('n2'), { type: 'NoticeWithdrawn', data: { notice: 'n2' } }])).toEqual({
    n1: { title: '通知', publishedAt: '2026-11-01T00:00:00Z', body: '正文' },
  });
});
