import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../centre.js';
import { announce, bill, enrolled, NOW } from '../web/announced.js';

/** Words with which pages lead to something that a candidate begins. */
const INVITES = /(注册专业|报考|申报|考籍申请|生成账单)目前在电脑上办理|报考已开放|还可以加报|请重新|要重新|还需要的/;

const ACCOUNTS = [
  ['119900001001', '119900199001010028', 'frozen', '账号状态是冻结，现在不能办理。'],
  ['119900001002', '119900199001010036', 'suspended', '账号状态是停考，现在不能办理。'],
  ['119900001003', '119900199001010044', 'normal', '您已毕业，不需要再报考。'],
] as const;

const cancelled = new Map<string, string>();
const due = new Map<string, string>();

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(NOW);
  await announce(centre);
  await centre.rows('majors', { code: 'B1', name: '法学', level: '本科', state: 'open', university: '北京大学' });
  for (const [account, id_no, account_state] of ACCOUNTS) {
    await centre.candidate(account, { id_no, account_state });
    await enrolled(centre, account, '2704', '03708');
    cancelled.set(account, await bill(centre, account, '2704', ['03708'], { state: 'cancelled' }));
    due.set(account, await bill(centre, account, '2704', ['00015'], { state: 'due', due_by: '2026-12-02T17:00:00+08:00' }));
    if (account_state === 'normal') await centre.rows('candidate_majors', { admission_no: account, major: 'B1', state: 'graduated', added_period: '2510' });
  }
});
afterAll(() => centre.close());

describe.each(ACCOUNTS)('A candidate who may not enrol (%s %s, %s)', (account, _, state, why) => {
  let cookie: string;
  beforeAll(async () => {
    cookie = await centre.signIn(account);
  });
  const text = async (path: string) => (await centre.ask(path, { cookie })).text;

  it('A candidate who may not enrol reads why on a bill that ended unpaid, without the invitation to confirm the courses again', async () => {
    const page = await text(`/center/bills/${cancelled.get(account)}`);
    expect([page.includes(why), INVITES.exec(page)?.[0]]).toEqual([true, undefined]);
  });

  it('A candidate who may not enrol is told before cancelling a bill that no other can be issued', async () => {
    expect(await text(`/center/bills/${due.get(account)}/cancel`)).toContain(`${why}取消以后不能再重新确认报考。`);
  });

  it('A candidate who may not enrol is not invited on the home page to enrol again in unpaid courses', async () => {
    expect(INVITES.exec(await text('/center'))?.[0]).toBeUndefined();
  });

  it('A candidate who may not enrol is invited on the page of majors to register one only where the account is normal', async () => {
    const page = await text('/center/majors');
    if (state === 'normal') expect(page).toContain('法学');
    else expect([page.includes(why), INVITES.exec(page)?.[0]]).toEqual([true, undefined]);
  });
});
