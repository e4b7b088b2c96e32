import { describe, expect, it } from '@jest/globals';
import { tasks } from '../../../projections/tasks.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { NotificationOutcomes } from '../../../src/payments/notifications/notification-outcomes.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { until } from '../../until.js';
import { PayingCentre } from './paying-centre.js';

const at = PayingCentre.forTests();

describe('Coming back from the platform', () => {
  it('Coming back from the platform leads to the bill, also when the platform posts across sites and no cookie comes', async () => {
    const order = `${at.bill}01`;
    expect((await at.centre.ask(`/payments/return?order=${order}`, { cookie: at.cookie })).headers.location).toBe(`/center/bills/${at.bill}?asked=0`);
    const posted = await at.centre.ask('/payments/return', {
      form: { order },
      headers: { 'sec-fetch-site': 'cross-site', origin: at.sandbox.settings.PAYMENT_PLATFORM_URL },
    });
    expect([posted.status, posted.headers.location]).toEqual([303, `/payments/return?order=${order}`]);
    const bodies: readonly [type: string, body: string][] = [
      ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="order"\r\n\r\n${order}\r\n--x--`],
      ['application/json', JSON.stringify({ paid: true, order })],
      ['text/xml', `<order>${order}</order>`],
      ['application/xml', `<xml><order><![CDATA[${order}]]></order></xml>`],
      ['nonsense', `order=${order}`],
    ];
    for (const [type, payload] of bodies) {
      const answer = await at.centre.application.inject({
        method: 'POST',
        url: '/payments/return',
        headers: { 'content-type': type, origin: 'https://pay.example' },
        payload,
      });
      expect([type, answer.statusCode, answer.headers.location]).toEqual([type, 303, `/payments/return?order=${order}`]);
    }
    const large = { method: 'POST', url: `/payments/return?order=${order}`, payload: 'x'.repeat(100_000), headers: { 'content-type': 'text/plain' } } as const;
    expect((await at.centre.application.inject(large)).headers.location).toBe(`/payments/return?order=${order}`);
  });

  it('Coming back from the platform without a session says so and keeps the bill as return address', async () => {
    const order = `${at.bill}01`;
    const { status, text, $ } = await at.centre.ask(`/payments/return?order=${order}`);
    expect([status, text.includes('登录以后查看')]).toEqual([200, true]);
    expect($('main a.btn').attr('href')).toBe(`/login?to=${encodeURIComponent(`/center/bills/${at.bill}?asked=0`)}`);
  });

  it.each(['', '?order=', '?order=https://evil.example', '?order=<b>', '?order=2026112000000101&order=x', `?order=${'1'.repeat(9_000)}`])(
    'Coming back from the platform with %j leads to all bills, and changes nothing',
    async (query) => {
      const before = await at.centre.get(EventStore).head();
      expect((await at.centre.ask(`/payments/return${query}`, { cookie: at.cookie })).headers.location).toBe('/center/bills');
      expect(await at.centre.get(EventStore).head()).toBe(before);
    },
  );
});

describe('A notification of the platform', () => {
  it('A notification of the platform for an unknown order becomes a task of the office', async () => {
    const begunAt = at.centre.clock.now().toISOString();
    const order = {
      order: '2026999999999901',
      fen: 500,
      title: '别的',
      begun: begunAt,
      ends: new Date(at.centre.clock.now().getTime() + 600_000).toISOString(),
    };
    at.sandbox.platform.arrive({ ...order, returnTo: 'http://127.0.0.1:1/' } as never);
    at.sandbox.platform.pay({ ...order, returnTo: 'http://127.0.0.1:1/' } as never, 'alipay', 'once');
    await until('a task', async () => (await at.centre.get(ReadModels).list(tasks, 'open', undefined, 10)).length === 1);
    const [task] = await at.centre.get(ReadModels).list(tasks, 'open', undefined, 10);
    expect(task?.document).toMatchObject({ kind: 'unknown_order', proposal: 'refund', about: { order: '2026999999999901', fen: 500, channel: 'alipay' } });
  });

  it('A notification of the platform that comes twice is recorded once and answered with success both times', async () => {
    const outcomes = at.centre.get(NotificationOutcomes);
    const repeated = outcomes.counts().get('repeated') ?? 0;
    await at.atPlatform(await at.leave(), 'notice twice');
    await until('both', () => (outcomes.counts().get('repeated') ?? 0) > repeated);
    expect(outcomes.counts().get('repeated')).toBe(repeated + 1);
    expect(await at.events()).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  });

  it.each([
    ['without a signature', {}, '{}'],
    ['with a body that is no JSON', { 'payment-signature': 'x' }, 'not json'],
    ['with no body', {}, ''],
    ['larger than is allowed', {}, 'x'.repeat(20_000)],
  ])('A notification of the platform %s is refused, counted, and records nothing', async (_, headers, payload) => {
    const before = await at.centre.get(EventStore).head();
    const already = at.counted();
    for (const type of ['application/json', 'text/xml', 'nonsense']) {
      const answer = await at.centre.application.inject({ method: 'POST', url: '/payments/notify', headers: { 'content-type': type, ...headers }, payload });
      expect([400, 413, 415]).toContain(answer.statusCode);
      expect(answer.body).not.toContain('success');
    }
    expect(at.counted()).toBe(already + 3);
    expect(await at.centre.get(EventStore).head()).toBe(before);
  });
});
