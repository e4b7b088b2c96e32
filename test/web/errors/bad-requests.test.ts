import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnharmedCentre } from './unharmed-centre.js';

const at = UnharmedCentre.forTests();

describe('A cookie', () => {
  it.each(['seen=', 'seen=%', 'seen=<script>', 'seen=zzzz', 'seen=9999999999999999', `seen=${'9'.repeat(64)}`, 'seen=a; seen=b', '__proto__=1', '=;;=;'])(
    'A cookie like %s changes nothing',
    async (odd) => {
      const answer = await at.send({ url: '/center/bills', headers: { cookie: `${at.cookie}; ${odd}` } });
      expect(answer.statusCode).toBe(200);
      expect(answer.body.includes('data-ask-again')).toBe(false);
    },
  );

  it.each(['seen', 'a', 'session2'])('A cookie called %s of 7,000 characters changes nothing', async (name) => {
    expect((await at.send({ url: '/center/bills', headers: { cookie: `${name}=${'x'.repeat(7_000)}; ${at.cookie}` } })).statusCode).toBe(200);
  });

  it.each(['session=1', 'session=a.b.c', 'session=%', 'session="', 'session=__proto__'])('A cookie like %s leads to the login page', async (forged) => {
    const answer = await at.send({ url: '/center/bills', headers: { cookie: forged } });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/login?to=%2Fcenter%2Fbills&ended=1']);
    const elsewhere = await at.send({ url: '/help', headers: { cookie: forged } });
    expect(elsewhere.statusCode).toBe(200);
  });
});

describe('A request that the HTTP parser rejects', () => {
  /** What comes back for bytes sent to the port. */
  async function raw(bytes: string): Promise<string> {
    const socket = connect(at.port, '127.0.0.1');
    socket.end(bytes);
    let answer = '';
    for await (const part of socket) answer += part;
    return answer;
  }

  it.each([
    ['headers that are too large', `GET /help HTTP/1.1\r\nHost: x\r\nCookie: a=${'b'.repeat(40_000)}\r\n\r\n`, '431', '请求的内容太大'],
    ['noise', 'noise\r\n\r\n', '400', '这个请求看不懂'],
    ['a smuggled length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '400', '这个请求看不懂'],
  ])('A request that the HTTP parser rejects for %s is answered with a sentence and the connection is closed', async (_, bytes, status, words) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(words);
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'self'");
    expect(answer.toLowerCase()).toContain('connection: close');
  });
});

describe('A random request', () => {
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

  it('A random request never fails, records nothing, and shows nothing of another candidate', async () => {
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
        const jar = [...(signedIn ? [at.cookie] : []), ...odd.map(([name, value]) => `${name}=${value}`)].join('; ');
        const sends = method !== 'GET' && method !== 'HEAD' && body !== null;
        const headers = {
          cookie: jar,
          'sec-fetch-site': 'same-origin',
          ...(partial && { 'hx-request-type': 'partial' }),
          ...(sends && { 'content-type': type }),
        };
        expect((await at.sendAsItIs(method, url, headers, sends ? (body ?? '') : '')).statusCode).toBeLessThan(500);
      }),
      { numRuns: 400 },
    );
  });
});
