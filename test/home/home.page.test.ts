import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { announce, bill, enrolled, NOW, paid, seated } from '../web/announced.js';

/** Has a seat for two papers of one day at two sites, a due bill and results. */
const BUSY = '119900000001';
/** Has nothing but the account, which is frozen. */
const QUIET = '119900000002';
/** Waits for results, and for arrangements of an exam far off. */
const WAITING = '119900000003';

let centre: TestCentre;
let cookie: string;
let due: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.rows(
    'notices',
    ...['19', '20', '21', '22'].map((date) => ({
      id: `n${date}`,
      title: `${date}日的通知`,
      published_at: `2026-11-${date}T09:00:00+08:00`,
      state: 'published',
      body: '正文',
    })),
    { id: 'n23', title: '明天的通知', published_at: '2026-11-23T09:00:00+08:00', state: 'published', body: '正文' },
  );
  await centre.candidate(BUSY, { name: '林一' });
  await paid(centre, BUSY, '2610', '00227', '00015', '00230');
  await seated(centre, BUSY, '00227', '第一示范中学', '026', '07');
  await seated(centre, BUSY, '00015', '第二示范中学', '003', '09');
  await enrolled(centre, BUSY, '2704', '03708');
  due = await bill(centre, BUSY, '2704', ['03708'], { state: 'due', due_by: '2026-12-02T17:00:00+08:00' });
  await paid(centre, BUSY, '2604', '00227', '00230');
  await centre.rows(
    'scores',
    { admission_no: BUSY, period: '2604', course: '00227', score: '81' },
    { admission_no: BUSY, period: '2604', course: '00230', score: '42' },
    { admission_no: BUSY, period: '2610', course: '00015', score: '97' },
  );
  await centre.candidate(QUIET, { name: '周二', id_no: '119900198911070018', account_state: 'frozen' });
  await centre.candidate(WAITING, { name: '王三', id_no: '119900200607070005' });
  await paid(centre, WAITING, '2610', '00227');
  await paid(centre, WAITING, '2704', '03708');
  cookie = await centre.signIn(BUSY);
});
afterAll(() => centre.close());

const home = (account = cookie) => centre.ask('/center', { cookie: account });

describe('The page 首页', () => {
  it('The page 首页 shows name, unbroken admission number, masked citizen number, and that there is no photo', async () => {
    const { $, text, body } = await home();
    expect($('h1').text()).toBe('林一');
    expect($('.me .num').first().text()).toBe(BUSY);
    expect(text).toContain('119***************');
    expect(text).toContain('照片未上传');
    expect(body).not.toContain('119900199611020005');
  });

  it('The page 首页 shows the next paper first, with day, time, days left, site, room, seat and address', async () => {
    const { $ } = await home();
    const next = $('.card').first();
    expect(next.hasClass('next')).toBe(true);
    for (const fact of ['11月28日 周六 上午 09:00', '还有 6 天', '公司法', '00227', '150 分钟', '第一示范中学', '第一示范中学路1号'])
      expect(next.text()).toContain(fact);
    expect(
      next
        .find('.seat .num')
        .map((_, number) => $(number).text())
        .get(),
    ).toEqual(['026', '07']);
  });

  it('The page 首页 warns that the afternoon paper of the day is at another site, and names it', async () => {
    const { $ } = await home();
    const then = $('.next .then');
    expect(then).toHaveLength(1);
    for (const fact of ['下午 14:30', '英语(二)', '下午换考点', '第二示范中学', '第二示范中学路1号']) expect(then.text()).toContain(fact);
    expect(
      then
        .find('.num')
        .map((_, number) => $(number).text())
        .get(),
    ).toEqual(['003', '09']);
  });

  it('The page 首页 says that results are released, and nothing of unreleased ones', async () => {
    const { $, body } = await home();
    const results = $('.card:contains("成绩已发布")');
    for (const fact of ['2026年4月成绩', '2 门课程，合格 1 门', '11月25日 24:00']) expect(results.text()).toContain(fact);
    expect(results.find('a').attr('href')).toBe('/center/results');
    expect(body).not.toContain('97');
  });

  it('The page 首页 shows a due bill with amount and deadline', async () => {
    const { $ } = await home();
    const card = $('.card:contains("待缴费 30 元")');
    expect(card.text()).toContain('2027年4月报考费');
    expect(card.text()).toContain('12月2日 17:00 截止，还有 10 天');
    expect(card.find(`a[href="/center/bills/${due}"]`)).toHaveLength(1);
  });

  it('The page 首页 links to every function, with badges for open matters', async () => {
    const { $ } = await home();
    const links = $('.grid a')
      .map((_, link) => $(link).attr('href'))
      .get();
    for (const page of [
      'courses',
      'exam',
      'results',
      'payments',
      'bills',
      'majors',
      'declarations',
      'status',
      'rules',
      'payment-guide',
      'profile',
      'notices',
    ]) {
      expect(links).toContain(`/center/${page}`);
    }
    expect($('.grid a[href="/center/payments"] .badge').text()).toContain('1 笔待缴费');
    expect($('.grid a[href="/center/results"] .badge').text()).toContain('有新成绩');
    expect($('.grid .badge')).toHaveLength(2);
  });

  it('The page 首页 lists the courses of the current periods with unit, time and payment', async () => {
    const { $ } = await home();
    const row = $('.row:contains("中国近现代史纲要")').text();
    for (const fact of ['03708', 'A 单元', '2027年4月17日 周六 上午 09:00', '待缴费']) expect(row).toContain(fact);
    expect($('.row:contains("公司法")').text()).toContain('已缴费');
  });

  it('The page 首页 shows the three newest notices that are published', async () => {
    const { $, text } = await home();
    expect(
      $('a[href^="/center/notices/"] b')
        .map((_, title) => $(title).text())
        .get(),
    ).toEqual(['22日的通知', '21日的通知', '20日的通知']);
    expect(text).toContain('昨天 09:00');
    expect($('a[href="/center/notices"]').length).toBeGreaterThan(0);
  });

  it('The page 首页 tells the owner of a frozen account its state and whom to call, without an invitation to enrol', async () => {
    const { text, $ } = await home(await centre.signIn(QUIET));
    expect(text).toContain('账号状态：冻结');
    expect($('a[href="tel:66560135"]')).toHaveLength(1);
    expect(text).not.toContain('报考已开放');
    expect(text).toContain('没有报考的课程');
    expect(text).not.toMatch(/下一场|成绩已发布|待缴费|林一/);
    expect($('.grid .badge')).toHaveLength(0);
  });
});

