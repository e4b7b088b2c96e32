import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';
import { OfficeBrowser } from '../office-browser.js';

const OWN = '119912345001';
const OTHER = '119912345002';
const NEW = '洪羊洞 为国家哪何曾半日闲空';

let centre: TestCentre;
let officer: OfficeBrowser;
let ids: readonly string[];
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.rows(
    'districts',
    ...['西城区', '东城区'].map((name) => ({ name, office: `${name}自考办`, place: '一层', address: '北京市', phone: '010-00000000' })),
  );
  ids = [await centre.candidate(OWN, { name: '林晓禾' }), await centre.candidate(OTHER, { district: '东城区', name: '林晓禾' })];
  officer = await OfficeBrowser.signedIn(centre, 'xicheng-1', 'district', ['西城区']);
});
afterAll(() => centre.close());

const issue = (admissionNo: string, reason = '忘记密码，已核对身份证') => officer.post('/office/reset-code', { admissionNo, reason });
const issued = async (id: string | undefined) => (await centre.get(EventStore).subject(String(id))).filter(({ type }) => type === 'ResetCodeIssued');

describe('A district officer', () => {
  it('A district officer hands out a code once, with a reason, by which the candidate sets a new password', async () => {
    const { status, $ } = await issue('1199 1234 5001');
    expect(status).toBe(200);
    const code = $('.codes').text();
    const [event] = await issued(ids[0]);
    expect(event?.metadata).toMatchObject({ by: 'office:xicheng-1', origin: 'office', why: '忘记密码，已核对身份证' });
    expect(JSON.stringify(event)).not.toContain(code);
    expect((await officer.get('/office/reset-code')).text).not.toContain(code);
    const reset = await centre.ask('/login/reset', { form: { account: OWN, code, password: NEW, again: NEW } });
    expect([reset.status, reset.headers.location]).toEqual([303, expect.stringMatching(/^\/login\/reset\?done=./)]);
  });

  it('A district officer is told the same of another district’s candidate as of a number that nobody has', async () => {
    const [other, nobody] = [await issue(OTHER), await issue('119900000000')];
    const said = ({ status, $ }: typeof other) => [status, $('[role=alert]').text()];
    expect(said(other)).toEqual([422, '本区没有这个准考证号的考生。']);
    expect(said(nobody)).toEqual(said(other));
    expect(said(await issue(OTHER, '林晓禾忘记密码'))).toEqual(said(other));
    expect(await issued(ids[1])).toEqual([]);
  });

  it.each([
    [['12345'], '12 位数字'],
    [[OWN, ''], '原因应填写'],
    [[OWN, `考生 ${OWN}`], '不要写考生的姓名'],
    [[OWN, `考生 ${OWN.replace(/(....)/g, '$1 ')}`], '不要写考生的姓名'],
    [[OWN, '林晓禾忘记密码'], '原因中写了考生的姓名，请去掉'],
  ])('A district officer hands out none with %j', async ([admissionNo = '', reason], says) => {
    const { status, text } = await issue(admissionNo, reason);
    expect([status, text]).toEqual([422, expect.stringContaining(says)]);
  });

  it('A district officer is asked for the factor again where it was proved more than five minutes ago', async () => {
    officer.pass(5 * 60);
    expect((await issue(OWN)).headers.location).toBe('/office/factor?to=%2Foffice%2Freset-code');
    await officer.prove();
    expect((await officer.get('/office/reset-code')).status).toBe(200);
  });
});
