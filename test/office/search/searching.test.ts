import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { RaiseTask } from '../../../src/office/raise-task.command.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { TakePayment } from '../../../src/payments/paying/take-payment.command.js';
import { RecordReceipt } from '../../../src/payments/receipts/record-receipt.command.js';
import { TestCentre } from '../../centre.js';
import { OfficeBrowser } from '../office-browser.js';

const BILL = '90000000000001';
const ORDER = `${BILL}01`;
const RECEIPT = { code: '11010120', number: '0000000042', checkCode: 'a1b2c3' };
const CITIZEN = '110101199001011237';
const NO = '119912345001';

let centre: TestCentre;
let id: string;
let position: string;
let city: OfficeBrowser;
let east: OfficeBrowser;
let west: OfficeBrowser;
beforeAll(async () => {
  centre = await TestCentre.open();
  for (const name of ['东城区', '西城区', '海淀区'])
    await centre.rows('districts', { name, office: `${name}自考办`, place: '一层', address: '北京市', phone: '010-00000000' });
  id = await centre.candidate(NO, { district: '东城区', name: '赵明远', id_no: CITIZEN });
  await centre.rows(
    'candidates',
    { admission_no: '119912345002', district: '东城区', name: '钱小小' },
    { admission_no: '119912345003', district: '西城区', name: '钱小小' },
  );
  const at = centre.clock.instant();
  const terms = { candidateId: id, bill: BILL, kind: 'enrolment', period: '2610', lines: [{ code: '03708', fen: 6_000 }], fen: 6_000, createdAt: at } as const;
  await centre.record(new IssueBill(centre.given(), { ...terms, dueBy: '2026-12-01T00:00:00.000Z' }));
  await centre.record(new BeginPayment(centre.given(), BILL, id));
  await centre.record(new TakePayment(centre.given(), { order: ORDER, transaction: 'T1', fen: 6_000, channel: 'alipay', paidAt: at }));
  await centre.record(new RecordReceipt(centre.given(), BILL, RECEIPT));
  await centre.record(
    new RaiseTask(centre.given(), { task: 'task-of-zhao', kind: 'refund_refused', proposal: 'look', candidateId: id, about: { bill: BILL } }),
  );
  await centre.record(new RaiseTask(centre.given(), { task: 'task-of-nobody', kind: 'unknown_order', proposal: 'look', about: {} }));
  position = (await centre.get(EventStore).streams([`bill-${BILL}`]))[0]?.[0]?.position ?? '';
  city = await OfficeBrowser.signedIn(centre, 'shi-1', 'city');
  east = await OfficeBrowser.signedIn(centre, 'dong-1', 'district', ['东城区']);
  west = await OfficeBrowser.signedIn(centre, 'xi-1', 'district', ['西城区']);
});
afterAll(() => centre.close());

const search = (browser: OfficeBrowser, q: string) => browser.post('/office/search', { q });
const NAMES: readonly [string, () => string][] = [
  ['an admission number', () => NO],
  ['an admission number in groups', () => `${NO.slice(0, 4)} ${NO.slice(4)}`],
  ['a citizen number', () => CITIZEN],
  ['a whole name', () => '赵明远'],
  ['an id', () => id],
  ['a bill', () => BILL],
  ['an order', () => ORDER],
  ['a receipt’s number', () => RECEIPT.number],
  ['a receipt’s code and number', () => RECEIPT.code + RECEIPT.number],
  ['an event of a stream', () => `bill-${BILL}@0`],
  ['a position', () => position],
  ['a position without the zeros before it', () => `@${Number(position)}`],
];