describe('The page 首页', () => {
  const at = async (time: string, account = BUSY) => {
    centre.clock.time = new Date(time);
    return home(await centre.signIn(account));
  };

  it('The page 首页 says 明天 on the day before, 正在考试 during a paper, and then shows the next', async () => {
    expect((await at('2026-11-27T10:00:00Z')).$('.next').text()).toContain('明天');
    expect((await at('2026-11-28T01:30:00Z')).$('.next').text()).toContain('正在考试');
    const { $ } = await at('2026-11-28T04:00:00Z');
    expect($('.next h2').text()).toBe('英语(二)');
    expect($('.next').text()).toContain('今天');
  });

  it('The page 首页 says that a paper has no seat yet', async () => {
    const { $ } = await at('2026-11-28T10:00:00Z');
    expect($('.next h2').text()).toBe('合同法');
    expect($('.next').text()).toContain('考点和座位还没有安排好');
  });

  it('The page 首页 shows results for two weeks after their release, or until their review closes', async () => {
    expect((await at('2026-12-05T00:59:00Z')).text).toContain('2026年4月成绩');
    expect((await at('2026-12-05T01:00:00Z')).text).not.toContain('2026年4月成绩');
  });

  it('The page 首页 names awaited results with their release, and papers without arrangements', async () => {
    const { text, $, body } = await at('2026-11-30T00:00:00Z', WAITING);
    expect(text).toContain('2026年10月成绩还没有发布');
    expect(text).toContain('2026年12月20日 09:00');
    expect($('.next').text()).toContain('考点和座位还没有公布');
    expect(body).not.toContain('http-equiv="refresh"');
  });

  it('The page 首页 shows a distant exam below nearer matters', async () => {
    const { $ } = await at('2026-12-01T00:00:00Z', WAITING);
    expect($('.card').first().text()).toContain('成绩还没有发布');
  });

  it('The page 首页 does not show a bill that can no longer be paid', async () => {
    expect((await at('2026-12-02T08:59:59Z')).text).toContain('待缴费 30 元');
    expect((await at('2026-12-02T09:00:00Z')).text).not.toContain('待缴费 30 元');
  });
});

describe('The links 快速通道', () => {
  const channels = async () => {
    const { $ } = await home(await centre.signIn(BUSY));
    return $('[aria-label="快速通道"] a')
      .map((_, link) => `${$(link).text()} ${$(link).attr('href')}`)
      .get();
  };

  it('The links 快速通道 are 考试信息, 当期成绩, 缴费 and 账单 while the office has published none', async () => {
    expect(await channels()).toEqual(['考试信息 /center/exam', '当期成绩 /center/results', '缴费 /center/payments', '账单 /center/bills']);
  });

  it('The links 快速通道 are those of the published content', async () => {
    await centre.rows('contents', {
      key: 'quick_channels',
      effective_from: '2026-11-01T00:00:00+08:00',
      body: '- [看成绩](/center/results)\n- [钓鱼](https://example.com/center/bills)',
    });
    expect(await channels()).toEqual(['看成绩 /center/results']);
  });
});
