import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, cookiesOf, TestCentre } from '../../centre.js';
import { tampered } from '../../tampered.js';

const TWICE = '119900198805050014';

let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  id = await centre.candidate('119912345678', { id_no: '11990019900101001X', name: '张三' });
  await centre.candidate('119912345601', { id_no: TWICE, registered_period: '1604' });
  await centre.candidate('119912345602', { id_no: TWICE });
  await centre.rows('majors', { code: 'A020205', name: '人力资源管理', level: '专科', state: 'open', university: '中国人民大学' });
  await centre.rows('candidate_majors', { admission_no: '119912345601', major: 'A020205', state: 'graduated', added_period: '1604' });
});
afterAll(() => centre.close());

beforeEach(() => {
  // so that no test waits for the failures of another: those of an hour ago are forgotten
  centre.clock.time = new Date(centre.clock.time.getTime() + 3_600_000);
});

const logIn = (account: string, password = 'correct horse', more: Readonly<Record<string, string>> = {}) =>
  centre.ask('/login', { form: { account, password, ...more } });

describe('A citizen number with two admission numbers', () => {
  /** The cookie of a browser that is to choose. */
  const choosing = ({ headers }: Answer) => String(headers['set-cookie']).split(';')[0] as string;

  it('A citizen number with two admission numbers leads to a choice, which is entered without the password again', async () => {
    const answer = await logIn(TWICE, 'correct horse', { to: '/center/account' });
    expect(answer.status).toBe(200);
    expect(String(answer.headers['set-cookie'])).toMatch(/^choice-password=[^,]*,known=[^,]*$/);
    const choices = answer.$('button[name=choice]').toArray();
    expect(choices).toHaveLength(2);
    expect(answer.$('button[name=choice] small').text()).toContain('人力资源管理（专科） · 已毕业');
    expect(answer.text).toContain('119912345601');
    expect(answer.text).toContain('119912345602');
    const choice = choices.map((each) => answer.$(each)).find((each) => each.text().includes('119912345602'));
    const form = { choice: String(choice?.attr('value')), to: String(answer.$('input[name=to]').val()) };
    const cookie = choosing(answer);
    const entered = await centre.ask(String(answer.$('form').attr('action')), { cookie, form });
    expect([entered.status, entered.headers.location]).toEqual([303, '/center/account']);
    expect((await centre.ask('/center/account', { cookie: cookiesOf(entered) })).text).toContain('119912345602');
    expect((await centre.ask('/login/choice', { cookie, form })).status).toBe(422);
  });

  it('A citizen number with two admission numbers is entered by either admission number directly', async () => {
    expect((await logIn('119912345601')).status).toBe(303);
    expect((await logIn('119912345602')).status).toBe(303);
  });

  it('A choice between admission numbers is good for five minutes, in the browser that has shown the password, and of the numbers that were offered', async () => {
    const choose = (choice: string, cookie?: string) => centre.ask('/login/choice', { form: { choice }, ...(cookie && { cookie }) });
    const answer = await logIn(TWICE);
    const choice = String(answer.$('button[name=choice]').first().attr('value'));
    const session = cookiesOf(await logIn('119912345678'));
    const forged = [tampered(choosing(answer)), session.replace('session=', 'choice-password='), 'choice-password=', undefined];
    for (const cookie of forged) expect((await choose(choice, cookie)).status).toBe(422);
    expect((await choose(choice, session)).headers.location).toBe('/center');
    for (const other of ['', 'x', id]) expect((await choose(other, choosing(await logIn(TWICE)))).status).toBe(422);
    centre.clock.time = new Date(centre.clock.time.getTime() + 300_000);
    expect((await choose(choice, choosing(answer))).status).toBe(422);
  });

  it('A choice between admission numbers is no session', async () => {
    const cookie = choosing(await logIn(TWICE));
    expect((await centre.ask('/center/account', { cookie })).status).toBe(303);
    expect((await centre.ask('/center/account', { cookie: cookie.replace('choice-password=', 'session=') })).status).toBe(303);
  });
});

describe('The address asked for', () => {
  it('The address asked for is kept across login', async () => {
    const asked = await centre.ask('/center/account?tab=a&code=1');
    expect([asked.status, asked.headers.location]).toEqual([303, `/login?${new URLSearchParams({ to: '/center/account?tab=a&code=1' })}`]);
    const page = await centre.ask(String(asked.headers.location));
    expect(page.$('input[name=to]').val()).toBe('/center/account?tab=a&code=1');
    const answer = await logIn('119912345678', 'correct horse', { to: String(page.$('input[name=to]').val()) });
    expect(answer.headers.location).toBe('/center/account?tab=a&code=1');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/center/../../evil', 'javascript:alert(1)'])(
    'The address asked for never leads elsewhere: %s',
    async (to) => {
      const page = await centre.ask(`/login?to=${encodeURIComponent(to)}`);
      expect(page.status).toBe(200);
      expect(page.body).not.toContain('evil');
      expect((await logIn('119912345678', 'correct horse', { to })).headers.location).toBe('/center');
      const cookie = cookiesOf(await logIn('119912345678'));
      expect((await centre.ask(`/login?to=${encodeURIComponent(to)}`, { cookie })).headers.location).toBe('/center');
    },
  );

  it('The address asked for is gone to at once by who is signed in already', async () => {
    const cookie = await centre.signIn('119912345678');
    expect((await centre.ask('/login', { cookie })).headers.location).toBe('/center');
    expect((await centre.ask('/login?to=%2Fcenter%2Faccount', { cookie })).headers.location).toBe('/center/account');
  });
});
