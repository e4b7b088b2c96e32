import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { log } from '../../../src/kernel/log.js';
import { Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { logLines } from '../../log-lines.js';
import { foundIn } from '../../privacy/files.js';
import { until } from '../../until.js';

const ACCOUNT = '010104100001';
const SECRETS = {
  admissionNo: ACCOUNT,
  idNo: '110101199003074258',
  name: '欧阳示范',
  password: 'a secret of mine',
  phone: '13900139001',
};

/** One secret for both: a process knows but one way to examine sessions. */
const SETTINGS = { LOG_LEVEL: 'trace', SESSION_SECRET: 's'.repeat(32) };

/** The head of a form that waits until it is asked for. */
const POST_LOGIN = (length: number) =>
  `POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`;

const lines = logLines();
/** What was logged of requests since the test began. */
const requestLines = () => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');

let centre: TestCentre;
let behindProxy: TestCentre;
let id = '';
let address = '';
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', SETTINGS);
  behindProxy = await TestCentre.open('2026-11-22T02:00:00.000Z', { ...SETTINGS, TRUST_PROXY: '1' });
  id = await centre.candidate(ACCOUNT, { name: SECRETS.name, id_no: SECRETS.idNo }, SECRETS.password);
  address = await centre.listen();
});
beforeEach(() => {
  lines.length = 0;
});
afterAll(async () => {
  await centre.close();
  await behindProxy.close();
});

describe('A request', () => {
  it('A request is logged in one line: its id, method, route, status and time', async () => {
    const cookie = await centre.signIn(ACCOUNT, SECRETS.password);
    lines.length = 0;
    const { headers } = await centre.ask('/center/bills/20269999999999?from=home', { cookie });
    expect(requestLines()).toEqual([
      {
        level: 30,
        time: expect.any(String),
        pid: process.pid,
        msg: 'request',
        request: headers['x-request-id'],
        method: 'GET',
        route: '/center/bills/:no',
        status: 404,
        ms: expect.any(Number),
      },
    ]);
  });

  it('A request without a route, or with a malformed address, is logged without its address', async () => {
    expect((await centre.ask(`/${ACCOUNT}`)).status).toBe(404);
    const { status, headers } = await centre.ask(`/%zz${ACCOUNT}`);
    expect(requestLines()).toMatchObject([
      { method: 'GET', route: null, status: 404 },
      { request: headers['x-request-id'], method: 'GET', route: null, status },
    ]);
    expect(status).toBe(400);
    expect(lines.join('')).not.toContain(ACCOUNT);
  });

  it('A request of a health check is logged at level debug only', async () => {
    await centre.ask('/health/live');
    await centre.ask('/health/ready');
    expect(requestLines().map(({ level, route }) => [level, route])).toEqual([
      [20, '/health/live'],
      [20, '/health/ready'],
    ]);
    lines.length = 0;
    log.level = 'info';
    await centre.ask('/health/live');
    await centre.ask('/help');
    log.level = 'trace';
    expect(requestLines()).toMatchObject([{ route: '/help' }]);
  });

  it('A request whose client has gone is logged with status 499', async () => {
    const { port, hostname } = new URL(address);
    const socket = connect(Number(port), hostname);
    socket.write(POST_LOGIN(100));
    await new Promise((resolve) => socket.once('data', resolve)); // 100 Continue: it waits for the form
    socket.destroy();
    const [line] = await until('the request to be logged', () => (requestLines().length > 0 ? requestLines() : undefined));
    expect(line).toMatchObject({ level: 30, method: 'POST', route: '/login', status: 499 });
  });
});

