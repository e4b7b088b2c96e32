import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../src/event-store/event-store.js';
import { passedCourses } from '../../src/results/passed-courses.js';
import { WithdrawScore } from '../../src/results/withdraw-score.command.js';
import { WithholdScore } from '../../src/results/withhold-score.command.js';
import { TestCentre } from '../centre.js';
import { announce, NOW, paid } from '../web/announced.js';

const ONE = '119900000001';
let centre: TestCentre;
let id: string;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  id = await centre.candidate(ONE);
  await paid(centre, ONE, '2604', '00015', '00019', '00227');
  const score = (course: string, points: string) => ({ admission_no: ONE, period: '2604', course, score: points });
  await centre.rows('scores', score('00015', '60'), score('00019', '61'), score('00227', '62'));
  await centre.record(new WithholdScore(centre.given(), id, '2604', '00015'), new WithdrawScore(centre.given(), id, '2604', '00019'));
  cookie = await centre.signIn(ONE);
});
afterAll(() => centre.close());

describe('A released result that is withheld or withdrawn', () => {
  it('A released result that is withheld or withdrawn is 待定 or awaited on the page of results, never the number that was recorded', async () => {
    const { $ } = await centre.ask('/center/results', { cookie });
    const row = (code: string) => $(`#results .row:contains("${code}")`).text().replace(/\s+/g, ' ');
    expect(row('00015')).toContain('待定');
    expect(row('00015')).toContain('确定后显示在这里');
    expect($('#results .row:contains("00015") .score')).toHaveLength(0);
    expect(row('00015')).not.toContain('合格');
    expect(row('00019')).toContain('成绩待发布');
    expect($('#results .row:contains("00019") .score')).toHaveLength(0);
    expect(row('00019')).not.toContain('合格');
    expect(row('00227')).toContain('62 合格');
    expect($('.filter').text().replace(/\s+/g, '')).toBe('全部3合格1不合格0');
  });

  it('A released result that is withheld or withdrawn is counted on the home page as 待定, and not as passed', async () => {
    const { text } = await centre.ask('/center', { cookie });
    expect(text).toContain('2 门课程，合格 1 门，待定 1 门');
  });

  it('A released result that is withheld or withdrawn is no course passed for those who enrol', async () => {
    const history = await centre.get(EventStore).subject(id);
    expect([...passedCourses(history, () => true)]).toEqual(['00227']);
  });
});
