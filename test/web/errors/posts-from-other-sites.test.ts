import { describe, expect, it } from '@jest/globals';
import { NotificationOutcomes } from '../../../src/payments/notifications/notification-outcomes.js';
import { UnharmedCentre } from './unharmed-centre.js';

const at = UnharmedCentre.forTests();

describe('A notification from a page of another site', () => {
  it.each(['/payments/notify', '/payments/notify/', '/payments/%6eotify'])(
    'A notification from a page of another site to %s is checked by its signature, and counted as malformed',
    async (url) => {
      const outcomes = at.centre.get(NotificationOutcomes);
      const unavailable = outcomes.counts().get('unavailable') ?? 0;
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example', 'content-type': 'application/json' };
      const answer = await at.send({ method: 'POST', url, payload: '{}', headers });
      expect(answer.statusCode).toBe(400);
      expect(outcomes.counts().get('unavailable') ?? 0).toBe(unavailable);
    },
  );
});

describe('Coming back from paying', () => {
  const ORDER = '2026112000000901';
  const bodies = [
    'nonsense',
    '',
    '/',
    'a/b; charset',
    'multipart/form-data; boundary=x',
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/xml',
  ];

  it.each(['/payments/return', '/payments/return/'])(
    "Coming back from paying by a POST from another site to %s keeps the order, whatever the body's type",
    async (url) => {
      for (const type of bodies) {
        const headers = { 'content-type': type, 'sec-fetch-site': 'cross-site', origin: 'https://gateway.example' };
        const answer = await at.send({ method: 'POST', url, payload: `order=${ORDER}&state=ok`, headers });
        expect([type, answer.statusCode, answer.headers.location]).toEqual([type, 303, `/payments/return?order=${ORDER}`]);
      }
    },
  );

  it.each(['/payments/return', '/payments/return/'])('Coming back from paying by a link to %s leads to the order’s bill', async (url) => {
    const answer = await at.send({ url: `${url}?order=${ORDER}`, headers: { cookie: at.cookie } });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/center/bills/${ORDER.slice(0, 14)}?asked=0`]);
  });
});
