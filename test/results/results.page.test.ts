import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { announce, enrolled, NOW, paid } from '../web/announced.js';

const ONE = '119900000001';
const NONE = '119900000002';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.candidate(ONE);
  await paid(centre, ONE, '2510', '00227', '00230');
  await paid(centre, ONE, '2604', '00015', '00019', '00227', '00230', '03708');
  await enrolled(centre, ONE, '2604', '00261');
  await paid(centre, ONE, '2610', '03709');
  const score = (period: string, course: string, row: Readonly<Record<string, string>>) => ({ admission_no: ONE, period, course, ...row });
  await centre.rows(
    'scores',
    score('2510', '00227', { score: '58' }),
    score('2510', '00230', { remark: '缺考' }),
    score('2604', '00015', { score: '60' }),
    score('2604', '00019', { grade: '良' }),
    score('2604', '00227', { score: '59' }),
    score('2604', '00230', { remark: '违纪' }),
    score('2610', '03709', { score: '97' }),
  );
  await centre.candidate(NONE, { id_no: '119900198911070018' });
  cookie = await centre.signIn(ONE);
});
afterAll(() => centre.close());

const results = (query = '') => centre.ask(`/center/results${query}`, { cookie });

describe('The page 当期成绩', () => {
  it('The page 当期成绩 shows the latest released period with its release date', async () => {
    const { $ } = await results();
    expect($('#results h2').text()).toContain('2026年4月');
    expect($('#results h2').text()).toContain('2026年11月21日 09:00');
    expect(
      $('#results .row b:first-child')
        .map((_, name) => $(name).text())
        .get(),
    ).toContain('英语(二)');
  });

  it('The page 当期成绩 shows score or grade, pass or fail in words, code and period of each course', async () => {
    const { $ } = await results();
    const row = (name: string) => $(`#results .row:contains("${name}")`).text().replace(/\s+/g, ' ');
    expect(row('英语(二)')).toContain('60 合格');
    expect(row('英语(二)')).toContain('2604期');
    expect(row('英语(二)')).toContain('00015');
    expect(row('计算机应用基础(实践)')).toContain('良 合格');
    expect(row('公司法')).toContain('59 不合格');
  });

  it('The page 当期成绩 shows the reason and never a number for 违纪', async () => {
    const { $ } = await results();
    const row = $('#results .row:contains("合同法")');
    expect(row.text()).toContain('违纪');
    expect(row.text()).toContain('不合格');
    expect(row.text()).toContain('本科目成绩无效');
    expect(row.find('.score').text()).toBe('违纪');
  });

  it('The page 当期成绩 names the results that are still to come', async () => {
    const { $ } = await results();
    expect($('#results .row:contains("中国近现代史纲要")').text()).toContain('成绩待发布');
  });

  it('The page 当期成绩 counts and filters 合格 and 不合格', async () => {
    const { $ } = await results();
    expect(
      $('.filter a')
        .map((_, tab) => $(tab).text())
        .get(),
    ).toEqual(['全部 5', '合格 2', '不合格 2']);
    expect($('.filter [aria-current]').text()).toBe('全部 5');
    const passed = await results('?tab=passed');
    expect(passed.$('#results .row')).toHaveLength(2);
    expect(passed.$('#results .row:contains("公司法")')).toHaveLength(0);
    const failed = await results('?tab=failed');
    expect(failed.$('#results .row')).toHaveLength(2);
    expect(failed.$('.filter [aria-current]').text()).toBe('不合格 2');
  });

  it('The page 当期成绩 shows 全部 for an unknown tab', async () => {
    for (const query of ['?tab=%3Cscript%3E', '?tab=a&tab=b', '?tab=constructor']) {
      const { $, status } = await results(query);
      expect(status).toBe(200);
      expect($('.filter [aria-current]').text()).toBe('全部 5');
    }
  });

  it('The page 当期成绩 answers a fragment request with tabs and results alone', async () => {
    const { body } = await centre.part('/center/results?tab=passed', cookie);
    expect(body).toContain('aria-current="true"');
    expect(body).not.toMatch(/<html|往期成绩/);
  });

  it('The page 当期成绩 does not count a course that was never paid for', async () => {
    const { text, $ } = await results();
    expect(text).toContain('另有 1 门课程没有缴费，没有参加考试。');
    expect($('.row:contains("00261")')).toHaveLength(0);
  });

  it('The page 当期成绩 shows until when and where a review can be asked for', async () => {
    const { text } = await results();
    expect(text).toContain('可在 11月25日 24:00 前申请复核，目前在电脑上办理');
  });

  it('The page 当期成绩 lists past results by period', async () => {
    const { $ } = await results();
    const past = $('details');
    expect(past).toHaveLength(1);
    expect(past.find('summary').text()).toContain('2025年10月');
    expect(past.find('summary').text()).toContain('2 门，合格 0 门');
    expect(past.text()).toContain('缺考');
    expect(past.find('.row:contains("合同法") .score').text()).toBe('缺考');
  });

  it('The page 当期成绩 shows of results that are not released only when they will be', async () => {
    centre.clock.time = new Date('2026-11-30T02:00:00.000Z');
    const { body, text, headers } = await centre.ask('/center/results', { cookie: await centre.signIn(ONE) });
    expect(body).not.toContain('97');
    expect(text).toContain('2026年10月 成绩未发布');
    expect(text).toContain('发布时间：2026年12月20日 09:00');
    expect(body).not.toMatch(/data-ask-again|http-equiv="refresh"/);
    expect(headers.refresh).toBeUndefined();
    expect(text).not.toContain('申请复核');
  });

  it('The page 当期成绩 shows results from their release on, and not a millisecond before', async () => {
    centre.clock.time = new Date('2026-12-20T00:59:59.999Z');
    const waiting = await centre.signIn(ONE);
    expect((await centre.ask('/center/results', { cookie: waiting })).body).not.toContain('97');
    expect((await centre.part('/center/results?tab=passed', waiting)).body).not.toContain('97');
    centre.clock.time = new Date('2026-12-20T01:00:00.000Z');
    const { $, text } = await centre.ask('/center/results', { cookie: waiting });
    expect($('#results .score').text()).toBe('97');
    expect(text).not.toContain('成绩未发布');
    expect($('details')).toHaveLength(2);
    centre.clock.time = new Date(NOW);
  });

  it('The page 当期成绩 tells a candidate who was not enrolled so', async () => {
    const { text, body } = await centre.ask('/center/results', { cookie: await centre.signIn(NONE) });
    expect(text).toContain('您没有报考2026年4月的课程，因此没有成绩。');
    expect(body).not.toMatch(/英语|缺考|申请复核/);
  });

  it('The page 当期成绩 says that a tab without courses is empty', async () => {
    const row = { admission_no: NONE, period: '2604', course: '00227' };
    await centre.rows('scores', { ...row, score: '80' });
    const { text } = await centre.ask('/center/results?tab=failed', { cookie: await centre.signIn(NONE) });
    expect(text).toContain('2026年4月没有不合格的课程。');
  });

  it('The page 当期成绩 shows 作弊 for each course of the sitting', async () => {
    await centre.rows('scores', { admission_no: NONE, period: '2604', course: '00227', remark: '作弊' });
    const { $ } = await centre.ask('/center/results', { cookie: await centre.signIn(NONE) });
    const row = $('#results .row:contains("公司法")');
    expect(row.find('.score').text()).toBe('作弊');
    expect(row.text()).toContain('本次考试各科目成绩均无效');
  });
});
