import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { majors } from '../../../projections/majors.js';
import type { MajorTerms } from '../../../src/catalogue/catalogue.events.js';
import { DescribeMajor } from '../../../src/catalogue/majors/describe-major.command.js';
import { ListMajorCourse } from '../../../src/catalogue/majors/list-major-course.command.js';
import { describeMajor, listMajorCourse, major } from '../../../src/catalogue/majors/major.decider.js';
import { majorCourses as majorCoursesFile } from '../../../src/catalogue/majors/major-courses.import.js';
import { majors as majorsFile } from '../../../src/catalogue/majors/majors.import.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { given } from '../../given.js';
import { projected } from '../../projections/projected.js';

const name = fc.constantFrom('甲', '乙');

describe('A major', () => {
  const terms: MajorTerms = { name: '法学', level: '独立本科段', university: '中国政法大学', state: 'closing', lastExam: '2028-11-21' };
  const described = { type: 'MajorDescribed', data: { major: '01B0302', ...terms } } as const;
  const listed = { type: 'MajorCourseListed', data: { major: '01B0302', course: '00015', required: true } } as const;
  const describe = (changes: Partial<MajorTerms> = {}) => new DescribeMajor(anyGiven, '01B0302', { ...terms, ...changes });
  const list = (required: boolean) => new ListMajorCourse(anyGiven, '01B0302', '00015', required);

  it('A major is recorded once, and again only when something changed', () => {
    given(major, [])
      .when((state) => describeMajor(state, describe()))
      .then([described]);
    given(major, [described, listed])
      .when((state) => describeMajor(state, describe()))
      .then([]);
    given(major, [described, listed])
      .when((state) => describeMajor(state, describe({ state: 'closed' })))
      .then([{ type: 'MajorDescribed', data: { ...described.data, state: 'closed' } }]);
  });

  it('A major takes courses into its plan only once it is described', () => {
    given(major, [])
      .when((state) => listMajorCourse(state, list(true)))
      .refuses('major.unknown', { major: '01B0302' });
    given(major, [described])
      .when((state) => listMajorCourse(state, list(true)))
      .then([listed]);
    given(major, [described, listed])
      .when((state) => listMajorCourse(state, list(true)))
      .then([]);
    given(major, [described, listed])
      .when((state) => listMajorCourse(state, list(false)))
      .then([{ type: 'MajorCourseListed', data: { ...listed.data, required: false } }]);
  });

  it('A major is as it was recorded last, and keeps its courses', () =>
    lastRecordedWins({
      decider: major,
      decide: describeMajor,
      commands: fc.tuple(name, fc.constantFrom(undefined, '2028-11-21')).map(([university, lastThesis]) => describe({ university, lastThesis })),
      shown: (events) => documentOf(majors, [listed, ...events]),
    }));
});

describe('A row of majors.csv', () => {
  const rows = rowsOf(majorsFile, {
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
  const rows = rowsOf(majorCoursesFile, { major: '01B0302', course: '00015', required: 'N' });

  it('A row of major_courses.csv becomes ListMajorCourse', () => expect(rows.command()).toMatchObject({ major: '01B0302', course: '00015', required: false }));

  it('A row of major_courses.csv refers to its major and its course', () =>
    expect(rows.references()).toEqual(['major: major 01B0302', 'course: course 00015']));

  it('A row of major_courses.csv is refused unless `required` is Y or N', () => expect(rows.faulted({ required: '是' })).toEqual(['required']));

  it('A row of major_courses.csv is read or refused for any values, and never throws', () => rows.neverThrows());
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