describe('The search box of the office', () => {
  it.each(NAMES)('The search box of the office leads by %s to the file of the candidate', async (_, text) => {
    const { status, headers } = await search(city, text());
    expect([status, headers.location]).toEqual([303, expect.stringMatching(new RegExp(`^/office/candidates/${id}(\\?(event=\\d+|kind=payment))?$`))]);
  });

  it.each(NAMES)('The search box of the office finds nothing by %s for an officer of another district, as if there were no such thing', async (_, text) => {
    const { status, body } = await search(west, text());
    const nothing = await search(west, '没有这个人');
    expect([status, body]).toEqual([200, nothing.body]);
  });

  it.each([
    ['110000000009'],
    ['90000000000009'],
    ['9000000000000102'],
    ['0000000043'],
    ['bill-90000000000001@99'],
    ['@99999999'],
    ['$all@0'],
    ['officer-shi-1@0'],
    ['\u0000@1'],
    [''],
    ['王五'],
    ['110101199001011229'],
  ])('The search box of the office finds nothing by %s', async (text) => expect((await search(city, text)).text).toContain('没有找到'));

  it('The search box of the office leads to a task for those who may see tasks, and to its candidate for others', async () => {
    for (const task of ['task-of-zhao', 'task-of-nobody']) expect((await search(city, task)).headers.location).toBe(`/office/tasks/${task}`);
    expect((await search(east, 'task-of-zhao')).headers.location).toBe(`/office/candidates/${id}`);
    for (const task of ['task-of-zhao', 'task-of-nobody']) expect((await search(west, task)).text).toContain('没有找到');
  });

  it('The search box of the office lists the candidates of one name, of the officer’s districts alone, and records one viewing that names them all', async () => {
    const rows = async (browser: OfficeBrowser) => (await search(browser, '钱小小')).$('tbody tr').length;
    expect([await rows(city), (await search(east, '钱小小')).headers.location]).toEqual([2, `/office/candidates/${await centre.idOf('119912345002')}`]);
    const viewed = (await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] })).events;
    expect(viewed.filter(({ data }) => 'candidateIds' in data && [data.candidateIds].flat().length > 1)).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({
          what: '查找',
          candidateIds: expect.arrayContaining([await centre.idOf('119912345002'), await centre.idOf('119912345003')]),
        }),
        metadata: expect.objectContaining({ by: 'office:shi-1', origin: 'office' }),
      }),
    ]);
    for (const each of viewed) expect(each).not.toHaveProperty('subject');
  });

  it('The search box of the office finds the candidate of one’s own district among many of the name elsewhere, and lists a hundred at most', async () => {
    const number = (at: number) => `1199123460${String(at).padStart(2, '0')}`;
    const others = Array.from({ length: 101 }, (_, at) => ({ admission_no: at < 100 ? number(at) : '119912347000', district: '海淀区', name: '张伟伟' }));
    await centre.rows('candidates', ...others, { admission_no: '119912348000', district: '西城区', name: '张伟伟' });
    expect((await search(west, '张伟伟')).headers.location).toBe(`/office/candidates/${await centre.idOf('119912348000')}`);
    const { $, text } = await search(city, '张伟伟');
    expect([$('tbody tr').length, text.includes('没有全部列出')]).toEqual([100, true]);
  });

  it('The search box of the office shows nobody where it cannot be recorded that they are looked at', async () => {
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    const spy = jest.spyOn(centre.get(EventStore), 'append').mockRejectedValue(new StoreUnavailable('away'));
    const { status, body } = await search(city, '钱小小');
    spy.mockRestore();
    expect([status, body.includes('119912345002')]).toEqual([503, false]);
  });

  it.each(NAMES)('The search box of the office records who is found alone by %s before it says so, and says nothing where it cannot', async (_, text) => {
    const viewings = async () => (await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] })).events;
    const before = await viewings();
    await search(city, text());
    expect((await viewings()).slice(before.length)).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({ what: '查找', candidateIds: [id] }),
        metadata: expect.objectContaining({ by: 'office:shi-1' }),
      }),
    ]);
    jest.spyOn(log, 'error').mockImplementation(() => undefined);
    jest.spyOn(centre.get(EventStore), 'append').mockRejectedValue(new StoreUnavailable('away'));
    const { status, headers } = await search(city, text());
    jest.restoreAllMocks();
    expect([status, headers.location]).toEqual([503, undefined]);
  });

  it('The search box of the office is in the layout for those who may use it alone, and sends nothing in an address', async () => {
    const form = (await city.get('/office')).$('form.find');
    expect([form.attr('method'), form.attr('action'), form.find('input').attr('name')]).toEqual(['post', '/office/search', 'q']);
    const administrator = await OfficeBrowser.signedIn(centre, 'admin-1', 'administrator');
    expect((await administrator.get('/office')).$('form.find').length).toBe(0);
  });

  it('The search box of the office finds by ids and numbers of records for an operator, and by nothing of a person, and says so', async () => {
    const operator = await OfficeBrowser.signedIn(centre, 'ops-1', 'operator');
    const nothing = await search(operator, '没有这个人');
    expect(nothing.text).toContain('不能用姓名、准考证号和身份证号查找');
    for (const q of [NO, CITIZEN, '赵明远', '钱小小']) expect([q, (await search(operator, q)).body]).toEqual([q, nothing.body]);
    for (const q of [id, BILL, ORDER, RECEIPT.number, `bill-${BILL}@0`, position]) expect((await search(operator, q)).headers.location).toContain(id);
    const { $, text } = await operator.get('/office/candidates');
    expect([$('form.find input').attr('placeholder'), text]).toEqual([
      expect.not.stringContaining('姓名'),
      expect.stringContaining('不能用姓名、准考证号和身份证号查找'),
    ]);
  });
});

