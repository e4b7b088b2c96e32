import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { OfficeBrowser } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const ONE = '119988000001';
const sitting = { admission_no: ONE, period: '2604', course: '00015' };

let centre: TestCentre;
let desk: ProposalDesk;
let [zhou, he, cai]: OfficeBrowser[] = [];
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  await centre.candidate(ONE, { name: '林晓禾' });
  await centre.rows('enrolments', { ...sitting, state: 'enrolled' });
  await centre.rows('scores', { ...sitting, score: '58' });
  zhou = await OfficeBrowser.signedIn(centre, 'zhou', 'city');
  he = await OfficeBrowser.signedIn(centre, 'he', 'approver');
  cai = await OfficeBrowser.signedIn(centre, 'cai', 'finance');
  desk = new ProposalDesk(centre);
});
afterAll(() => centre.close());

const of = (browser: OfficeBrowser | undefined) => browser as OfficeBrowser;
const form = { kind: 'score', admission_no: ONE, period: '2604', course: '00015', score: '68', reason: '登分有误', ticket: 'FH-1' };

async function proposed(values: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await of(zhou).post('/office/corrections/new', { ...form, ...values });
  expect(answer.status).toBe(303);
  await centre.settled();
  return String(answer.headers.location);
}

it('A correction is proposed on a page, shown in full, approved by another officer after the second factor, and undone', async () => {
  const place = await proposed();
  const own = await of(zhou).get(place);
  expect(own.text).toContain('需第二人批准');
  expect(own.text).toContain('2604 00015');
  expect(own.text).toContain('58 → 68');
  expect(own.text).toContain('林晓禾');
  expect(own.text).toContain('变为合格');
  expect(own.$('button[value="approve"]').length).toBe(0);

  const shown = await of(he).get(place);
  const fingerprint = String(shown.$('input[name="fingerprint"]').val());
  of(he).pass(600);
  const asked = await of(he).post(`${place}/approval`, { action: 'approve', fingerprint });
  expect(asked.headers.location).toBe(`/office/factor?to=${encodeURIComponent(`${place}/approval`)}`);
  await of(he).prove();
  expect((await of(he).get(`${place}/approval`)).$('button[value="approve"]').length).toBe(1);
  expect((await of(he).post(`${place}/approval`, { action: 'approve', fingerprint: 'another' })).text).toContain('预览已过期');
  expect((await of(he).post(`${place}/approval`, { action: 'approve', fingerprint })).status).toBe(303);
  await centre.settled();
  expect((await of(he).get(place)).text).toContain('执行中');
  const id = place.split('/').at(-1) ?? '';
  await desk.apply(id);
  const done = await of(zhou).get(place);
  expect(done.text).toContain('与预览一致');
  expect(done.text).toContain('1 / 1 行');

  const undo = await of(zhou).post(place, { action: 'undo', note: '依据有误' });
  await centre.settled();
  expect((await of(zhou).get(String(undo.headers.location))).text).toContain('68 → 58');
});

it('A proposal on a page is refused with the form as it was filled in', async () => {
  const wrong = await of(zhou).post('/office/corrections/new', { ...form, score: '101' });
  expect([wrong.status, wrong.$('input[name="score"]').val()]).toEqual([422, '101']);
  expect(wrong.text).toContain('应为 0 到 100 的整数');
  expect((await of(zhou).post('/office/corrections/new', { ...form, admission_no: '119900000000' })).text).toContain('没有这个准考证号');
  expect((await of(zhou).post('/office/corrections/new', { ...form, reason: `考生 ${ONE}` })).text).toContain('不要写考生的姓名');
  expect((await of(zhou).post('/office/corrections/new', { ...form, reason: '林晓禾登分有误' })).text).toContain('原因中写了考生的姓名');
  expect((await of(zhou).post('/office/corrections/new', { ...form, ticket: '林晓禾 61分' })).text).toContain('工单号中写了考生的姓名');
  expect((await of(cai).post('/office/corrections/new', form)).text).toContain('请选择种类');
});

it('A correction is returned by an approver and withdrawn by who proposed it on its page', async () => {
  const returned = await proposed({ score: '70' });
  expect((await of(he).post(returned, { action: 'return', note: '缺少依据' })).status).toBe(303);
  await centre.settled();
  expect((await of(zhou).get(returned)).text).toContain('缺少依据');
  const withdrawn = await proposed({ score: '71' });
  expect((await of(he).post(withdrawn, { action: 'withdraw' })).text).toContain('只有提出的人可以撤回');
  expect((await of(zhou).post(withdrawn, { action: 'withdraw' })).status).toBe(303);
  await centre.settled();
  expect((await of(zhou).get('/office/corrections')).text).toContain('已撤回');
});

it('A correction of others is not there for an officer who does not see what is unreleased', async () => {
  const place = await proposed({ score: '72' });
  expect((await of(cai).get(place)).status).toBe(404);
  expect((await of(cai).get('/office/corrections')).text).toContain('还没有更正');
  expect((await of(he).get('/office/corrections')).text).toContain('登分有误');
});

it('Rows that are pasted from a spreadsheet are proposed together, without those that cannot be where that is asked for', async () => {
  const rows = `admission_no\tperiod\tcourse\tscore\n${ONE}\t2604\t00015\t88\n${ONE}\t2604\t00227\t101\n119900000000\t2604\t00015\t60\n`;
  const pasted = { kind: 'score', rows, reason: '复核改分', ticket: '' };
  const refused = await of(zhou).post('/office/corrections/rows', pasted);
  expect([refused.status, refused.$('textarea').val()]).toEqual([422, rows]);
  expect(refused.text).toContain('有 2 行不能提出');
  expect(refused.text).toContain('应为 0 到 100 的整数');
  expect(refused.text).toContain('没有这个准考证号的考生');
  const answer = await of(zhou).post('/office/corrections/rows', { ...pasted, skip: '1' });
  await centre.settled();
  const shown = await of(he).get(String(answer.headers.location));
  expect(shown.text).toContain('另有 2 行没有提出');
  expect(shown.text).toContain('→ 88');
  expect((await of(zhou).post('/office/corrections/rows', { ...pasted, rows: 'points\n1\n' })).text).toContain('标题行的第 1 列不认识');
});
