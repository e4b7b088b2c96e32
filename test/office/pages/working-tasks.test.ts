import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { RaiseTask } from '../../../src/office/raise-task.command.js';
import { TestCentre } from '../../centre.js';
import { OfficeBrowser } from '../office-browser.js';

let centre: TestCentre;
let [finance, city, auditor]: OfficeBrowser[] = [];
let task = '';
beforeAll(async () => {
  centre = await TestCentre.open();
  finance = await OfficeBrowser.signedIn(centre, 'finance-1', 'finance');
  city = await OfficeBrowser.signedIn(centre, 'city-1', 'city');
  auditor = await OfficeBrowser.signedIn(centre, 'audit-1', 'auditor');
});
afterAll(() => centre.close());
let raised = 0;
beforeEach(async () => {
  task = `task ${++raised}`; // with a space, as no id has: addresses are escaped
  await centre.record(new RaiseTask(centre.given(), { task, kind: 'refund_refused', proposal: 'refund', about: { bill: '20261100021877', fen: 6_000 } }));
});

const at = (browser: OfficeBrowser | undefined) => browser as OfficeBrowser;
const address = () => `/office/tasks/${encodeURIComponent(task)}`;
const work = async (browser: OfficeBrowser | undefined, form: Readonly<Record<string, string>>) => {
  const answer = await at(browser).post(address(), form);
  await centre.settled();
  return answer;
};
const recorded = async () => ((await centre.get(EventStore).streams([`task-${task}`]))[0] ?? []).map(({ type, metadata }) => [type, metadata.by]);

describe('A task on its page', () => {
  it('A task on its page is taken, kept from others, given back and settled, and tells who did what when', async () => {
    expect((await work(finance, { action: 'take' })).status).toBe(303);
    const own = await at(finance).get(address());
    expect(own.text).toContain('finance-1 正在办理');
    expect(own.$('main button').text()).toContain('退回');
    const other = await at(city).get(address());
    expect([other.text.includes('finance-1 正在办理'), other.$('main form').length]).toEqual([true, 0]);
    for (const form of [{ action: 'take' }, { action: 'settle', note: '已退' }] as const) {
      const refused = await work(city, form);
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('finance-1 正在办理这项待办')]);
    }
    expect((await work(finance, { action: 'give_back' })).status).toBe(303);
    expect((await work(city, { action: 'take' })).status).toBe(303);
    expect((await work(city, { action: 'settle', note: '已在平台退款' })).status).toBe(303);
    const done = await at(auditor).get(address());
    expect(
      done
        .$('tbody tr')
        .toArray()
        .map((row) =>
          done
            .$(row)
            .find('td')
            .toArray()
            .map((cell) => done.$(cell).text())
            .join(' '),
        ),
    ).toEqual(['办结：已在平台退款 city-1', '开始办理 city-1', '退回 finance-1', '开始办理 finance-1', '提出 系统']);
    expect(await recorded()).toEqual([
      ['TaskRaised', expect.anything()],
      ['TaskTaken', 'office:finance-1'],
      ['TaskGivenBack', 'office:finance-1'],
      ['TaskTaken', 'office:city-1'],
      ['TaskSettled', 'office:city-1'],
    ]);
    expect((await at(city).get('/office/tasks')).text).not.toContain(task);
  });

  it('A task on its page can be taken by others half an hour after it was taken', async () => {
    await work(finance, { action: 'take' });
    expect((await at(city).get('/office/tasks')).text).toContain('finance-1');
    at(finance).pass(30 * 60);
    await at(city).signIn();
    expect((await at(city).get(address())).text).toContain('等待办理');
    expect((await work(city, { action: 'take' })).status).toBe(303);
    await at(finance).signIn();
    await at(auditor).signIn();
  });

  it.each([
    [{ action: 'settle', note: '' }, '怎样办的应填写'],
    [{ action: 'settle', note: '考生 119912345001 来访' }, '不要写考生的姓名'],
    [{ action: 'delete' }, '请选择'],
    [{ _: '' }, '请选择'],
  ])('A task on its page is not worked on with %j', async (form, says) => {
    const { status, text } = await work(finance, form as never);
    expect([status, text]).toEqual([422, expect.stringContaining(says)]);
    expect((await recorded()).length).toBe(1);
  });

  it('A task on its page shows what was typed again as text, also what looks like HTML', async () => {
    const { $ } = await work(finance, { action: 'settle', note: '<b>119912345001</b>' });
    expect([$('input[name=note]').attr('value'), $('main b').length]).toEqual(['<b>119912345001</b>', 0]);
  });

  it('A task on its page is seen by the auditor, who cannot work on it', async () => {
    expect((await at(auditor).get(address())).$('main form').length).toBe(0);
    expect((await work(auditor, { action: 'take' })).status).toBe(403);
  });

  it('A task on its page that there is not is not found', async () => expect((await at(finance).get('/office/tasks/nothing')).status).toBe(404));
});
