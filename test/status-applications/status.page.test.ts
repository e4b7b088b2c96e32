import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { shown } from '../web/shown.js';

const ACCOUNT = '119912345621';
const EMPTY = '119912345622';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.rows('courses', { code: '00015', name: '英语（二）', credits: '14' });
  await centre.candidate(ACCOUNT);
  await centre.candidate(EMPTY);
  const mine = (row: Readonly<Record<string, string>>) => ({ admission_no: ACCOUNT, ...row });
  await centre.rows(
    'status_applications',
    mine({ id: 'a1', kind: 'continuation', state: 'draft', applied_on: '2018-12-14' }),
    mine({ id: 'a2', kind: 'exemption', state: 'rejected', applied_on: '2018-12-21', detail: '00015', remark: '成绩单 <img src=x>\n不能证明' }),
    mine({ id: 'a3', kind: 'exemption', state: 'submitted', applied_on: '2019-10-11', detail: '凭证书免考' }),
    mine({ id: 'a4', kind: 'transfer_out', state: 'withdrawn', applied_on: '2019-10-10' }),
    mine({ id: 'a5', kind: 'transfer_in', state: 'approved', applied_on: '2019-10-12' }),
    mine({ id: 'a6', kind: 'transfer_in', state: 'draft' }),
  );
  cookie = await centre.signIn(ACCOUNT);
});
afterAll(() => centre.close());

describe('The page 考籍信息', () => {
  it('The page 考籍信息 shows kind, state, date, course, detail and remark of each, undated drafts first, then the newest', async () => {
    const { status, $ } = await centre.ask('/center/status', { cookie });
    expect(status).toBe(200);
    expect(shown($, 'main .card:has(h2)')).toEqual([
      '考籍转入 申请状态 暂存，未提交 申请时间 未填',
      '考籍转入 申请状态 审核通过 申请时间 2019年10月12日',
      '免考 申请状态 已提交 申请时间 2019年10月11日 说明 凭证书免考',
      '考籍转出 申请状态 已撤回 申请时间 2019年10月10日',
      '免考 申请状态 审核不通过 申请时间 2018年12月21日 课程 00015 英语（二） 备注 成绩单 <img src=x> 不能证明',
      '接考 申请状态 暂存，未提交 申请时间 2018年12月14日',
    ]);
  });

  it('The page 考籍信息 shows free text as text, line by line', async () => {
    const { $, body } = await centre.ask('/center/status', { cookie });
    expect(body).not.toContain('<img');
    expect($('.written').text()).toContain('成绩单 <img src=x>\n不能证明');
  });

  it('The page 考籍信息 shows no remark where there is none', async () => {
    expect((await centre.ask('/center/status', { cookie })).$('dt:contains("备注")')).toHaveLength(1);
  });

  it('The page 考籍信息 says that there are none, and where to apply', async () => {
    const { text } = await centre.ask('/center/status', { cookie: await centre.signIn(EMPTY) });
    expect(text).toContain('没有考籍申请');
    expect(text).toContain('考籍申请目前在电脑上办理。');
    expect(text).toContain('https://zikao.bjeea.cn');
  });
});
