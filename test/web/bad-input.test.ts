import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { EventStore } from '../../src/event-store/event-store.js';
import { TestCentre } from '../centre.js';

const ACCOUNT = '119912345651';
const OTHER = '119912345652';
const UNCONFIRMED = '119912345653';
const OTHERS_BILL = '20261120000009';

let centre: TestCentre;
let cookie: string;
let limited: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  await centre.candidate(ACCOUNT);
  await centre.candidate(OTHER, { name: '另一位考生' });
  await centre.candidate(UNCONFIRMED, { confirmed: 'N' });
  await centre.rows('payments', {
    bill_no: OTHERS_BILL,
    admission_no: OTHER,
    kind: 'enrolment',
    period: '2704',
    state: 'due',
    amount_fen: '3000',
    items: '03708:3000',
    created_at: '2026-11-20T20:12:00+08:00',
  });
  cookie = await centre.signIn(ACCOUNT);
  limited = await centre.signIn(UNCONFIRMED);
  await centre.application.listen(0, '127.0.0.1');
});
afterAll(() => centre.close());

let before: string;
beforeEach(async () => {
  before = await centre.get(EventStore).head();
});

/** Any request; what every answer must hold is checked of each. */
async function send(options: InjectOptions): Promise<Sent> {
  const answer = await centre.application.inject({ ...options, headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...options.headers } });
  return harmless({ statusCode: answer.statusCode, headers: answer.headers, body: answer.body });
}

/** The same over the wire, where nothing tidies the address up before it is sent. */
async function sendAsItIs(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<Sent> {
  const { port } = centre.application.getHttpServer().address() as { port: number };
  const asking = request({ host: '127.0.0.1', port, method, path, headers: { accept: 'text/html', 'content-length': Buffer.byteLength(body), ...headers } });
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return harmless({ statusCode: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) });
}

interface Sent {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: string;
}

async function harmless(answer: Sent): Promise<Sent> {
  expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.body.slice(0, 10_000)).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules|Error:|FST_ERR|sqlite/i);
  expect(answer.body).not.toContain('另一位考生');
  expect(answer.body).not.toContain(OTHER);
  expect(await centre.get(EventStore).head()).toBe(before);
  return answer;
}

/** An error is a page of ours, in words. */
async function refused(status: number, words: string, options: InjectOptions) {
  const answer = await send(options);
  expect(answer.statusCode).toBe(status);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toContain(words);
  expect(answer.body).toContain('<html lang="zh-CN">');
  return answer;
}

const form = (payload: string | Buffer, type = 'application/x-www-form-urlencoded'): InjectOptions => ({
  method: 'POST',
  url: '/login',
  payload,
  headers: { 'content-type': type },
});

describe('an unknown address', () => {
  it.each([
    '/nothing',
    '/center/nothing',
    '/center/bills/1/2',
    '/.env',
    '/office',
    '/api/v1/nothing',
    '/assets/nothing.js',
    '/center/%00',
    '/center/notices/%00',
    '//center',
    '/center/./bills/x',
  ])('%s is not found, whoever asks', async (url) => {
    for (const who of ['', cookie, limited]) await refusedOrLed(url, who);
  });

  async function refusedOrLed(url: string, who: string) {
    const answer = await send({ url, headers: { cookie: who } });
    // what stands behind the session is found out only by those who have one
    if (answer.statusCode === 303) expect(['/login', '/center/confirmation']).toContain(String(answer.headers.location).split('?')[0]);
    else {
      expect(answer.statusCode).toBe(404);
      expect(answer.body).toContain('没有这个页面');
    }
  }

  it.each([
    '/center/bills/__proto__',
    '/center/bills/constructor',
    '/center/notices/__proto__',
    '/center/notices/constructor',
    '/center/notices/hasOwnProperty',
    `/center/bills/${OTHERS_BILL}`,
  ])('%s is not found either', (url) => refused(404, '没有这个页面', { url, headers: { cookie } }));

  it('of a method that the page does not have is refused', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST'] as const) {
      const answer = await send({ method, url: '/center/bills', headers: { cookie } });
      expect([404, 405]).toContain(answer.statusCode);
      expect(answer.body).toContain('<html lang="zh-CN">');
    }
  });

  it('is answered to HEAD as to GET', async () => {
    for (const [url, status] of [
      ['/help', 200],
      ['/center/bills', 200],
      ['/center/bills/1', 404],
      ['/nothing', 404],
    ] as const) {
      const answer = await send({ method: 'HEAD', url, headers: { cookie } });
      expect([url, answer.statusCode]).toEqual([url, status]);
      if (status === 200) expect(answer.body).toBe('');
    }
  });
});