describe('The id of a request', () => {
  const GIVEN = ['5f3c2a9e-7d41-4f0b-9a55-1c2d3e4f5a6b', '00000000000000001234567890123456', 'edge-7.abc_DEF'];
  const REFUSED = [ACCOUNT, SECRETS.idNo, `x-${SECRETS.phone}`, '欧阳', 'a b', 'x'.repeat(65), '{"a":1}', ''];

  it.each(GIVEN)('The id of a request is taken over from the proxy: %s', async (given) => {
    const { headers } = await behindProxy.ask('/help', { headers: { 'x-request-id': given } });
    expect(headers['x-request-id']).toBe(given);
    expect(requestLines()).toMatchObject([{ request: given, route: '/help' }]);
  });

  it.each(REFUSED)('The id of a request is never taken over when it is %j', async (given) => {
    const { headers } = await behindProxy.ask('/help', {
      headers: { 'x-request-id': encodeURIComponent(given) === given ? given : Buffer.from(given).toString('latin1') },
    });
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(requestLines()).toMatchObject([{ request: headers['x-request-id'] }]);
  });

  it('The id of a request is never taken over where no proxy is trusted', async () => {
    const { headers } = await centre.ask('/help', { headers: { 'x-request-id': GIVEN[0] ?? '' } });
    expect(headers['x-request-id']).not.toBe(GIVEN[0]);
  });

  it('The id of a request is in every line that is logged meanwhile, also after a form was read and by code that knows nothing of requests', async () => {
    const safe = centre.get(Vault).safe;
    centre.get(Vault).safe = function logging(this: Vault, ...given) {
      log.warn({}, 'heard on the way');
      return safe.apply(this, given);
    };
    const { port, hostname } = new URL(address);
    const form = new URLSearchParams({ account: ACCOUNT, password: SECRETS.password }).toString();
    const socket = connect(Number(port), hostname);
    const said: Promise<string>[] = [];
    for (let time = 0; time < 2; time++) {
      // its form comes later than itself, and the next by the same connection
      socket.write(POST_LOGIN(form.length));
      await once(socket, 'data');
      said.push(once(socket, 'data').then(([data]) => String(data)));
      socket.write(form);
      await said[time];
    }
    socket.destroy();
    const entered = await Promise.all(said);
    const cookie = /set-cookie: (session=[^;]*)/.exec(entered[0] ?? '')?.[1] ?? '';
    const page = await fetch(`${address}/center/profile`, { headers: { cookie } });
    centre.get(Vault).safe = safe;
    const heard = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'heard on the way');
    const ids = [...entered.map((answer) => /x-request-id: (\S+)/.exec(answer)?.[1]), page.headers.get('x-request-id')];
    expect(new Set(heard.map(({ request }) => request))).toEqual(new Set(ids));
    expect(new Set(ids).size).toBe(3);
  });
});

it('No log line contains what a visitor has typed or who it is, whatever the page and the outcome', async () => {
  const cookie = await centre.signIn(ACCOUNT, SECRETS.password);
  const safe = centre.get(Vault).safe;
  for (const value of Object.values(SECRETS)) {
    const text = encodeURIComponent(value);
    for (const path of ['/login', '/login/choice', '/logout', '/center/session', '/center', `/${text}`])
      await centre.ask(`${path}?to=${text}`, { form: { account: value, password: value, choice: value, to: `/${value}`, [value]: value } });
    for (const path of [
      '/login',
      '/help',
      '/center',
      '/center/majors',
      '/center/courses',
      '/center/results',
      `/center/bills/${text}`,
      `/center/notices/${text}`,
      `/${text}/%zz`,
    ])
      for (const query of [`?code=${text}`, `?tab=${text}`, `?to=${text}`, `?${text}`])
        await centre.ask(`${path}${query}`, { cookie, headers: { referer: `http://x/${text}`, 'user-agent': text, 'x-forwarded-for': text } });
    await centre.application.inject({
      method: 'POST',
      url: `/login?x=${text}`,
      headers: { 'content-type': 'application/json' },
      payload: `{"account":"${value}",`,
    });
    await centre.application.inject({
      method: 'POST',
      url: `/login?x=${text}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: value.repeat(20_000),
    });
    // and when it fails with an error that says it
    centre.get(Vault).safe = () =>
      Promise.reject(Object.assign(new Error('no key can be read', { cause: new Error('the disk') }), { typed: value, given: { value } }));
    expect((await centre.ask(`/center/profile?x=${text}`, { cookie })).status).toBe(500);
    centre.get(Vault).safe = safe;
    log.warn(`Reply was already sent, did you forget to "return reply" in the "/center/bills/${text}?x=${value}" (GET) route?`);
    log.warn({ err: new Error(`Reply was already sent in "/${value}" (GET)?`) });
  }
  expect(requestLines().length).toBeGreaterThan(200);
  expect(lines.filter((line) => line.includes('a request failed')).length).toBe(5);
  expect(lines.join('')).toContain('the disk');
  const session = cookie.split('.').at(-1) ?? '';
  expect(foundIn(centre.folder, lines, { ...SECRETS, id, session }).filter((place) => place.includes('line of the log'))).toEqual([]);
});
