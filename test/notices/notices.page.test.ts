import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { shown } from '../web/shown.js';

const ACCOUNT = '119912345631';
const UNCONFIRMED = '119912345632';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.candidate(ACCOUNT);
  await centre.candidate(UNCONFIRMED, { confirmed: 'N' });
  cookie = await centre.signIn(ACCOUNT);
});
afterAll(() => centre.close());

const publish = (id: string, published_at: string, { title = `通知 ${id}`, body = '内容', state = 'published' } = {}) =>
  centre.rows('notices', { id, title, published_at, body, state });
const list = async () => shown((await centre.ask('/center/notices', { cookie })).$, 'main .row');

describe('The page 消息通知', () => {
  it('The page 消息通知 says when there are none', async () => {
    expect((await centre.ask('/center/notices', { cookie })).text).toContain('没有通知');
  });

  it('The page 消息通知 lists the newest first, marks those of the last three days as new, and none before its publication', async () => {
    await publish('old', '2025-11-20T10:00:00+08:00');
    await publish('edge', '2026-11-19T10:00:00+08:00');
    await publish('fresh', '2026-11-19T10:00:01+08:00');
    await publish('today', '2026-11-22T08:00:00+08:00', { title: '<b>成绩</b>发布' });
    await publish('ahead', '2026-11-23T08:00:00+08:00');
    expect(await list()).toEqual(['<b>成绩</b>发布 今天 08:00 新', '通知 fresh 11月19日 新', '通知 edge 11月19日', '通知 old 2025年11月20日']);
    expect((await centre.ask('/center/notices/ahead', { cookie })).status).toBe(404);
  });

  it('The page 消息通知 shows a notice’s title, time and text, and runs no HTML of it', async () => {
    await publish('whole', '2026-11-21T08:00:00+08:00', {
      title: '5 < 6',
      body: '# 安排\n\n- 第一\n- 第二\n\n`<script>alert(1)</script>` [官网](https://zikao.bjeea.cn) [坏](javascript:alert(1))',
    });
    const { status, $, body } = await centre.ask('/center/notices/whole', { cookie });
    expect(status).toBe(200);
    expect($('main h2').first().text()).toBe('5 < 6');
    expect($('main .note').text()).toBe('2026年11月21日 08:00 发布');
    expect(shown($, 'main li')).toEqual(['第一', '第二']);
    expect($('main a').attr('href')).toBe('https://zikao.bjeea.cn');
    expect(body).not.toContain('href="javascript');
    expect(body).not.toContain('<script>alert');
  });

  it('The page 消息通知 opens a notice whatever characters its id has', async () => {
    const odd = `2026/11?a=1&b#${'通'.repeat(50)}`;
    await publish(odd, '2026-11-22T09:00:00+08:00', { title: '古怪的编号' });
    const { $ } = await centre.ask('/center/notices', { cookie });
    const answer = await centre.ask(String($('main a:contains("古怪的编号")').attr('href')), { cookie });
    expect([answer.status, answer.text.includes('古怪的编号')]).toEqual([200, true]);
    const home = await centre.ask('/center', { cookie });
    expect(home.$('main a:contains("古怪的编号")').attr('href')).toBe($('main a:contains("古怪的编号")').attr('href'));
  });

  it('The page 消息通知 answers 404 for a withdrawn notice, and says that it may have been withdrawn', async () => {
    await publish('gone', '2026-11-22T08:30:00+08:00');
    expect((await centre.ask('/center/notices/gone', { cookie })).status).toBe(200);
    await publish('gone', '2026-11-22T08:30:00+08:00', { state: 'withdrawn' });
    const { status, text } = await centre.ask('/center/notices/gone', { cookie });
    expect([status, text.includes('内容已经撤下')]).toEqual([404, true]);
    expect((await list()).join()).not.toContain('通知 gone');
  });

  it('The page 消息通知 shows a corrected notice in place of the earlier text', async () => {
    await publish('mended', '2026-11-22T08:40:00+08:00', { body: '周六考试' });
    await publish('mended', '2026-11-22T08:40:00+08:00', { body: '周日考试' });
    const { text } = await centre.ask('/center/notices/mended', { cookie });
    expect([text.includes('周日考试'), text.includes('周六考试')]).toEqual([true, false]);
  });

  it('The page 消息通知 is open to unconfirmed candidates, with a link back to their voucher', async () => {
    const limited = await centre.signIn(UNCONFIRMED);
    const { status, $ } = await centre.ask('/center/notices', { cookie: limited });
    expect([status, $('.back').attr('href'), $('.tabs').length]).toEqual([200, '/center/confirmation', 0]);
    expect((await centre.ask('/center/notices/old', { cookie: limited })).status).toBe(200);
  });

  it('The page 消息通知 is not shown without a session', async () => {
    const { status, headers } = await centre.ask('/center/notices/old');
    expect([status, headers.location]).toEqual([303, '/login?to=%2Fcenter%2Fnotices%2Fold']);
  });
});