describe('an address that cannot be read', () => {
  it.each(['/%', '/%zz', '/center/bills/%E4%BD', '/center/%c0%ae%c0%ae'])('%s is said to be so', async (url) => {
    await refused(400, '这个请求看不懂', { url });
    await refused(400, '这个请求看不懂', { url, headers: { cookie } });
  });

  it('is too long for what is asked for', async () => {
    await refused(414, '地址太长', { url: `/center/notices/${'x'.repeat(5_000)}`, headers: { cookie } });
  });

  it.each([
    '?code=%',
    '?code=%E4%BD',
    '?tab=%zz',
    '?%=%',
    '?tab=a&tab=b',
    '?code=a&code=b',
    '?code[]=a',
    '?__proto__=a',
    '?constructor[prototype]=a',
    '?tab=__proto__',
    '?code=%00',
  ])('has a query that says nothing: %s', async (query) => {
    for (const path of ['majors', 'courses', 'results', 'declarations', 'bills', 'status']) {
      const { statusCode } = await send({ url: `/center/${path}${query}`, headers: { cookie } });
      expect([200, 422]).toContain(statusCode);
    }
  });

  it.each(['majors', 'courses'])('searches %s for HTML as for any text, and for nothing that is too long', async (path) => {
    const html = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
    const answer = await send({ url: `/center/${path}?code=${encodeURIComponent(html)}`, headers: { cookie } });
    expect(answer.body).not.toMatch(/<script>alert|<img src=x/);
    const long = await send({ url: `/center/${path}?code=${'%E8%AF%BE'.repeat(1_100)}`, headers: { cookie } });
    expect([long.statusCode, long.body.includes('搜索内容太长')]).toEqual([422, true]);
    expect((await send({ url: `/center/${path}?code=${'x'.repeat(10_240)}`, headers: { cookie } })).statusCode).toBe(422);
  });
});

describe('a form', () => {
  it('that is too large is refused', () => refused(413, '提交的内容太大', form(`account=${'1'.repeat(70_000)}`)));

  it.each(['application/xml', 'multipart/form-data; boundary=x', 'text/plain', 'nonsense', 'application/octet-stream'])('of the type %s is refused', (type) =>
    refused(415, '提交的格式不对', form('account=1&password=1', type)),
  );

  it('without a type is refused', async () => {
    const { statusCode } = await send({ method: 'POST', url: '/login', payload: 'account=1', headers: { 'content-type': '' } });
    expect([400, 415, 422]).toContain(statusCode);
  });

  it.each([
    ['JSON that is no JSON', '{"account":', 'application/json', 400],
    ['JSON of another shape', '[1,2]', 'application/json', 422],
    ['JSON null', 'null', 'application/json', 422],
    ['JSON with a prototype', '{"__proto__":{"account":"1"}}', 'application/json', 400],
    ['broken percent-encoding', 'account=%E4%BD%zz&password=%', 'application/x-www-form-urlencoded', 422],
    ['nothing', '', 'application/x-www-form-urlencoded', 422],
    ['fields twice', `account=${ACCOUNT}&account=${OTHER}&password=correct+horse&password=x`, 'application/x-www-form-urlencoded', 422],
    ['fields as lists', 'account[]=1&password[]=2', 'application/x-www-form-urlencoded', 422],
    ['fields as objects', '{"account":{"a":1},"password":{"$ne":""}}', 'application/json', 422],
    ['NUL bytes', `account=${ACCOUNT}%00&password=%00correct+horse`, 'application/x-www-form-urlencoded', 422],
    ['half of a character', 'account=%ED%A0%80&password=%ED%A0%80', 'application/x-www-form-urlencoded', 422],
    ['10 kB in a field', `account=${'1'.repeat(10_240)}&password=${'x'.repeat(10_240)}`, 'application/x-www-form-urlencoded', 422],
  ])('with %s signs nobody in', async (_, payload, type, status) => {
    const answer = await send(form(payload, type));
    expect(answer.statusCode).toBe(status);
    expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('session=ey');
    expect(answer.body).toContain('<html lang="zh-CN">');
  });

  it('with bytes that are no text signs nobody in', async () => {
    expect((await send(form(Buffer.concat([Buffer.from('account='), randomBytes(200), Buffer.from('&password=x')])))).statusCode).toBe(422);
  });

  it.each(['cross-site', 'same-site'])('from a %s page is refused, also for who is signed in', async (site) => {
    for (const url of ['/login', '/logout', '/center/session', '/center/account']) {
      const headers = { 'sec-fetch-site': site, origin: 'https://elsewhere.example', cookie, 'content-type': 'application/x-www-form-urlencoded' };
      await refused(403, '这个请求被拒绝了', { method: 'POST', url, payload: `account=${ACCOUNT}&password=correct+horse`, headers });
    }
    expect((await centre.ask('/center/account', { cookie })).status).toBe(200);
  });
});

