import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courses } from '../../../projections/courses.js';
import { course, describeCourse } from '../../../src/catalogue/courses/course.decider.js';
import { courses as coursesFile } from '../../../src/catalogue/courses/courses.import.js';
import { DescribeCourse } from '../../../src/catalogue/courses/describe-course.command.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { given } from '../../given.js';
import { projected } from '../../projections/projected.js';

const name = fc.constantFrom('甲', '乙');

describe('A course', () => {
  const described = { type: 'CourseDescribed', data: { course: '00015', name: '英语(二)', credits: 14 } } as const;
  const describe = (credits?: number) => new DescribeCourse(anyGiven, '00015', { name: '英语(二)', credits });

  it('A course is recorded once, and again only when something changed', () => {
    given(course, [])
      .when((state) => describeCourse(state, describe(14)))
      .then([described]);
    given(course, [described])
      .when((state) => describeCourse(state, describe(14)))
      .then([]);
    given(course, [described])
      .when((state) => describeCourse(state, describe()))
      .then([{ type: 'CourseDescribed', data: { course: '00015', name: '英语(二)', credits: undefined } }]);
  });

  it('A course is as it was recorded last', () =>
    lastRecordedWins({
      decider: course,
      decide: describeCourse,
      commands: fc.tuple(name, fc.constantFrom(undefined, 4, 6)).map(([name, credits]) => new DescribeCourse(anyGiven, '00015', { name, credits })),
      shown: (events) => documentOf(courses, events),
    }));
});

describe('A row of courses.csv', () => {
  const rows = rowsOf(coursesFile, { code: '00015', name: '英语(二)', credits: '14' });

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

it('The read model of courses has name and credits', async () => {
  const events = [
    { type: 'CourseDescribed', data: { course: '06090', name: '人员素质测评', credits: 5 } },
    { type: 'CourseDescribed', data: { course: '06090', name: '人员素质测评理论与方法' } },
  ] as const;
  expect(await projected(courses, events)).toEqual({ '06090': { name: '人员素质测评理论与方法' } });
});
