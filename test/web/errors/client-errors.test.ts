import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { UnharmedCentre } from './unharmed-centre.js';

const secret = 's'.repeat(32);
const at = UnharmedCentre.forTests({ SESSION_SECRET: secret });
const inProduction = UnharmedCentre.forTests({ SESSION_SECRET: secret, TRUST_PROXY: '1' });

/** What comes back for bytes sent to the port, as far as the answer says: its status, and the connection's end is waited for. */
async function statusOf(bytes: Buffer, { port } = at): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(first.toString('latin1'))?.[1]);
}

const request = (head: readonly string[], body: Buffer | string = '') =>
  Buffer.concat([
    Buffer.from(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'].join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(body),
  ]);

const POSTED = [
  '/login',
  '/login/',
  '/login/choice',
  '/login/reset',
  '/login/bjt/choice',
  '/logout',
  '/center/account',
  '/payments/notify',
  '/payments/notify/',
  '/payments/return',
  '/payments/return/',
  '/nothing',
];
const ASKED = [
  '/',
  '/help',
  '/login',
  '/login/reset',
  '/login/bjt',
  '/login/bjt/callback',
  '/login/bjt/choice',
  '/entry.svg',
  '/center/bills',
  '/payments/return',
  '/health/ready',
  '/assets/nothing.css',
  '/nothing',
];
const form = Buffer.from('account=119912345651&password=x&to=%2Fcenter');

const ENCODINGS = ['x', 'gzip', 'deflate', 'br', 'zstd', 'identity', 'gzip, gzip', 'compress', ''];
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'nonsense',
  'a/b; charset',
  'multipart/form-data',
  '/',
  '',
  'application/json; charset=x',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND', 'M-SEARCH', 'PURGE', 'SEARCH'];
const TARGETS = [
  '*',
  '/*',
  '//',
  '///',
  '/?',
  '/#',
  '?',
  '.',
  '/.',
  '/..',
  'http://[/login/bjt/callback?state=1&code=2',
  'http://127.0.0.1/help',
  'http://',
  'ftp://x/help',
  '/login/bjt/callback?%',
  '/login?to=%2F%2F[',
  '/login?to=%2Fcenter%2F%5C%5C[',
  '/login?to=/center/[',
  '/center/bills/%252e',
];
const HOSTS = ['', ' ', 'x'.repeat(2_400), 'a b', 'a/b', 'a@b', '[', '[::1', '::1', 'a:b', 'a:99999999', '"', '%', '验', '<script>', 'a,b', 'a?b'];
const VALUES = ['', '"', '%', '%00', '0', '-1', 'NaN', 'null', '{}', '[', '__proto__', ', ,', '\xff\xfe', 'x'.repeat(5_000)];
const HEADERS = [
  'Origin',
  'Referer',
  'Sec-Fetch-Site',
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Content-Type',
  'Content-Encoding',
  'Range',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'Expect',
  'Upgrade',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Request-Id',
  'HX-Request-Type',
  'Accept-Version',
  'User-Agent',
  'Cookie',
  'Authorization',
  'TE',
  'X-HTTP-Method-Override',
];
const COOKIES = [
  'session',
  '__Host-session',
  'seen',
  'choice-bjt',
  'choice-password',
  'visit-3',
  '__Secure-choice-bjt',
  'known',
  '__Secure-known',
  'reset',
  '__Secure-reset',
];

const encoded = (text: string) => Buffer.from(text).toString('base64url');

/** Signed as `jsonwebtoken` would, whatever the payload is. */
function signed(payload: string, header = '{"alg":"HS256","typ":"JWT"}', key = secret): string {
  const what = `${encoded(header)}.${encoded(payload)}`;
  return `${what}.${createHmac('sha256', key).update(what).digest('base64url')}`;
}

const TOKENS = [
  'a',
  'a.b.c',
  '..',
  `${encoded('{"alg":"HS256"}')}.${encoded('no JSON')}.x`,
  `${encoded('no JSON')}.${encoded('{}')}.x`,
  `${encoded('{"alg":"none"}')}.${encoded('{}')}.`,
  signed('no JSON'),
  signed('null'),
  signed('1'),
  signed('[]'),
  signed('{"sub":1,"exp":"x"}'),
  signed('{"exp":1e999}'),
  signed('{"nbf":"x"}'),
  signed('{}', 'no JSON'),
  signed('{}', '{"alg":"none"}'),
  signed('{}', '{"alg":"RS256"}'),
  signed('{}', 'null'),
];

/** Each request that a client has got wrong in one thing, by what it is called in a list of failures. */
function* requests(): Generator<readonly [string, Buffer]> {
  for (const path of POSTED) {
    for (const encoding of ENCODINGS) {
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        'Sec-Fetch-Site: same-origin',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Encoding: ${encoding}`,
      ];
      yield [`a form to ${path} that says to be encoded as ${encoding || 'nothing'}`, request(head, form)];
      yield [`half of a compressed form to ${path}, said to be ${encoding || 'nothing'}`, request(head, gzipSync(form).subarray(0, 20))];
    }
    for (const type of TYPES)
      yield [`a body of type ${type || 'none'} to ${path}`, request([`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', `Content-Type: ${type}`], '{"a":')];
    for (const site of ['cross-site', 'same-site', 'nonsense']) {
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        `Sec-Fetch-Site: ${site}`,
        'Origin: https://elsewhere.example',
        'Content-Type: application/x-www-form-urlencoded',
      ];
      yield [`a ${site} form to ${path}`, request(head, form)];
    }
  }
  for (const method of METHODS) for (const path of [...ASKED, '*']) yield [`${method} ${path}`, request([`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'])];
  for (const target of TARGETS) yield [`the target ${target}`, request([`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1'])];
  for (const path of ASKED) for (const host of HOSTS) yield [`the host ${host.slice(0, 20)} at ${path}`, request([`GET ${path} HTTP/1.1`, `Host: ${host}`])];
  for (const name of HEADERS) {
    for (const value of VALUES) {
      yield [`${name}: ${value.slice(0, 20)} with a page`, request(['GET /help HTTP/1.1', 'Host: 127.0.0.1', `${name}: ${value}`])];
      yield [
        `${name}: ${value.slice(0, 20)} with a form`,
        request(['POST /login HTTP/1.1', 'Host: 127.0.0.1', 'Sec-Fetch-Site: same-origin', `${name}: ${value}`], form),
      ];
    }
  }
  for (const name of COOKIES) {
    for (const value of [...TOKENS, ...VALUES]) {
      for (const path of ['/help', '/login', '/login/reset', '/login/bjt/callback?state=1&code=2', '/login/bjt/choice', '/center', '/payments/return']) {
        yield [`the cookie ${name}=${value.slice(0, 40)} at ${path}`, request([`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', `Cookie: ${name}=${value}`])];
      }
      yield [
        `the cookie ${name}=${value.slice(0, 40)} with a form`,
        request(['POST /login/reset HTTP/1.1', 'Host: 127.0.0.1', 'Sec-Fetch-Site: same-origin', `Cookie: ${name}=${value}`], form),
      ];
    }
  }
}

/** What was answered by a status from which nobody would learn that it is the client's own fault. */
async function faults(of: UnharmedCentre): Promise<readonly string[]> {
  const found: string[] = [];
  const left = [...requests()];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [name, bytes] = next;
      const status = await statusOf(bytes, of);
      if (!(status >= 200 && status < 500)) found.push(`${name}: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return found.toSorted();
}

describe("A client's mistake", () => {
  it('A client’s mistake is never answered as a fault of the centre, whichever part of a request has it', async () => {
    expect(await faults(at)).toEqual([]);
  });

  it('A client’s mistake is never answered as a fault where a proxy is trusted and cookies are signed with a known secret', async () => {
    expect(await faults(inProduction)).toEqual([]);
  });

  it('A client’s mistake such as a compressed body is refused with 415, since no form of the centre is compressed', async () => {
    for (const encoding of ['x', 'gzip', 'br'])
      await at.refused(415, '提交的格式不对', {
        method: 'POST',
        url: '/login',
        payload: gzipSync(form),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': encoding },
      });
  });

  it('A client’s mistake is not a body with Content-Encoding: identity', async () => {
    const answer = await at.send({
      method: 'POST',
      url: '/login',
      payload: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'identity' },
    });
    expect(answer.statusCode).toBe(422);
  });

  it('A client’s mistake such as an impossible host is refused with 400 before an address is made of it', async () => {
    for (const host of ['x'.repeat(2_400), 'a b', 'a/b', 'a@b', '<script>'])
      for (const url of ['/entry.svg', '/login/bjt', '/help']) await at.refused(400, '这个请求看不懂', { url, headers: { host } });
  });

  it('A client’s mistake such as an unreadable cookie for a new password makes the page ask for a code', async () => {
    const answer = await inProduction.send({ url: '/login/reset', headers: { cookie: `reset=${signed('no JSON')}` } });
    expect([answer.statusCode, answer.body.includes('name="code"')]).toEqual([200, true]);
  });
});
