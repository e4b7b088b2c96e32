import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { hashPassword } from '../../../src/identity/passwords/password-hash.js';
import { ResetProofs } from '../../../src/identity/passwords/reset-proofs.js';
import { Accounts } from '../../../src/identity/sign-in/accounts.js';
import { ReadModelLag } from '../../../src/read-models/projecting/read-model-lag.js';
import { SetPassword } from '../../../src/registrations/passwords/set-password.command.js';
import { StillUpdating } from '../../../src/web/errors/still-updating.js';
import { cookiesOf, TestCentre } from '../../centre.js';

const ONE = '119912345601';
const OTHER = '119912345602';
const PERSON = { id_no: '11990019900101001X', name: '张三' };
const NEW = '四郎探母 坐宫一折';
const UPDATING = '资料正在更新，请稍后再试（大约 30 秒后）';

let centre: TestCentre;
beforeEach(async () => {
  centre = await TestCentre.open(undefined, { TRUST_PROXY: '1' });
  await centre.candidate(ONE, PERSON);
});
afterEach(() => centre.close());

const logIn = (account: string, password: string) => centre.ask('/login', { form: { account, password }, headers: { 'x-forwarded-for': '203.0.113.1' } });
const lagIsKnown = () => centre.get(ReadModelLag).start();

describe.each<[string, () => Promise<void>]>([
  ['is known', lagIsKnown],
  ['is not known yet', async () => undefined],
])('While the candidates’ read model lags, which %s, a person of two admission numbers,', (_, begin) => {
  /** Both numbers are read, and the password of the second is not. */
  async function passwordToCome(): Promise<void> {
    await centre.rows('candidates', { admission_no: OTHER, ...PERSON });
    await centre.stopProjecting();
    await centre.record(new SetPassword(centre.given(), await centre.idOf(OTHER), await hashPassword('battery staple')));
    await begin();
  }

  it('While the candidates’ read model lags, a person of two admission numbers, of whom one password is not read yet, is told so by the citizen number, and not that this password is wrong', async () => {
    await passwordToCome();
    const answer = await logIn(PERSON.id_no, 'battery staple');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '30']);
    expect(answer.text).toContain(UPDATING);
    await centre.goOnProjecting();
    expect((await logIn(PERSON.id_no, 'battery staple')).status).toBe(303);
  });

  it('While the candidates’ read model lags, a person of two admission numbers, enters by the password that is read, and cannot be guessed at without being counted', async () => {
    await passwordToCome();
    expect((await logIn(PERSON.id_no, 'correct horse')).status).toBe(303);
    for (let failure = 0; failure < 4; failure++) expect((await logIn(PERSON.id_no, 'wrong')).status).toBe(503);
    expect((await logIn(PERSON.id_no, 'correct horse')).status).toBe(429);
  });

  it('While the candidates’ read model lags, a person of two admission numbers, of which one is not read yet, is not let in by 北京通 to the other without a choice', async () => {
    await centre.stopProjecting();
    await centre.candidate(OTHER, PERSON);
    await begin();
    await expect(centre.get(Accounts).ofPerson(PERSON.id_no, PERSON.name)).rejects.toThrow(StillUpdating);
    expect((await centre.ask('/login?bjt=updating')).text).toContain(UPDATING);
    await centre.goOnProjecting();
    await centre.get(ReadModelLag).checkWhileUnknown();
    expect((await centre.get(Accounts).ofPerson(PERSON.id_no, PERSON.name)).named).toHaveLength(2);
    expect((await centre.ask('/login?bjt=updating')).text).toContain('请再试一次');
  });

  it('While the candidates’ read model lags, a person of two admission numbers, of which one is not read yet, sets no password and ends no session at the other alone', async () => {
    const cookie = cookiesOf(await logIn(ONE, 'correct horse'));
    await centre.stopProjecting();
    await centre.candidate(OTHER, PERSON, 'battery staple');
    await begin();
    const head = await centre.get(EventStore).head();
    const changed = await centre.ask('/center/account/password', { cookie, form: { old: 'correct horse', password: NEW, again: NEW } });
    expect([changed.status, changed.headers['retry-after'], changed.text.includes(UPDATING)]).toEqual([503, '30', true]);
    const ended = await centre.ask('/center/account/sessions', { cookie, form: { session: 'others' } });
    expect([ended.status, ended.text.includes('资料正在更新')]).toEqual([503, true]);
    expect(await centre.get(EventStore).head()).toBe(head);
    await centre.goOnProjecting();
    await centre.ask('/center/account/password', { cookie, form: { old: 'correct horse', password: NEW, again: NEW } });
    await centre.settled();
    expect((await logIn(OTHER, NEW)).status).toBe(303);
  });
});

