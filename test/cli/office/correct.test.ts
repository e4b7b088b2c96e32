import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { signedInOfficer } from '../officers.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const ONE = '119988000001';
let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // the command line has the machine's own clock
  await announce(centre);
  await signedInOfficer(environment(), 'shi-1', 'city');
  id = await centre.candidate(ONE);
  await centre.rows('enrolments', { admission_no: ONE, period: '2604', course: '00015', state: 'enrolled' });
  await centre.rows('scores', { admission_no: ONE, period: '2604', course: '00015', score: '59' });
});
afterAll(() => centre.close());

const environment = () => ({ NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false', XDG_STATE_HOME: centre.folder });
const personalCentre = (...args: readonly string[]) => told(args, environment());
const correct = (kind: string, ...args: readonly string[]) => personalCentre('correct', kind, ONE, ...args, '--by', 'shi-1', '--reason', '登分有误');
const lastEvent = async () => (await centre.get(EventStore).subject(id)).at(-1);

describe('`personal-centre correct`', () => {
  it.each<[readonly string[], string]>([
    [['period=2604', 'course=00015', 'score=101', '--yes'], 'score 应为 0 到 100 的整数'],
    [['period=2604', 'course=00015', 'points=60', '--yes'], '应为 列=值，不是 points=60'],
    [['period=2604', 'score=60', '--yes'], '缺少 course'],
    [['period=2604', 'period=2604', '--yes'], 'period 写了两次'],
    [['period=2604', 'course=00015', 'score=60'], '--yes'],
  ])('`personal-centre correct` is used wrongly with %j, and records nothing', async (args, message) => {
    expect(await correct('score', ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded' });
  });

  it.each<[readonly string[], string]>([
    [['period=2604', 'course=00015', 'score=60', 'remark=缺考'], '填写且只填写一项'],
    [['period=2604', 'course=00015'], '填写且只填写一项'],
    [['period=3904', 'course=00015', 'score=60'], '没有考期 3904'],
    [['period=2604', 'course=99999', 'score=60'], '没有课程 99999'],
  ])('`personal-centre correct` is refused for a score with %j, and records nothing', async (args, message) => {
    expect(await correct('score', ...args, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded' });
  });

  it('`personal-centre correct` shows no personal value to whoever has not signed in', async () => {
    const args = ['correct', 'person', ONE, 'household=河北省', '--by', 'shi-1', '--reason', '登记有误', '--yes'];
    const refused = await told(args, { ...environment(), XDG_STATE_HOME: `${centre.folder}/nobody` });
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('看个人信息要先登录') });
  });

  it.each([
    ['--reason', '示范考生登分有误'],
    ['--ticket', '示范 考生 61分'],
  ])('`personal-centre correct` takes no %s with the name of the candidate, and records nothing', async (option, text) => {
    const { code, stdout, stderr } = await personalCentre(
      ...['correct', 'score', ONE, 'period=2604', 'course=00015', 'score=60', '--by', 'shi-1', '--yes'],
      ...(option === '--reason' ? [] : ['--reason', '登分有误']),
      option,
      text,
    );
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`${option} 中写了考生的姓名`)]);
    expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded' });
  });

  it('`personal-centre correct` is refused for an admission number that nobody has', async () => {
    const args = ['score', '119900000000', 'period=2604', 'course=00015', 'score=60', '--by', 'shi-1', '--reason', '登分有误', '--yes'];
    expect(await personalCentre('correct', ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('没有这个准考证号') });
  });

  it('`personal-centre correct` corrects a score, withholds it and withdraws it, each shown before and after, with who, why and the ticket', async () => {
    const score = (...values: readonly string[]) => correct('score', 'period=2604', 'course=00015', ...values, '--ticket', 'T-7', '--yes');
    const corrected = await score('score=81');
    expect([corrected.code, corrected.stdout]).toEqual([0, `成绩 2604 00015：59 → 81\n已更正：${ONE}\n`]);
    expect(corrected.stderr).toContain('注意：变为合格');
    expect(await lastEvent()).toMatchObject({
      type: 'ScoreCorrected',
      data: { result: { score: 81 } },
      metadata: { by: 'office:shi-1', origin: 'office', why: '登分有误', ticket: 'T-7' },
    });
    expect((await score('score=81')).stdout).toBe('没有改变：记录的已经是这样\n');
    expect(jsonOf(await score('remark=待定', '--json'))).toMatchObject({
      values: [{ field: '2604 00015', before: '81', after: '待定' }],
      warnings: [expect.stringContaining('合格变为不合格'), expect.stringContaining('已经发布')],
      events: 1,
    });
    expect(await lastEvent()).toMatchObject({ type: 'ScoreWithheld' });
    expect((await score('remark=撤回')).stdout).toContain('待定 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'ScoreWithdrawn' });
    expect((await score('grade=良')).stdout).toContain('无 → 良');
    expect(await lastEvent()).toMatchObject({ type: 'ScoreRecorded', data: { result: { grade: '良' } } });
  });

  it('`personal-centre correct` corrects a seat in what is named, and cancels it', async () => {
    const seat = (...values: readonly string[]) => correct('seat', 'period=2610', 'course=00015', ...values, '--yes');
    expect(await seat('room=012')).toMatchObject({ code: 1, stderr: expect.stringContaining('都要填写') });
    expect(await seat()).toMatchObject({ code: 1, stderr: expect.stringContaining('请写明') });
    expect((await seat('site=一中', 'address=某路1号', 'room=012', 'seat=07')).code).toBe(0);
    expect((await seat('room=013')).stdout).toBe(`座位 2610 00015 room：012 → 013\n已更正：${ONE}\n`);
    expect(await lastEvent()).toMatchObject({ type: 'SeatArranged', data: { site: '一中', address: '某路1号', room: '013', seat: '07' } });
    expect((await seat('state=cancelled')).stdout).toContain('座位 2610 00015 site：一中 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'SeatCancelled' });
  });

  it('`personal-centre correct` corrects an enrolment after its window', async () => {
    const enrolment = (...values: readonly string[]) => correct('enrolment', 'period=2604', 'course=00015', ...values, '--yes');
    expect((await enrolment('state=withdrawn')).stdout).toContain('报考 2604 00015：已报考 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'CourseWithdrawn' });
    expect((await enrolment('state=withdrawn')).stdout).toContain('没有改变');
    expect((await correct('enrolment', 'period=2604', 'course=99999', 'state=enrolled', '--yes')).stderr).toContain('考期 2604 不考课程 99999');
  });

  it('`personal-centre correct` corrects the account, a major and the confirmation, each alone', async () => {
    expect((await correct('account', 'state=frozen', '--yes')).stdout).toContain('账号状态：正常 → 冻结\n');
    expect(await lastEvent()).toMatchObject({ type: 'AccountStateChanged', data: { state: 'frozen' } });
    expect((await correct('confirmation', 'confirmed=N', 'district=东城区', '--yes')).stderr).toContain('没有这个准考证号');
    expect((await correct('confirmation', 'confirmed=N', 'district=西城区', '--yes')).stderr).toContain('现场确认');
    expect((await correct('confirmation', 'confirmed=N', '--yes')).stdout).toContain('现场确认：已确认 → 未确认\n');
    expect(await lastEvent()).toMatchObject({ type: 'SiteConfirmationWithdrawn' });
    await centre.rows('majors', { code: '01B0101', name: '公共管理', level: '本科', university: '示范大学', state: 'open' });
    expect((await correct('major', 'major=01B0199', 'added_period=2604', '--yes')).stderr).toContain('没有专业 01B0199');
    expect((await correct('major', 'major=01B0101', 'added_period=2604', '--yes')).stdout).toContain('专业 01B0101 added_period：无 → 2604');
    expect((await correct('major', 'major=01B0101', 'state=graduated', '--yes')).stdout).toBe(`专业 01B0101 state：学习中 → 已毕业\n已更正：${ONE}\n`);
    expect((await correct('major', 'major=01B0101', 'state=withdrawn', '--yes')).stdout).toContain('专业 01B0101 state：已毕业 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'MajorWithdrawn' });
  });

  it('`personal-centre correct` corrects a person in what is named, records who has looked, and the pages show it', async () => {
    const corrected = await correct('person', 'name=示范更名', 'household=河北省', '--yes');
    expect([corrected.code, corrected.stdout]).toEqual([0, `考生资料 name：示范考生 → 示范更名\n考生资料 household：北京市 → 河北省\n已更正：${ONE}\n`]);
    expect(await lastEvent()).toMatchObject({ type: 'PersonCorrected', metadata: { by: 'office:shi-1', why: '登分有误' } });
    const { events } = await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] });
    expect(events).toMatchObject([{ data: { candidateIds: [id], what: 'correct person', reason: '登分有误' } }]);
    expect((await correct('person', '--yes')).stderr).toContain('请写明要更正什么');
    expect((await correct('person', 'sex=男', '--yes')).stderr).toContain('与性别、出生日期不符');
    expect((await correct('person', 'district=无此区', '--yes')).stderr).toContain('没有考区 无此区');
    await centre.settled();
    const { text } = await centre.ask('/center/confirmation', { cookie: await centre.signIn(ONE) });
    expect(text).toContain('示范更名');
  });

  it('`personal-centre correct` corrects a declaration and an application, and takes them back', async () => {
    const declared = { id: 'D-1', admission_no: ONE, kind: 'thesis', period: '2026B', major: '01B0101', university: '示范大学', state: 'submitted' };
    await centre.rows('declarations', declared);
    await centre.rows('status_applications', { id: 'S-1', admission_no: ONE, kind: 'transfer_out', state: 'submitted', remark: '旧备注' });
    expect((await correct('declaration', 'id=D-1', 'state=rejected', 'remark=材料不全', '--yes')).stdout).toBe(
      `申报 D-1 state：已申报 → 审核不通过\n申报 D-1 remark：无 → 材料不全\n已更正：${ONE}\n`,
    );
    expect((await correct('declaration', 'id=D-1', 'state=voided', '--yes')).stdout).toContain('申报 D-1：审核不通过 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'DeclarationVoided' });
    expect((await correct('declaration', 'id=D-1', 'state=approved', '--yes')).stderr).toContain('没有这项申报');
    expect((await correct('application', 'id=S-1', 'remark=新备注', '--yes')).stdout).toContain('考籍申请 S-1 remark：〔密封〕 → 新备注');
    expect(await lastEvent()).toMatchObject({ type: 'ApplicationSubmitted' });
    expect((await correct('application', 'id=S-1', 'state=voided', '--yes')).stdout).toContain('考籍申请 S-1：已提交 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'ApplicationVoided' });
  });

  it('`personal-centre correct` corrects a payment and takes a bill back', async () => {
    const bill = { bill_no: '20260000000009', admission_no: ONE, period: '2604', kind: 'enrolment', amount_fen: '3000', items: '00015:3000' };
    await centre.rows('payments', { ...bill, state: 'paid', created_at: '2026-03-01T09:00:00+08:00', paid_at: '2026-03-01T09:05:00+08:00' });
    const payment = (...values: readonly string[]) => correct('payment', 'bill_no=20260000000009', ...values, '--yes');
    expect((await payment('state=cancelled')).stdout).toBe(
      `缴费 20260000000009 state：已缴费 → 已取消\n缴费 20260000000009 paid_at：2026年3月1日 09:05 → 无\n已更正：${ONE}\n`,
    );
    expect((await payment('state=paid')).stderr).toContain('要写明缴费时间');
    expect((await payment('state=voided')).stdout).toContain('已取消 → 无');
    expect(await lastEvent()).toMatchObject({ type: 'BillVoided', metadata: { why: '登分有误' } });
    expect((await payment('state=due')).stderr).toContain('没有这张账单');
  });

  it('`personal-centre correct` takes a registration back, alone, and not while a bill is paid', async () => {
    const OTHER = '119988000002';
    const other = await centre.candidate(OTHER, { id_no: '119900199611020021' });
    const take = (...values: readonly string[]) =>
      personalCentre('correct', 'person', OTHER, 'state=voided', ...values, '--by', 'shi-1', '--reason', '登记有误', '--yes');
    expect((await take('name=更名')).stderr).toContain('不要同时写其他列');
    const bill = { bill_no: '20260000000010', admission_no: OTHER, period: '2604', kind: 'enrolment', amount_fen: '3000', items: '00015:3000' };
    const paid = { ...bill, state: 'paid', created_at: '2026-03-01T09:00:00+08:00', paid_at: '2026-03-01T09:05:00+08:00' };
    await centre.rows('payments', paid);
    expect((await take()).stderr).toContain('请先更正账单');
    await centre.rows('payments', { ...paid, state: 'cancelled', paid_at: '' });
    expect((await take()).stdout).toBe(`考生资料：已登记 → 无\n已更正：${OTHER}\n`);
    expect((await centre.get(EventStore).subject(other)).at(-1)).toMatchObject({ type: 'RegistrationVoided', metadata: { by: 'office:shi-1' } });
    expect((await take()).stderr).toContain('没有这个准考证号');
  });
});
