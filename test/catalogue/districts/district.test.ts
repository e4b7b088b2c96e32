import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { districts } from '../../../projections/districts.js';
import { DescribeDistrict } from '../../../src/catalogue/districts/describe-district.command.js';
import { describeDistrict, district } from '../../../src/catalogue/districts/district.decider.js';
import { districts as districtsFile } from '../../../src/catalogue/districts/districts.import.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { rowsOf } from '../../file-rows.js';
import { given } from '../../given.js';
import { projected } from '../../projections/projected.js';

const name = fc.constantFrom('甲', '乙');

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

describe('A row of districts.csv', () => {
  const rows = rowsOf(districtsFile, { name: '西城区', office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' });

  it('A row of districts.csv becomes DescribeDistrict', () =>
    expect(rows.command()).toMatchObject({
      district: '西城区',
      office: { office: '西城区自考办', place: '西城区教育考试中心', address: '西直门内大街186号', phone: '66560135' },
    }));

  it('A row of districts.csv is refused for each column that is empty', () =>
    expect(rows.faulted({ name: '', office: '', place: '', address: '', phone: '' })).toHaveLength(5));

  it('A row of districts.csv is read or refused for any values, and never throws', () => rows.neverThrows());
});

it('The read model of districts has the office', async () => {
  const office = { office: '东城区自考办', place: '演示大厅', address: '演示路1号', phone: '010-00000000' };
  expect(await projected(districts, [{ type: 'DistrictDescribed', data: { district: '东城', ...office } }])).toEqual({ 东城: office });
});
