import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { announce, enrolled, NOW, paid, seated } from '../../web/announced.js';

const ONE = '119900000001';
const NONE = '119900000002';
const WAITING = '119900000003';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.candidate(ONE, { name: '林一' });
  await paid(centre, ONE, '2610', '00227', '00015', '00230', '00019');
  await enrolled(centre, ONE, '2610', '03708');
  await seated(centre, ONE, '00015', '第二示范中学(西校区)', '003', '09');
  await seated(centre, ONE, '00227', '第一示范中学');
  await centre.candidate(NONE, { id_no: '119900198911070018' });
  await centre.candidate(WAITING, { id_no: '119900200607070005' });
  await paid(centre, WAITING, '2704', '03708');
  await centre.rows('arrangements', {
    admission_no: WAITING,
    period: '2704',
    course: '03708',
    site: '还没公布中学',
    address: '还没公布路1号',
    room: '099',
    seat: '88',
    state: 'arranged',
  });
  cookie = await centre.signIn(ONE);
});
afterAll(() => centre.close());

const exam = () => centre.ask('/center/exam', { cookie });

describe('The page 考试信息', () => {
  it('The page 考试信息 shows the candidate and the period', async () => {
    const { text } = await exam();
    expect(text).toContain('林一');
    expect(text).toContain(ONE);
    expect(text).toContain('2026年10月考试 · 2610期');
  });

  it('The page 考试信息 shows a paper’s day, start, minutes, code, name, site, address, room and seat', async () => {
    const { $ } = await exam();
    const day = $('.papers').first();
    expect(day.find('h3').text()).toContain('11月28日 周六');
    expect(day.find('h3').text()).toContain('还有 6 天');
    const paper = day.find('.paper').eq(1);
    for (const fact of ['下午 14:30', '120 分钟（不是通常的 150 分钟）', '英语(二)', '第二示范中学(西校区)', '第二示范中学(西校区)路1号']) {
      expect(paper.text()).toContain(fact);
    }
    expect(
      paper
        .find('.num')
        .map((_, number) => $(number).text())
        .get(),
    ).toEqual(['00015', '003', '09']);
  });

  it('The page 考试信息 has an address to copy', async () => {
    const { $ } = await exam();
    expect($('[data-copy="第一示范中学路1号"]')).toHaveLength(1);
  });

  it('The page 考试信息 lists papers by time', async () => {
    const { $ } = await exam();
    expect(
      $('.paper h4')
        .map((_, name) => $(name).text().split(' ')[0])
        .get(),
    ).toEqual(['公司法', '英语(二)']);
  });

  it('The page 考试信息 warns where the afternoon’s site is not the morning’s', async () => {
    const { $ } = await exam();
    expect($('.papers .alert.warn').text()).toContain('下午换考点：与上午不在同一处');
  });

  it('The page 考试信息 names paid courses without a seat, and unpaid courses', async () => {
    const { $, text } = await exam();
    expect($('.card:contains("还没有安排")').text()).toContain('合同法');
    expect($('.row:contains("计算机应用基础")').text()).toContain('由主考院校通知');
    expect(text).toContain('没有缴费，不安排考试');
    expect($('.card:contains("没有缴费，不安排考试")').text()).toContain('中国近现代史纲要');
  });

  it('The page 考试信息 tells a candidate without courses that there are none', async () => {
    const { text } = await centre.ask('/center/exam', { cookie: await centre.signIn(NONE) });
    expect(text).toContain('您没有报考2026年10月的课程，没有考试安排。');
    expect(text).not.toContain('示范中学');
  });

  it('The page 考试信息 shows nothing of an arrangement before its release', async () => {
    const { body, text } = await centre.ask('/center/exam', { cookie: await centre.signIn(WAITING) });
    expect(body).not.toMatch(/还没公布|099/);
    expect(text).toContain('2027年4月 安排未发布');
    expect(text).toContain('发布时间还没有公布');
  });

  it('The page 考试信息 shows the announced time of the release, and the arrangement from then on', async () => {
    await centre.rows('periods', {
      period: '2704',
      name: '2027年4月',
      enrolment_opens: '2026-11-21T09:00:00+08:00',
      enrolment_closes: '2026-12-11T17:00:00+08:00',
      exam_starts: '2027-04-17',
      exam_ends: '2027-04-18',
      arrangements_released: '2026-11-22T10:30:00+08:00',
    });
    const waiting = await centre.signIn(WAITING);
    expect((await centre.ask('/center/exam', { cookie: waiting })).text).toContain('发布时间：2026年11月22日 10:30');
    centre.clock.time = new Date('2026-11-22T02:29:59.999Z');
    expect((await centre.ask('/center/exam', { cookie: waiting })).body).not.toContain('还没公布中学');
    centre.clock.time = new Date('2026-11-22T02:30:00.000Z');
    const { text } = await centre.ask('/center/exam', { cookie: waiting });
    expect(text).toContain('还没公布中学');
    expect(text).not.toContain('安排未发布');
    centre.clock.time = new Date(NOW);
  });

  it('The page 考试信息 says where two papers are at the same site, and where only the room differs', async () => {
    await seated(centre, ONE, '00015', '第一示范中学', '027', '11');
    const { $, text } = await exam();
    expect($('.papers .alert.warn')).toHaveLength(0);
    expect(text).toContain('与上午同一考点，考场不同。');
  });

  it('The page 考试信息 shows no cancelled seat', async () => {
    await centre.rows('arrangements', { admission_no: ONE, period: '2610', course: '00015', state: 'cancelled' });
    const { $ } = await exam();
    expect($('.paper')).toHaveLength(1);
    expect($('.card:contains("还没有安排")').text()).toContain('英语(二)');
  });

  it('The page 考试信息 marks papers that are over, and shows none after the last exam day', async () => {
    centre.clock.time = new Date('2026-11-28T03:31:00.000Z');
    let signedIn = await centre.signIn(ONE);
    const { $ } = await centre.ask('/center/exam', { cookie: signedIn });
    expect($('.paper').first().text()).toContain('已结束');
    expect($('.papers h3').first().text()).toContain('今天');
    centre.clock.time = new Date('2026-11-29T16:00:00.000Z');
    signedIn = await centre.signIn(ONE);
    expect((await centre.ask('/center/exam', { cookie: signedIn })).text).not.toMatch(/2026年10月|示范中学/);
  });
});
