import { describe, expect, it } from '@jest/globals';
import { type CandidatePaper, duration, placeChange } from '../../src/enrolments/papers.js';

const paper = (starts: string, site: string, room = '001', date = '2026-11-28', address = '示范路1号'): CandidatePaper => ({
  period: '2610',
  code: '00227',
  name: '公司法',
  practical: false,
  unit: 'A',
  date,
  starts,
  startsAt: 0,
  endsAt: 0,
  minutes: 150,
  paid: true,
  seat: { site, address, room, seat: '01' },
});

describe('The change of place between two papers', () => {
  it('The change of place between two papers names another site when site or address differ', () => {
    expect(placeChange(paper('09:00', '一中'), paper('14:30', '二中'))).toEqual({ otherSite: true, text: '下午换考点：与上午不在同一处，请留出路上的时间。' });
    expect(placeChange(paper('09:00', '一中'), paper('14:30', '一中', '001', '2026-11-28', '示范路2号'))?.otherSite).toBe(true);
  });

  it('The change of place between two papers names another room at the same site', () => {
    expect(placeChange(paper('09:00', '一中'), paper('14:30', '一中', '002'))).toEqual({ otherSite: false, text: '与上午同一考点，考场不同。' });
    expect(placeChange(paper('09:00', '一中'), paper('14:30', '一中'))).toEqual({ otherSite: false, text: '与上午同一考点、同一考场。' });
  });

  it('The change of place between two papers names two papers of one half day by their order', () => {
    expect(placeChange(paper('09:00', '一中'), paper('11:00', '二中'))?.text).toBe('这一场换考点：与上一场不在同一处，请留出路上的时间。');
  });

  it('The change of place between two papers is undefined for another day, and without a seat', () => {
    expect(placeChange(paper('09:00', '一中'), paper('09:00', '二中', '001', '2026-11-29'))).toBeUndefined();
    expect(placeChange({ ...paper('09:00', '一中'), seat: undefined }, paper('14:30', '二中'))).toBeUndefined();
  });
});

it('A paper’s duration says so when it is not the usual one', () => {
  expect([duration(150), duration(90)]).toEqual(['150 分钟', '90 分钟（不是通常的 150 分钟）']);
});