describe('The list of a district', () => {
  it('The list of a district shows an officer of the district its candidates and no others, and records who was shown', async () => {
    const { $, text } = await east.get('/office/candidates');
    expect($('tbody tr').length).toBe(2);
    expect([text.includes('赵明远'), text.includes('119912345003')]).toEqual([true, false]);
    await centre.settled();
    const auditor = await OfficeBrowser.signedIn(centre, 'shen-1', 'auditor');
    const page = await auditor.get('/office/viewings?officer=dong-1');
    const lists = page.$('tbody tr').filter((_, row) => page.$(row).text().includes('名单：东城区'));
    expect(lists.length).toBe(1);
  });

  it.each([['东城区'], ['没有的区']])('The list of a district is empty for an officer of another one: %s', async (district) => {
    const { status, $ } = await west.get(`/office/candidates?district=${encodeURIComponent(district)}`);
    expect([status, $('tbody tr').length]).toEqual([200, 0]);
  });

  it('The list of a district follows a candidate who moves, for both districts', async () => {
    const movingNo = '119912345009';
    const moving = await centre.candidate(movingNo, { district: '东城区' });
    expect((await search(east, movingNo)).status).toBe(303);
    await centre.rows('candidates', { admission_no: movingNo, district: '西城区' });
    expect([(await search(east, movingNo)).status, (await search(west, movingNo)).headers.location]).toEqual([200, `/office/candidates/${moving}`]);
  });
});

describe('The auditor’s page of who was looked at', () => {
  it('The auditor’s page of who was looked at finds a candidate’s viewings by whatever the search box takes, the newest first', async () => {
    const auditor = await OfficeBrowser.signedIn(centre, 'shen-2', 'auditor');
    const found = await auditor.post('/office/viewings', { who: NO, officer: 'DONG-1 ' });
    expect([found.status, found.headers.location]).toEqual([303, `/office/viewings?candidate=${id}&officer=dong-1`]);
    const { $, text } = await auditor.get(String(found.headers.location));
    const told = $('tbody tr')
      .toArray()
      .map((row) => $(row).text());
    expect(told).toEqual([expect.stringContaining('名单：东城区'), expect.stringContaining('查找')]);
    expect(text).not.toContain('赵明远');
    expect((await auditor.get(`/office/viewings?candidate=${id}&officer=nobody`)).$('tbody tr').length).toBe(0);
    await centre.settled();
    expect((await auditor.get(`/office/viewings?candidate=${id}&officer=shen-2`)).text).toContain('查找查看记录');
    expect((await auditor.post('/office/viewings', { who: '没有这个人', officer: '' })).status).toBe(422);
    expect((await auditor.post('/office/viewings', { who: '钱小小', officer: '' })).text).toContain('有 2 位考生');
  });

  it.each([
    ['?after=nonsense', 400],
    ['?candidate=nobody', 200],
    ['?officer=%00', 200],
  ])('The auditor’s page of who was looked at answers %s with %d', async (query, status) => {
    const auditor = await OfficeBrowser.signedIn(centre, `shen-${query.length}`, 'auditor');
    expect((await auditor.get(`/office/viewings${query}`)).status).toBe(status);
  });
});