describe('a cookie', () => {
  it.each(['seen=', 'seen=%', 'seen=<script>', 'seen=zzzz', 'seen=9999999999999999', `seen=${'9'.repeat(64)}`, 'seen=a; seen=b', '__proto__=1', '=;;=;'])(
    'like %s changes nothing',
    async (odd) => {
      const answer = await send({ url: '/center/bills', headers: { cookie: `${cookie}; ${odd}` } });
      expect(answer.statusCode).toBe(200);
      expect(answer.body.includes('data-ask-again')).toBe(false);
    },
  );

  it.each(['seen', 'a', 'session2'])('called %s of 7,000 characters changes nothing', async (name) => {
    expect((await send({ url: '/center/bills', headers: { cookie: `${name}=${'x'.repeat(7_000)}; ${cookie}` } })).statusCode).toBe(200);
  });

  it.each(['session=1', 'session=a.b.c', 'session=%', 'session="', 'session=__proto__'])('like %s leads to the login page', async (forged) => {
    const answer = await send({ url: '/center/bills', headers: { cookie: forged } });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/login?to=%2Fcenter%2Fbills&ended=1']);
    const elsewhere = await send({ url: '/help', headers: { cookie: forged } });
    expect(elsewhere.statusCode).toBe(200);
  });
});

describe('what is no HTTP', () => {
  /** What comes back for bytes sent to the port. */
  async function raw(bytes: string): Promise<string> {
    const { port } = centre.application.getHttpServer().address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.end(bytes);
    let answer = '';
    for await (const part of socket) answer += part;
    return answer;
  }

  it.each([
    ['headers that are too large', `GET /help HTTP/1.1\r\nHost: x\r\nCookie: a=${'b'.repeat(40_000)}\r\n\r\n`, '431', '请求的内容太大'],
    ['noise', 'noise\r\n\r\n', '400', '这个请求看不懂'],
    ['a smuggled length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '400', '这个请求看不懂'],
  ])('%s: is answered in words and the connection closed', async (_, bytes, status, words) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(words);
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'self'");
    expect(answer.toLowerCase()).toContain('connection: close');
  });
});

describe('whatever is sent', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'center',
      'login',
      'bills',
      'notices',
      'majors',
      'results',
      'declarations',
      '..',
      '.',
      '',
      'assets',
      'health',
      'photo',
      'session',
      '__proto__',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.string({ maxLength: 20 }).map((text) => text.replace(/[^\x21-\x7e]/g, '%')),
  );
  const query = fc.array(fc.tuple(fc.constantFrom('code', 'tab', 'to', 'ended', 'v', '__proto__', 'a[]'), part), { maxLength: 4 });
  const cookies = fc.array(
    fc.tuple(
      fc.constantFrom('session', 'seen', 'other'),
      fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\x21-\x7e]/g, '%')),
    ),
    { maxLength: 3 },
  );

  it('never fails, records nothing, and shows nothing of another', async () => {
    const requests = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE'),
      path: fc.array(part, { maxLength: 4 }),
      query,
      cookies,
      signedIn: fc.boolean(),
      partial: fc.boolean(),
      body: fc.option(fc.string({ maxLength: 200 })),
      type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/html'),
    });
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query: fields, cookies: odd, signedIn, partial, body, type }) => {
        const url = `/${path.join('/')}?${fields.map(([name, value]) => `${name}=${value}`).join('&')}`;
        const jar = [...(signedIn ? [cookie] : []), ...odd.map(([name, value]) => `${name}=${value}`)].join('; ');
        const sends = method !== 'GET' && method !== 'HEAD' && body !== null;
        const headers = {
          cookie: jar,
          'sec-fetch-site': 'same-origin',
          ...(partial && { 'hx-request-type': 'partial' }),
          ...(sends && { 'content-type': type }),
        };
        expect((await sendAsItIs(method, url, headers, sends ? (body ?? '') : '')).statusCode).toBeLessThan(500);
      }),
      { numRuns: 400 },
    );
  });
});
