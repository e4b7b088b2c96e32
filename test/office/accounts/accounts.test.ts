import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { SuspendOfficer } from '../../../src/office/officers/suspend-officer.command.js';
import { TestCentre } from '../../centre.js';
import { asHost, OfficeBrowser } from '../office-browser.js';

let centre: TestCentre;
let [first, second]: OfficeBrowser[] = [];
beforeEach(async () => {
  centre = await TestCentre.open();
  await centre.rows('districts', { name: '西城区', office: '西城区自考办', place: '一层', address: '北京市西城区', phone: '010-00000000' });
  first = await OfficeBrowser.signedIn(centre, 'admin-1', 'administrator');
  second = await OfficeBrowser.signedIn(centre, 'admin-2', 'administrator');
});
afterEach(() => centre.close());

const at = (browser: OfficeBrowser | undefined) => browser as OfficeBrowser;
const recorded = async (account: string) => (await centre.get(EventStore).streams([`officer-${account}`]))[0] ?? [];

/** Adds an account on the page, and signs in with the code that it shows. */
async function added(account: string, form: Readonly<Record<string, string>>): Promise<OfficeBrowser> {
  const { $ } = await at(first).post('/office/add-account', { account, ...form });
  const officer = new OfficeBrowser(centre, account);
  await officer.setPassword($('.codes').text());
  await officer.enrol();
  return officer;
}

async function propose(account: string, form: Readonly<Record<string, string>>) {
  const answer = await at(first).post(`/office/accounts/${account}/change`, { reason: '工作调整', ...form });
  await centre.settled();
  return answer;
}

/** What an administrator sees of the proposal, and its id. */
async function proposal(browser: OfficeBrowser | undefined, account: string) {
  const { text, $ } = await at(browser).get(`/office/accounts/${account}/approval`);
  return {
    text,
    id: String($('input[name=change]').attr('value')),
    buttons: $('main button')
      .toArray()
      .map((each) => $(each).text()),
  };
}

const decide = async (browser: OfficeBrowser | undefined, account: string, change: string, decision: 'approve' | 'decline') => {
  const answer = await at(browser).post(`/office/accounts/${account}/approval`, { change, decision });
  await centre.settled();
  return answer;
};