describe('While the candidates are folded anew,', () => {
  it('While the candidates are folded anew, a new password after 北京通 is not set without being held against its owner’s name', async () => {
    const id = await centre.idOf(ONE);
    const session = cookiesOf(await logIn(ONE, 'correct horse'));
    const proof = await proofFor(id, session);
    const account = centre.get(Accounts).account;
    centre.get(Accounts).account = async () => undefined;
    await centre.stopProjecting();
    await centre.rows('candidates', { admission_no: OTHER, ...PERSON });
    const form = { password: `${PERSON.name}${ONE}`, again: `${PERSON.name}${ONE}` };
    const answer = await centre.ask('/login/reset', { cookie: `${session}; ${proof}`, form });
    centre.get(Accounts).account = account;
    expect([answer.status, answer.text.includes('资料正在更新')]).toEqual([503, true]);
    const held = await centre.ask('/login/reset', { cookie: `${session}; ${proof}`, form });
    expect(held.text).toContain('很容易被猜到');
  });

  it('While the candidates are folded anew, somebody with a password is not told that there is none', async () => {
    const cookie = cookiesOf(await logIn(ONE, 'correct horse'));
    const account = centre.get(Accounts).account;
    await centre.stopProjecting();
    await centre.rows('candidates', { admission_no: OTHER, ...PERSON });
    centre.get(Accounts).account = async () => undefined;
    const answer = await centre.ask('/center/account/password', { cookie, form: { old: 'correct horse', password: NEW, again: NEW } });
    centre.get(Accounts).account = account;
    expect([answer.status, answer.text.includes('还没有密码'), answer.text.includes('资料正在更新')]).toEqual([503, false, true]);
  });

  /** The cookie that is given after 北京通. */
  async function proofFor(id: string, session: string): Promise<string> {
    let cookie = '';
    const reply = { setCookie: (name: string, value: string) => (cookie = `${name}=${value}`) };
    const { sid } = JSON.parse(Buffer.from(session.split('session=')[1]?.split('.')[1] ?? '', 'base64url').toString());
    centre.get(ResetProofs).begin(reply, id, sid);
    return cookie;
  }
});

describe('A part of a page that htmx asks for', () => {
  const banner = (cookie: string) => async (url: string) => {
    const { $ } = await centre.part(url, cookie);
    return [$('#updating').attr('hx-swap-oob'), $('#updating').attr('hidden') === undefined, $('#updating').text().includes('这一页可能还缺少内容')];
  };
  const PARTS = ['/center/courses?code=0', '/center/majors?code=0', '/center/results?tab=all', '/center/declarations?tab=thesis'];

  it('A part of a page that htmx asks for says that something may be missing while what it shows lags, and takes that back afterwards', async () => {
    const cookie = cookiesOf(await logIn(ONE, 'correct horse'));
    await centre.settled();
    const told = banner(cookie);
    await lagIsKnown();
    for (const url of PARTS) expect([url, await told(url)]).toEqual([url, ['true', false, false]]);
    const page = await centre.ask('/center/courses', { cookie });
    expect([page.$('#updating').length, page.$('#updating').attr('hidden')]).toEqual([1, 'hidden']);
    await centre.get(ReadModelLag).stop();
  });

  it('A part of a page that htmx asks for says so while everything is read for the first time', async () => {
    const cookie = cookiesOf(await logIn(ONE, 'correct horse'));
    await centre.settled();
    await centre.stopProjecting();
    await centre.rows('candidates', { admission_no: OTHER, ...PERSON });
    await lagIsKnown();
    const told = banner(cookie);
    for (const url of PARTS) expect([url, await told(url)]).toEqual([url, ['true', true, true]]);
  });
});
