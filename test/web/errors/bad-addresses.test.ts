import { describe, expect, it } from '@jest/globals';
import { OTHERS_BILL, UnharmedCentre } from './unharmed-centre.js';

const at = UnharmedCentre.forTests();

describe('An unknown address', () => {
  it.each([
    '/nothing',
    '/center/nothing',
    '/center/bills/1/2',
    '/.env',
    '/offices',
    '/api/v1/nothing',
    '/assets/nothing.js',
    '/center/%00',
    '/center/notices/%00',
    '//center',
    '/center/./bills/x',
  ])('An unknown address %s is not found, with a session and without', async (url) => {
    for (const who of ['', at.cookie, at.limited]) await refusedOrLed(url, who);
  });

  async function refusedOrLed(url: string, who: string) {
    const answer = await at.send({ url, headers: { cookie: who } });
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
  ])('An unknown address %s is not found', (url) => at.refused(404, '没有这个页面', { url, headers: { cookie: at.cookie } }));

  it('An unknown address with a method that the page does not have is refused', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST'] as const) {
      const answer = await at.send({ method, url: '/center/bills', headers: { cookie: at.cookie } });
      expect([404, 405]).toContain(answer.statusCode);
      expect(answer.body).toContain('<html lang="zh-CN">');
    }
  });

  it('An unknown address is answered to HEAD as to GET', async () => {
    for (const [url, status] of [
      ['/help', 200],
      ['/center/bills', 200],
      ['/center/bills/1', 404],
      ['/nothing', 404],
    ] as const) {
      const answer = await at.send({ method: 'HEAD', url, headers: { cookie: at.cookie } });
      expect([url, answer.statusCode]).toEqual([url, status]);
      if (status === 200) expect(answer.body).toBe('');
    }
  });
});

describe('A malformed address', () => {
  it.each(['/%', '/%zz', '/center/bills/%E4%BD', '/center/%c0%ae%c0%ae'])('A malformed address %s is answered as malformed', async (url) => {
    await at.refused(400, '这个请求看不懂', { url });
    await at.refused(400, '这个请求看不懂', { url, headers: { cookie: at.cookie } });
  });

  it('A malformed address that is too long is not found', async () => {
    await at.refused(414, '地址太长', { url: `/center/notices/${'x'.repeat(5_000)}`, headers: { cookie: at.cookie } });
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
  ])('A malformed address has a query that is ignored: %s', async (query) => {
    for (const path of ['majors', 'courses', 'results', 'declarations', 'bills', 'status']) {
      const { statusCode } = await at.send({ url: `/center/${path}${query}`, headers: { cookie: at.cookie } });
      expect([200, 422]).toContain(statusCode);
    }
  });

  it.each(['majors', 'courses'])('A malformed address with a search at %s searches HTML as text, and refuses what is too long', async (path) => {
    const html = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
    const answer = await at.send({ url: `/center/${path}?code=${encodeURIComponent(html)}`, headers: { cookie: at.cookie } });
    expect(answer.body).not.toMatch(/<script>alert|<img src=x/);
    const long = await at.send({ url: `/center/${path}?code=${'%E8%AF%BE'.repeat(1_100)}`, headers: { cookie: at.cookie } });
    expect([long.statusCode, long.body.includes('搜索内容太长')]).toEqual([422, true]);
    expect((await at.send({ url: `/center/${path}?code=${'x'.repeat(10_240)}`, headers: { cookie: at.cookie } })).statusCode).toBe(422);
  });
});