describe('An administrator', () => {
  it('An administrator adds a district officer with a code that is shown once and lets the officer in', async () => {
    const officer = await added('xicheng-1', { role: 'district', district: '西城区' });
    expect((await officer.get('/office')).$('.who').text()).toBe('xicheng-1区自考办 · 西城区');
    const [event] = await recorded('xicheng-1');
    expect(event).toMatchObject({ type: 'OfficerAdded', data: { districts: ['西城区'] }, metadata: { by: 'office:admin-1', origin: 'office' } });
    expect((await at(second).get('/office/accounts')).text).toContain('xicheng-1区自考办、西城区使用中');
  });

  it.each([
    [{ account: 'admin-1', role: 'finance' }, '已经有账号'],
    [{ account: 'Finance 1', role: 'finance' }, '小写字母'],
    [{ account: 'finance-1' }, '至少要有一个角色'],
    [{ account: 'finance-1', role: 'district', district: '不存在区' }, '没有这个区'],
  ])('An administrator is told why %j cannot be added', async (form, says) => {
    const { status, text } = await at(first).post('/office/add-account', form as never);
    expect([status, text]).toEqual([422, expect.stringContaining(says)]);
  });

  it('An administrator proposes other roles, which a second one approves: they count at once and end the sessions', async () => {
    const officer = await added('shi-1', { role: 'city' });
    expect((await propose('shi-1', { what: 'duties', role: 'finance' })).headers.location).toBe('/office/accounts/shi-1');
    const own = await proposal(first, 'shi-1');
    expect([own.text, own.buttons]).toEqual([expect.stringContaining('自己提出的'), ['撤回']]);
    const refused = await decide(first, 'shi-1', own.id, 'approve');
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('另一位')]);
    const { text, id, buttons } = await proposal(second, 'shi-1');
    expect([text, buttons]).toEqual([expect.stringContaining('角色改为：财务'), ['批准', '不批准']]);
    expect((await at(second).get('/office')).text).toContain('shi-1');
    expect((await decide(second, 'shi-1', id, 'approve')).status).toBe(303);
    expect((await officer.get('/office')).headers.location).toBe('/office/login?ended=1');
    await officer.signIn();
    expect((await officer.get('/office')).$('.who').text()).toBe('shi-1财务');
    const changed = (await recorded('shi-1')).find(({ type }) => type === 'OfficerDutiesChanged');
    expect(changed).toMatchObject({ data: { change: id, roles: ['finance'] }, metadata: { by: 'office:admin-2' } });
    expect((await decide(second, 'shi-1', id, 'approve')).status).toBe(422);
  });

  it('An administrator proposes to begin an account anew, and who approves sees the code', async () => {
    const officer = await added('shi-1', { role: 'city' });
    await propose('shi-1', { what: 'reset', reason: '手机丢失' });
    const { id } = await proposal(second, 'shi-1');
    const { status, $ } = await decide(second, 'shi-1', id, 'approve');
    expect(status).toBe(200);
    expect((await officer.get('/office')).status).toBe(303);
    expect((await officer.typePassword()).status).toBe(422);
    await officer.setPassword($('.codes').text());
    expect((await officer.enrol()).status).toBe(200);
  });

  it('An administrator takes a proposal back, and a second one may refuse it', async () => {
    await added('shi-1', { role: 'city' });
    await propose('shi-1', { what: 'reset' });
    expect((await decide(first, 'shi-1', (await proposal(first, 'shi-1')).id, 'decline')).status).toBe(303);
    await propose('shi-1', { what: 'reset' });
    const { id } = await proposal(second, 'shi-1');
    expect((await propose('shi-1', { what: 'reset' })).text).toContain('已经有一项更改');
    expect((await decide(second, 'shi-1', id, 'decline')).status).toBe(303);
    const late = await decide(second, 'shi-1', id, 'approve');
    expect([late.status, late.text]).toEqual([422, expect.stringContaining('已经批准、退回或撤回')]);
    expect((await recorded('shi-1')).map(({ type }) => type).filter((type) => type === 'OfficerReset')).toEqual([]);
  });

  it('An administrator changes nothing about the own account, and gives a reason that names nobody', async () => {
    expect((await at(first).post('/office/accounts/admin-1/change', { what: 'reset', reason: '丢失' })).text).toContain('自己的账号');
    await at(second).post('/office/accounts/admin-1/change', { what: 'reset', reason: '丢失' });
    await centre.settled();
    expect((await decide(first, 'admin-1', (await proposal(first, 'admin-1')).id, 'approve')).text).toContain('自己的账号');
    for (const reason of ['', '考生 119912345001 来访'])
      expect((await at(first).post('/office/accounts/admin-2/change', { what: 'reset', reason })).status).toBe(422);
  });

  it('An administrator is asked for the factor again where it was proved more than five minutes ago', async () => {
    at(first).pass(5 * 60);
    const asked = await at(first).get('/office/add-account');
    expect(asked.headers.location).toBe('/office/factor?to=%2Foffice%2Fadd-account');
    expect((await at(first).post('/office/add-account', { account: 'finance-1', role: 'finance' })).headers.location).toBe(
      '/office/factor?to=%2Foffice%2Fadd-account',
    );
    expect(await recorded('finance-1')).toEqual([]);
    await at(first).prove();
    expect((await at(first).get('/office/add-account')).status).toBe(200);
    at(first).pass(4 * 60);
    expect((await at(first).get('/office/add-account')).status).toBe(200);
  });

  it('An administrator decides nothing any more once suspended, although the session was not ended yet', async () => {
    await centre.stopProjecting();
    const events = centre.get(EventStore);
    const before = await events.head();
    await asHost(centre, new SuspendOfficer(givenAt(centre.clock.instant()), 'admin-1'));
    const { status, text } = await at(first).post('/office/add-account', { account: 'finance-1', role: 'finance' });
    expect([status, text]).toEqual([422, expect.stringContaining('没有在用的账号 admin-1')]);
    expect((await events.read(before, 10)).events.map(({ type }) => type)).toEqual(['OfficerSuspended']);
    await centre.goOnProjecting();
  });

  it('An administrator is seen by the auditor, who changes nothing', async () => {
    const auditor = await OfficeBrowser.signedIn(centre, 'audit-1', 'auditor');
    const { status, $ } = await auditor.get('/office/accounts/admin-1');
    expect([status, $('main .btn').length]).toEqual([200, 0]);
    expect((await auditor.get('/office/accounts/nobody-1')).status).toBe(404);
  });

  it('An administrator suspends an account with a reason, which ends its sessions at once, and reinstates it', async () => {
    const officer = await added('shi-1', { role: 'city' });
    const suspension = (form: Readonly<Record<string, string>>, by = first, account = 'shi-1') => at(by).post(`/office/accounts/${account}/suspension`, form);
    expect((await at(first).get('/office/accounts/shi-1/suspension')).text).toContain('停用马上生效');
    for (const form of [{ action: 'suspend', reason: '' }, { action: 'suspend', reason: '考生 119912345001 举报' }, { reason: '离职' }, { _: '' }] as const)
      expect([form, (await suspension(form as never)).status]).toEqual([form, 422]);
    expect((await suspension({ action: 'suspend', reason: '离职' })).headers.location).toBe('/office/accounts/shi-1');
    await centre.settled();
    expect((await officer.get('/office')).headers.location).toBe('/office/login?ended=1');
    expect((await officer.typePassword()).status).toBe(422);
    expect((await at(second).get('/office/accounts/shi-1')).text).toContain('已停用');
    const event = (await recorded('shi-1')).find(({ type }) => type === 'OfficerSuspended');
    expect(event?.metadata).toMatchObject({ by: 'office:admin-1', origin: 'office', why: '离职' });
    expect((await suspension({ action: 'reinstate', reason: '回到岗位' }, second)).status).toBe(303);
    await centre.settled();
    await officer.signIn();
    expect((await officer.get('/office')).status).toBe(200);
    expect((await suspension({ action: 'suspend', reason: '离职' }, first, 'admin-1')).text).toContain('自己的账号');
    expect((await suspension({ action: 'suspend', reason: '离职' }, first, 'nobody-1')).status).toBe(404);
  });
});
