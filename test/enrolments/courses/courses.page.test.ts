import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { announce, bill, enrolled, NOW, paid } from '../../web/announced.js';

let centre: TestCentre;
let cookie: string;
let due: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.candidate('119900000001');
  await paid(centre, '119900000001', '2610', '00227', '00015', '00019');
  await enrolled(centre, '119900000001', '2610', '00230');
  await enrolled(centre, '119900000001', '2704', '03708');
  due = await bill(centre, '119900000001', '2704', ['03708'], { state: 'due', due_by: '2026-12-02T17:00:00+08:00' });
  await centre.candidate('119900000002', { id_no: '119900198911070018' });
  cookie = await centre.signIn('119900000001');
});
afterAll(() => centre.close());

const courses = (query = '') => centre.ask(`/center/courses${query}`, { cookie });

describe('A candidate who may not enrol', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a frozen account', { account_state: 'frozen' }, '账号状态是冻结，现在不能办理。'],
    ['an account that is suspended from exams', { account_state: 'suspended' }, '账号状态是停考，现在不能办理。'],
  ])('A candidate who may not enrol reads why, and is not invited to enrol: %s', async (_, row, why) => {
    const account = `11990000${row.account_state === 'frozen' ? '1001' : '1002'}`;
    await centre.candidate(account, { id_no: `1199001990010100${row.account_state === 'frozen' ? '28' : '36'}`, ...row });
    const asked = async (path: string) => (await centre.ask(path, { cookie: await centre.signIn(account) })).text;
    for (const path of ['/center/courses', '/center/declarations', '/center/status']) {
      const text = await asked(path);
      expect([path, text.includes(why), text.includes('在电脑上办理')]).toEqual([path, true, false]);
    }
    expect(await asked('/center')).not.toContain('报考已开放');
  });

  it('A candidate who may not enrol is told so as a graduate, and may still apply for another level', async () => {
    const account = '119900001003';
    await centre.candidate(account, { id_no: '119900199001010044' });
    await centre.rows('majors', { code: 'B1', name: '法学', level: '本科', state: 'open', university: '北京大学' });
    await centre.rows('candidate_majors', { admission_no: account, major: 'B1', state: 'graduated', added_period: '2510' });
    const signedIn = await centre.signIn(account);
    expect((await centre.ask('/center/courses', { cookie: signedIn })).text).toContain('您已毕业，不需要再报考。');
    expect((await centre.ask('/center', { cookie: signedIn })).text).not.toContain('报考已开放');
    expect((await centre.ask('/center/status', { cookie: signedIn })).text).toContain('考籍申请目前在电脑上办理。');
  });
});

describe('The page 我的课程', () => {
  it('The page 我的课程 shows the courses of every current period, the nearest exam first', async () => {
    const { $ } = await courses();
    expect(
      $('.card h2')
        .map((_, card) => $(card).text().replace(/\s+/g, ' '))
        .get(),
    ).toEqual(['2026年10月 4 门', '2027年4月 1 门']);
    expect(
      $('.rows')
        .first()
        .find('b')
        .map((_, name) => $(name).text())
        .get(),
    ).toEqual(['公司法', '英语(二)', '合同法', '计算机应用基础(实践)']);
  });

  it('The page 我的课程 shows code, unit, day with weekday and start, kind and minutes of a course', async () => {
    const { $ } = await courses();
    const row = $('.row').first();
    expect(row.find('.num').text()).toBe('00227');
    for (const fact of ['A 单元', '2026年11月28日 周六 上午 09:00', '笔试', '考试时长 150 分钟', '已缴费']) expect(row.text()).toContain(fact);
    expect(row.text()).not.toContain('不是通常的');
  });

  it('The page 我的课程 says in words that a paper is not of the usual length', async () => {
    const { $ } = await courses();
    expect($('.row').eq(1).text()).toContain('120 分钟（不是通常的 150 分钟）');
  });

  it('The page 我的课程 says of a practical that the university announces its time', async () => {
    const { $ } = await courses();
    const row = $('.row:contains("计算机应用基础")');
    expect(row.text()).toContain('实践');
    expect(row.text()).toContain('时间由主考院校通知');
    expect(row.text()).not.toMatch(/undefined|单元|分钟/);
  });

  it('The page 我的课程 shows the due bill with its amount and deadline and a link', async () => {
    const { $, text } = await courses();
    expect($('.row:contains("中国近现代史纲要")').text()).toContain('待缴费');
    expect(text).toContain('1 门课程待缴费，共 30 元');
    expect(text).toContain('12月2日 17:00 截止，还有 10 天');
    expect($(`a[href="/center/bills/${due}"]`)).toHaveLength(1);
  });

  it('The page 我的课程 shows no due bill that can no longer be paid', async () => {
    const { $, text } = await courses();
    expect($('.row:contains("合同法")').text()).toContain('未缴费');
    expect(text).toContain('缴费已经截止');
  });

  it('The page 我的课程 says where to enrol in more courses, with an address to copy', async () => {
    const { $, text } = await courses();
    expect(text).toContain('2027年4月还可以加报课程，12月11日 17:00 截止');
    expect($('[data-copy="https://zikao.bjeea.cn"]').length).toBeGreaterThan(0);
    expect(text).not.toContain('2026年10月还可以');
  });

  it('The page 我的课程 tells a candidate without courses in one line whether enrolment is open', async () => {
    const { text, $ } = await centre.ask('/center/courses', { cookie: await centre.signIn('119900000002') });
    expect($('.row')).toHaveLength(0);
    expect(text).toContain('您没有报考2026年10月的课程，报考已经截止。');
    expect(text).toContain('2027年4月的报考已经开放，12月11日 17:00 截止。');
  });

  it('The page 我的课程 leaves out a withdrawn course', async () => {
    await centre.candidate('119900000003', { id_no: '119900200607070005' });
    await enrolled(centre, '119900000003', '2704', '03708');
    await centre.rows('enrolments', { admission_no: '119900000003', period: '2704', course: '03708', state: 'withdrawn' });
    const { text } = await centre.ask('/center/courses', { cookie: await centre.signIn('119900000003') });
    expect(text).not.toContain('中国近现代史纲要');
  });
});

