import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { shown } from '../web/shown.js';

const ACCOUNT = '119912345611';
const EMPTY = '119912345612';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.rows(
    'majors',
    { code: '01B0221', name: '酒店管理', level: '独立本科段', university: '北京联合大学', state: 'open' },
    { code: '01B0801', name: '计算机及<i>应用</i>', level: '独立本科段', university: '北京大学', state: 'open' },
  );
  // codes are opaque: these sort against the order of their openings
  await centre.rows(
    'declaration_periods',
    { kind: 'thesis', code: 'Z', name: '2025年下半年', opens: '2025-10-23T00:00:00+08:00' },
    { kind: 'thesis', code: 'Y', name: '2026年上半年', opens: '2026-04-23T00:00:00+08:00' },
    { kind: 'thesis', code: 'X', name: '2026年下半年', opens: '2026-10-23T00:00:00+08:00' },
    { kind: 'degree', code: '202609', name: '2026年9月', opens: '2026-08-01T00:00:00+08:00' },
    { kind: 'graduation', code: '202612', name: '2026年12月', opens: '2026-11-01T00:00:00+08:00' },
  );
  await centre.candidate(ACCOUNT);
  await centre.candidate(EMPTY);
  const thesis = { admission_no: ACCOUNT, kind: 'thesis', university: '北京联合大学' };
  await centre.rows(
    'declarations',
    { ...thesis, id: 't1', period: 'X', major: '01B0221', state: 'submitted', applied_on: '2026-11-02' },
    { ...thesis, id: 't2', period: 'X', major: '01B0801', state: 'payment_due', applied_on: '2026-11-03' },
    {
      ...thesis,
      id: 't3',
      period: 'Y',
      major: '01B0221',
      state: 'rejected',
      applied_on: '2026-05-02',
      decided_on: '2026-05-20',
      remark: '选题 <script>alert(1)</script>\n与专业不符',
    },
    { ...thesis, id: 't4', period: 'Z', major: '09Z9999', state: 'withdrawn', remark: '考生本人撤回' },
    { ...thesis, id: 't5', period: 'Z', major: '01B0221', state: 'approved', applied_on: '2025-11-01', decided_on: '2025-12-01' },
    { admission_no: ACCOUNT, id: 'd1', kind: 'degree', period: '202609', major: '01B0221', university: '北京大学', state: 'paid', applied_on: '2026-08-15' },
  );
  cookie = await centre.signIn(ACCOUNT);
});
afterAll(() => centre.close());

const page = (query = '') => centre.ask(`/center/declarations${query}`, { cookie });

describe('The page 申报状态', () => {
  it('The page 申报状态 shows theses first: those of the running period, then earlier ones, newest first', async () => {
    const { status, $ } = await page();
    expect(status).toBe(200);
    expect(shown($, '#declarations h2')).toEqual(['当期申报 2026年下半年', '往期申报 3 项']);
    const [current, past] = $('#declarations .card').toArray();
    const states = (card: typeof current) =>
      $(card)
        .find('.tag')
        .toArray()
        .map((tag) => $(tag).text());
    expect(states(current)).toEqual(['待缴费', '已申报']);
    expect(states(past)).toEqual(['审核不通过', '审核通过', '已撤回']);
  });

  it('The page 申报状态 shows major with level, period, university, dates and state of each', async () => {
    const { $ } = await page();
    expect(shown($, '#declarations .row:contains("已申报")')).toEqual([
      '01B0221 酒店管理（独立本科段） 已申报 2026年下半年论文申报 申报单位：北京联合大学 申报日期：2026年11月2日',
    ]);
    expect(shown($, '#declarations .row:contains("审核通过")')).toEqual([
      '01B0221 酒店管理（独立本科段） 审核通过 2025年下半年论文申报 申报单位：北京联合大学 申报日期：2025年11月1日 审核日期：2025年12月1日',
    ]);
  });

  it('The page 申报状态 shows the reason of a rejection as text', async () => {
    const { $, body } = await page();
    const row = $('#declarations .row:contains("审核不通过")');
    expect(row.find('.written').text()).toBe('原因：选题 <script>alert(1)</script>\n与专业不符');
    expect(body).not.toContain('<script>alert');
    expect(body).not.toContain('<i>应用');
  });

  it('The page 申报状态 shows a major that the catalogue does not know by its code', async () => {
    expect(shown((await page()).$, '#declarations .row:contains("09Z9999")')).toEqual([
      '09Z9999 已撤回 2025年下半年论文申报 申报单位：北京联合大学 备注：考生本人撤回',
    ]);
  });

  it('The page 申报状态 links from 待缴费 to the payments', async () => {
    const { $ } = await page();
    expect($('#declarations .row:contains("待缴费") a').attr('href')).toBe('/center/payments');
    expect($('#declarations a[href="/center/payments"]')).toHaveLength(1);
  });

  it('The page 申报状态 has a tab for each kind, with and without JavaScript, and updates the address', async () => {
    const { $ } = await page('?tab=degree');
    expect(shown($, '#declarations .filter a')).toEqual(['论文申报', '学位申报', '毕业申报']);
    expect($('#declarations .filter [aria-current]').text()).toBe('学位申报');
    expect(shown($, '#declarations .row')).toEqual(['01B0221 酒店管理（独立本科段） 已缴费 2026年9月学位申报 申报单位：北京大学 申报日期：2026年8月15日']);
    const tab = $('#declarations .filter a').last();
    expect([tab.attr('href'), tab.attr('hx-get'), tab.attr('hx-target'), tab.attr('hx-replace-url')]).toEqual([
      '/center/declarations?tab=graduation',
      '/center/declarations?tab=graduation',
      '#declarations',
      'true',
    ]);
    const part = await centre.part('/center/declarations?tab=graduation', cookie);
    expect(part.body).not.toContain('<html');
    expect(part.$('.filter [aria-current]').text()).toBe('毕业申报');
    expect(part.$('body').text()).toContain('本期没有毕业申报。');
    expect(part.headers.vary).toContain('HX-Request-Type');
  });

  it.each(['?tab=nonsense', '?tab=thesis&tab=degree', '?tab[]=degree', '?tab=__proto__', '?tab='])('The page 申报状态 shows theses for %s', async (query) => {
    const { status, $ } = await page(query);
    expect([status, $('#declarations .filter [aria-current]').text()]).toEqual([200, '论文申报']);
  });

  it('The page 申报状态 keeps a declaration current between two periods, until the next begins', async () => {
    const { $ } = await page('?tab=degree');
    expect(shown($, '#declarations h2')).toEqual(['当期申报 2026年9月']);
  });

  it('The page 申报状态 says that there are none, and where to declare', async () => {
    const { text } = await centre.ask('/center/declarations', { cookie: await centre.signIn(EMPTY) });
    expect(text).toContain('本期没有论文申报。');
    expect(text).toContain('论文、学位和毕业申报目前在电脑上办理。');
  });
});
