import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contents } from '../../projections/contents.js';
import { courses } from '../../projections/courses.js';
import { declarationPeriods } from '../../projections/declaration-periods.js';
import { districts } from '../../projections/districts.js';
import { fees as feesOfKind } from '../../projections/fees.js';
import { majors } from '../../projections/majors.js';
import type { MajorTerms } from '../../src/catalogue/catalogue.events.js';
import { content, publishContent } from '../../src/catalogue/contents/content.decider.js';
import { PublishContent } from '../../src/catalogue/contents/publish-content.command.js';
import { course, describeCourse } from '../../src/catalogue/courses/course.decider.js';
import { DescribeCourse } from '../../src/catalogue/courses/describe-course.command.js';
import { AnnounceDeclarationPeriod } from '../../src/catalogue/declaration-periods/announce-declaration-period.command.js';
import { announceDeclarationPeriod, declarationPeriod } from '../../src/catalogue/declaration-periods/declaration-period.decider.js';
import { DescribeDistrict } from '../../src/catalogue/districts/describe-district.command.js';
import { describeDistrict, district } from '../../src/catalogue/districts/district.decider.js';
import { fees, setFee } from '../../src/catalogue/fees/fees.decider.js';
import { SetFee } from '../../src/catalogue/fees/set-fee.command.js';
import { DescribeMajor } from '../../src/catalogue/majors/describe-major.command.js';
import { ListMajorCourse } from '../../src/catalogue/majors/list-major-course.command.js';
import { describeMajor, listMajorCourse, major } from '../../src/catalogue/majors/major.decider.js';
import { anyGiven, decided, documentOf, lastRecordedWins } from '../decided.js';
import { given } from '../given.js';

const name = fc.constantFrom('甲', '乙');
const moment = fc.constantFrom(undefined, '2026-03-17T11:34:05.000Z', '2026-03-27T11:34:05.000Z');

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

describe('A district', () => {
  const office = { office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' };
  const described = { type: 'DistrictDescribed', data: { district: '西城区', ...office } } as const;

  it('A district is recorded once, and again only when something changed', () => {
    given(district, [])
      .when((state) => describeDistrict(state, new DescribeDistrict(anyGiven, '西城区', office)))
      .then([described]);
    given(district, [described])
      .when((state) => describeDistrict(state, new DescribeDistrict(anyGiven, '西城区', { ...office })))
      .then([]);
  });

  it('A district is as it was recorded last', () =>
    lastRecordedWins({
      decider: district,
      decide: describeDistrict,
      commands: fc.record({ office: name, place: name, address: name, phone: name }).map((each) => new DescribeDistrict(anyGiven, '西城区', each)),
      shown: (events) => documentOf(districts, events),
    }));
});

describe('A fee', () => {
  const set = { type: 'FeeSet', data: { kind: 'written', fromPeriod: '1204', fen: 3000 } } as const;

  it('A fee holds from a period on, and leaves the fees of other periods as they are', () => {
    given(fees, [set])
      .when((state) => setFee(state, new SetFee(anyGiven, 'written', '1204', 3000)))
      .then([]);
    given(fees, [set])
      .when((state) => setFee(state, new SetFee(anyGiven, 'written', '2604', 3000)))
      .then([{ type: 'FeeSet', data: { kind: 'written', fromPeriod: '2604', fen: 3000 } }]);
  });

  it('A fee can be zero, and is the amount set last', () =>
    lastRecordedWins({
      decider: fees,
      decide: setFee,
      commands: fc.constantFrom(0, 3000, 3500).map((fen) => new SetFee(anyGiven, 'written', '1204', fen)),
      shown: (events) => documentOf(feesOfKind, events),
    }));
});

describe('A declaration period', () => {
  it('A declaration period is as it was recorded last', () =>
    lastRecordedWins({
      decider: declarationPeriod,
      decide: announceDeclarationPeriod,
      commands: fc
        .record({ name, opens: moment, closes: moment, paymentCloses: moment })
        .map((terms) => new AnnounceDeclarationPeriod(anyGiven, 'thesis', '2026A', terms)),
      shown: (events) => documentOf(declarationPeriods, events),
    }));
});

describe('A content', () => {
  const january = '2026-01-26T11:34:05.000Z';
  const march = '2026-03-01T00:00:00.000Z';
  const december = '2026-12-01T00:00:00.000Z';
  const publish = (effectiveFrom: string, body: string) => new PublishContent(anyGiven, 'rules', { effectiveFrom, body });
  const shown = (...versions: readonly PublishContent[]) => documentOf(contents, decided(content, publishContent, versions));

  it('A content is published, and again only when its text or its instant changed', () => {
    const published = { type: 'ContentPublished', data: { key: 'rules', effectiveFrom: january, body: '第一条' } } as const;
    given(content, [])
      .when((state) => publishContent(state, publish(january, '第一条')))
      .then([published]);
    given(content, [published])
      .when((state) => publishContent(state, publish(january, '第一条')))
      .then([]);
  });

  it('A content holds until the next version takes effect', () =>
    expect(shown(publish(january, '旧'), publish(december, '新'))).toEqual({ [january]: '旧', [december]: '新' }));

  it('A content replaces a version published before it that is not in effect yet', () =>
    expect(shown(publish(january, '旧'), publish(december, '新'), publish(january, '旧'))).toEqual({ [january]: '旧' }));

  it('A content takes effect later when its instant is moved before it was reached', () =>
    expect(shown(publish(january, '旧'), publish('2026-11-01T00:00:00.000Z', '新'), publish(december, '新'))).toEqual({ [january]: '旧', [december]: '新' }));

  it('A content keeps a version that was in effect when its instant is moved', () =>
    expect(shown(publish(january, '旧'), publish(march, '新'))).toEqual({ [january]: '旧', [march]: '新' }));
});