describe('The search of 我的课程', () => {
  it('The search of 我的课程 finds courses by the beginning of a code', async () => {
    const { $ } = await courses('?code=0022');
    expect($('.row b').text()).toBe('公司法');
    expect($('[name=code]').val()).toBe('0022');
  });

  it('The search of 我的课程 finds courses by a part of the name, also in full-width characters', async () => {
    const { $ } = await courses(`?code=${encodeURIComponent('（二）')}`);
    expect($('.row b').text()).toBe('英语(二)');
  });

  it('The search of 我的课程 says when nothing is found', async () => {
    const { text, status } = await courses('?code=99999');
    expect(status).toBe(200);
    expect(text).toContain('没有找到课程');
    expect(text).not.toContain('截止');
  });

  it('The search of 我的课程 answers a fragment request with the courses alone', async () => {
    const { body } = await centre.part('/center/courses?code=0022', cookie);
    expect(body).toContain('公司法');
    expect(body).not.toMatch(/<html|<form|英语/);
  });

  it('The search of 我的课程 works as a form without JavaScript, and replaces its fragment with JavaScript', async () => {
    const { $ } = await courses();
    const form = $('form.search');
    expect(form.attr('action')).toBe('/center/courses');
    expect(form.attr('method') ?? 'get').toBe('get');
    expect(form.attr('hx-target')).toBe('#courses');
    expect(form.attr('hx-replace-url')).toBe('true');
    expect($('#courses')).toHaveLength(1);
  });

  it('The search of 我的课程 shows typed HTML as text', async () => {
    const { body, $ } = await courses(`?code=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(body).not.toContain('<script>alert');
    expect($('[name=code]').val()).toBe('"><script>alert(1)</script>');
  });

  it('The search of 我的课程 refuses more than 40 characters and shows the form as it was filled in', async () => {
    const tooLong = '课'.repeat(41);
    const { status, text, $ } = await courses(`?code=${encodeURIComponent(tooLong)}`);
    expect(status).toBe(422);
    expect(text).toContain('请输入 40 个字以内');
    expect($('[name=code]').val()).toBe(tooLong);
    expect($('.row').length).toBeGreaterThan(0);
  });

  it('The search of 我的课程 refuses 10 kB in the same way, also for a fragment', async () => {
    expect((await courses(`?code=${'0'.repeat(10_000)}`)).status).toBe(422);
    const part = await centre.part(`/center/courses?code=${'0'.repeat(10_000)}`, cookie);
    expect(part.status).toBe(422);
    expect(part.body).toContain('搜索内容太长');
  });

  it('The search of 我的课程 ignores a query that is not text', async () => {
    const { status, $ } = await courses('?code=1&code=2');
    expect(status).toBe(200);
    expect($('.row')).toHaveLength(5);
  });
});
