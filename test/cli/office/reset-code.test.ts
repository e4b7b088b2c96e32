import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';
import { addOfficer } from '../../office/office-browser.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const ACCOUNT = '119988000001';
const WHY = '忘记密码，已核对身份证';
const NEW = '四郎探母 坐宫一折';
let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // the command line has the machine's own clock
  await centre.rows(
    'districts',
    ...['西城区', '东城区'].map((name) => ({ name, office: `${name}自考办`, place: '一层', address: '北京市', phone: '010-00000000' })),
  );
  id = await centre.candidate(ACCOUNT, { name: '赵明远' });
  await addOfficer(centre, 'xicheng', ['district'], ['西城区']);
  await addOfficer(centre, 'dongcheng', ['district'], ['东城区']);
  await addOfficer(centre, 'caiwu', ['finance']);
});
afterAll(() => centre.close());

const environment = () => ({ NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });
const resetCode = (...args: readonly string[]) => told(['reset-code', ...args, ...(args.includes('--reason') ? [] : ['--reason', WHY])], environment());

describe('`personal-centre reset-code`', () => {
  it('`personal-centre reset-code` prints a code beside a running centre that sets a new password there, and keeps who handed it out', async () => {
    const first = await resetCode('1199 8800 0001', '--by', 'xicheng', '--json');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(jsonOf(first)).toMatchObject({ code: expect.any(String), until: expect.stringMatching(/\+08:00$/) });
    const printed = await resetCode('1199 8800 0001', '--by', 'xicheng');
    const [, code = ''] = /^重设码：(.*)$/m.exec(printed.stdout) ?? [];
    expect(code).toMatch(/^[3-9A-Y]{5}-[3-9A-Y]{5}$/);
    const issued = (await centre.get(EventStore).subject(id)).find(({ type }) => type === 'ResetCodeIssued');
    expect(issued?.metadata).toMatchObject({ by: 'office:xicheng', origin: 'office', why: WHY });
    const answer = await centre.ask('/login/reset', { form: { account: ACCOUNT, code, password: NEW, again: NEW } });
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/login\/reset\?done=./)]);
    expect((await centre.ask('/login', { form: { account: ACCOUNT, password: NEW } })).status).toBe(303);
  });

  it('`personal-centre reset-code` gives no code without a reason', async () => {
    const { code, stdout, stderr } = await told(['reset-code', ACCOUNT, '--by', 'xicheng'], environment());
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('--reason')]);
  });

  it.each([
    [['119900000000', '--by', 'xicheng'], 1, '没有这个准考证号'],
    [[ACCOUNT, '--by', 'dongcheng'], 1, '没有这个准考证号'],
    [[ACCOUNT, '--by', 'caiwu'], 1, '账号 caiwu（财务）不能给本区核对过身份的考生发放'],
    [[ACCOUNT, '--by', 'xichen'], 1, '没有在用的账号 xichen；相近的有：xicheng'],
    [[ACCOUNT], 2, '请写明 --by'],
    [['12345', '--by', 'xicheng'], 2, '应为 12 位数字的准考证号'],
    [[ACCOUNT, '--by', '张三'], 2, '--by 应为办理人的账号'],
    [[ACCOUNT, '--by', 'xicheng', '--reason', ' '], 2, '--reason 应填写'],
    [[ACCOUNT, '--by', 'xicheng', '--reason', '考生 1199-8800-0001'], 2, '--reason 中不要写考生的姓名'],
    [[ACCOUNT, '--by', 'xicheng', '--reason', '赵 明远来访'], 2, '--reason 中写了考生的姓名'],
    [[ACCOUNT, '--by', 'dongcheng', '--reason', '赵明远来访'], 1, '没有这个准考证号'],
  ])('`personal-centre reset-code` %j is refused in words', async (args, exit, message) => {
    const { code, stderr } = await resetCode(...args);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(message)]);
  });
});
