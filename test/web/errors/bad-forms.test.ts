import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { ACCOUNT, OTHER, UnharmedCentre } from './unharmed-centre.js';

const at = UnharmedCentre.forTests();

const form = (payload: string | Buffer, type = 'application/x-www-form-urlencoded'): InjectOptions => ({
  method: 'POST',
  url: '/login',
  payload,
  headers: { 'content-type': type },
});

describe('A form', () => {
  it('A form that is too large is refused', () => at.refused(413, '提交的内容太大', form(`account=${'1'.repeat(70_000)}`)));

  it.each(['application/xml', 'multipart/form-data; boundary=x', 'text/plain', 'nonsense', 'application/octet-stream'])(
    'A form of the type %s is refused',
    (type) => at.refused(415, '提交的格式不对', form('account=1&password=1', type)),
  );

  it('A form without a type is refused', async () => {
    const { statusCode } = await at.send({ method: 'POST', url: '/login', payload: 'account=1', headers: { 'content-type': '' } });
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
  ])('A form with %s signs nobody in', async (_, payload, type, status) => {
    const answer = await at.send(form(payload, type));
    expect(answer.statusCode).toBe(status);
    expect(String(answer.headers['set-cookie'] ?? '')).not.toContain('session=ey');
    expect(answer.body).toContain('<html lang="zh-CN">');
  });

  it('A form with bytes that are not UTF-8 signs nobody in', async () => {
    expect((await at.send(form(Buffer.concat([Buffer.from('account='), randomBytes(200), Buffer.from('&password=x')])))).statusCode).toBe(422);
  });

  it.each(['cross-site', 'same-site'])('A form from a %s page is refused, with a session too', async (site) => {
    for (const url of ['/login', '/logout', '/center/session', '/center/account']) {
      const headers = { 'sec-fetch-site': site, origin: 'https://elsewhere.example', cookie: at.cookie, 'content-type': 'application/x-www-form-urlencoded' };
      await at.refused(403, '这个请求被拒绝了', { method: 'POST', url, payload: `account=${ACCOUNT}&password=correct+horse`, headers });
    }
    expect((await at.centre.ask('/center/account', { cookie: at.cookie })).status).toBe(200);
  });
});
