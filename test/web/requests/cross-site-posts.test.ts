import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cookiesOf, TestCentre } from '../../centre.js';

const ACCOUNT = '119912345678';
const PUBLIC = 'https://centre.example';
let plain: TestCentre;
let secure: TestCentre;
beforeAll(async () => {
  const environment = { SESSION_SECRET: 's'.repeat(32) };
  plain = await TestCentre.open(undefined, environment);
  secure = await TestCentre.open(undefined, { ...environment, PUBLIC_URL: PUBLIC });
  for (const centre of [plain, secure]) await centre.candidate(ACCOUNT);
});
afterAll(() => Promise.all([plain.close(), secure.close()]));

const post = (centre: TestCentre, headers: Readonly<Record<string, string>>, url = '/login') =>
  centre.application.inject({
    method: 'POST',
    url,
    headers: { host: 'inner.example:3000', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams({ account: ACCOUNT, password: 'correct horse' }).toString(),
  });

describe('A form from a browser that sends neither Origin nor Sec-Fetch-Site', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['no page', {}],
    ['an empty page', { referer: '' }],
    ['a page of another site', { referer: 'https://elsewhere.example/login' }],
    ['our name within another', { referer: 'https://inner.example:3000.elsewhere.example/login' }],
    ['our name as a user', { referer: 'https://centre.example@elsewhere.example/' }],
    ['what is no address', { referer: '/login' }],
    ['an app', { referer: 'android-app://com.example/' }],
  ])('A form from a browser that sends neither Origin nor Sec-Fetch-Site is refused where it names %s', async (_, headers) => {
    for (const centre of [plain, secure]) {
      for (const url of ['/login', '/logout', '/center/session', '/login/reset']) {
        const answer = await post(centre, headers, url);
        expect([url, answer.statusCode, answer.body.includes('这个请求被拒绝了')]).toEqual([url, 403, true]);
      }
    }
  });

  it('A form from a browser that sends neither Origin nor Sec-Fetch-Site is accepted where it names a page of the centre, by the public address or by the requested host', async () => {
    expect((await post(plain, { referer: 'http://inner.example:3000/login?to=%2Fcenter' })).statusCode).toBe(303);
    expect((await post(secure, { referer: `${PUBLIC}/login` })).statusCode).toBe(303);
    expect((await post(secure, { referer: 'http://inner.example:3000/login' })).statusCode).toBe(303);
  });

  it('A form from a browser that sends neither Origin nor Sec-Fetch-Site needs no Referer where one of the two headers is present', async () => {
    expect((await post(plain, { origin: 'http://inner.example:3000' })).statusCode).toBe(303);
    expect((await post(plain, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(303);
    expect((await post(plain, { origin: 'null', referer: 'http://inner.example:3000/login' })).statusCode).toBe(403);
  });

  it('A form from a browser that sends neither Origin nor Sec-Fetch-Site is accepted from the payment platform, where the signature counts or nothing is changed', async () => {
    expect((await post(plain, {}, '/payments/notify')).statusCode).toBe(400);
    expect((await post(plain, {}, '/payments/return/')).statusCode).toBe(303);
  });
});

describe('Behind https', () => {
  it('Behind https each cookie is Secure, when it is set and when it is deleted', async () => {
    const entered = await secure.ask('/login', { form: { account: ACCOUNT, password: 'correct horse' } });
    const cookie = cookiesOf(entered);
    const answers = [
      entered,
      await secure.ask('/center/account/sessions', { cookie, form: { session: 'others' } }),
      await secure.ask('/login/choice', { cookie, form: { choice: '1' } }),
      await secure.ask('/center/account', { cookie: `${cookie}; seen=zz` }),
      await secure.ask('/logout', { cookie, form: {} }),
      await secure.ask('/center', { cookie: '__Host-session=forged' }),
    ];
    const set = answers.flatMap(({ headers }) => [headers['set-cookie'] ?? []].flat().map(String));
    const names = new Set(set.map((each) => each.split('=')[0]));
    expect([...names].toSorted()).toEqual(['__Host-session', '__Secure-choice-password', '__Secure-known', 'seen']);
    expect(set.filter((each) => !each.includes('; Secure'))).toEqual([]);
    expect(String(entered.headers['set-cookie'])).toMatch(/__Host-session=ey[^;]*; [^,]*Path=\/;/);
  });

  it('Behind https the session cookie of plain http is not accepted', async () => {
    const token = cookiesOf(await secure.ask('/login', { form: { account: ACCOUNT, password: 'correct horse' } })).replace('__Host-session=', '');
    expect((await secure.ask('/center/account', { cookie: `session=${token}` })).status).toBe(303);
  });
});

it('A request that names its host twice is refused, whether the two are the same or not', async () => {
  const port = Number(new URL(await plain.listen()).port);
  for (const [one, other] of [
    ['127.0.0.1', 'evil.example'],
    ['127.0.0.1', '127.0.0.1'],
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /help HTTP/1.1\r\nHost: ${one}\r\nhost: ${other}\r\nConnection: close\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
  }
});
