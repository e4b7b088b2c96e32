import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import jwt from 'jsonwebtoken';
import { Catalogue } from '../../../src/catalogue/catalogue.js';
import { AppModule } from '../../../src/composition/app.module.js';
import { createServer } from '../../../src/composition/server.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { EndedSessions } from '../../../src/identity/sessions/ended-sessions.js';
import { SessionStrategy } from '../../../src/identity/sessions/session.strategy.js';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { ForgetCandidate } from '../../../src/registrations/forget-candidate.command.js';
import { type Answer, cookiesOf, TestCentre } from '../../centre.js';

const ACCOUNT = '119912345678';
const MINUTE = 60_000;

let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  id = await centre.candidate(ACCOUNT);
});
afterAll(() => centre.close());

const later = (milliseconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + milliseconds);
};
const account = (cookie: string) => centre.ask('/center/account', { cookie });
const claimsOf = (cookie: string) => jwt.decode(cookie.replace('session=', '')) as jwt.JwtPayload;
const renewedIn = (answer: Answer) => cookiesOf(answer).includes('session=ey');

/** The same centre as another process has it, on the same files. */
async function anotherProcess(): Promise<{ ask: (cookie: string) => Promise<number>; close: () => Promise<void> }> {
  const application: NestFastifyApplication = await createServer(AppModule.of(centre.settings, centre.clock), centre.settings);
  await application.init();
  await application.getHttpAdapter().getInstance().ready();
  await application.get(Catalogue).start();
  await application.get(EndedSessions).start();
  return {
    ask: async (cookie) => (await application.inject({ url: '/center/account', headers: { cookie } })).statusCode,
    close: () => application.close(),
  };
}

describe('A cookie', () => {
  const now = () => Math.floor(centre.clock.time.getTime() / 1000);
  const claims = () => ({ sub: id, sid: randomUUID(), began: now(), iat: now(), exp: now() + 3600 });
  const key = () => centre.get(SessionKeys).session;

  it('A cookie of our key is good (or the refusals below would show nothing)', async () => {
    expect((await account(`session=${jwt.sign(claims(), key())}`)).status).toBe(200);
  });

  it.each<[string, () => string]>([
    ['signed with another key', () => jwt.sign(claims(), createSecretKey(randomBytes(32)))],
    ['signed with nothing', () => jwt.sign(claims(), '', { algorithm: 'none' })],
    ['signed by another algorithm', () => jwt.sign(claims(), key(), { algorithm: 'HS512' })],
    ['signed with the key of resets', () => jwt.sign(claims(), centre.get(SessionKeys).reset)],
    ['whose end has come', () => jwt.sign({ ...claims(), exp: now() }, key())],
    ['of a session that began too long ago', () => jwt.sign({ ...claims(), began: now() - 12 * 3600 }, key())],
    ['of nobody', () => jwt.sign({ ...claims(), sub: randomUUID() }, key())],
    ['without an end', () => jwt.sign(JSON.stringify({ ...claims(), exp: undefined }), key())],
    ['with an end that is no number', () => jwt.sign(JSON.stringify({ ...claims(), exp: 'never' }), key())],
    ['with a text for claims', () => jwt.sign('"nobody"', key())],
    ['that is no token', () => 'eyJhbGciOiJIUzI1NiJ9.x.y'],
    ['of 4,000 characters', () => 'x'.repeat(4_000)],
    ['that is empty of parts', () => '..'],
  ])('A cookie %s is refused: to the login page, and the cookie goes', async (_, make) => {
    const answer = await account(`session=${make()}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/login?to=%2Fcenter%2Faccount&ended=1');
    expect(String(answer.headers['set-cookie'])).toMatch(/^session=; Max-Age=0; Path=\/; .*HttpOnly/i);
    expect((await centre.ask(String(answer.headers.location))).text).toContain('登录已超时，请重新登录。');
  });

  it('A cookie of a session that was ended in another browser is told so, and not that its time was up', async () => {
    const [here, there] = [await centre.signIn(ACCOUNT), await centre.signIn(ACCOUNT)];
    await centre.ask('/center/account/sessions', { cookie: here, form: { session: 'others' } });
    const answer = await account(there);
    expect(answer.headers.location).toBe('/login?to=%2Fcenter%2Faccount&ended=elsewhere');
    const { text } = await centre.ask(String(answer.headers.location));
    expect(text).toContain('这次登录已在别处退出，或者密码已经修改，请重新登录。');
    expect(text).not.toContain('登录已超时');
  });

  it('A cookie changed in any one character is refused', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    const [head, body, signature] = cookie.split('.') as [string, string, string];
    const other = Buffer.from(JSON.stringify({ ...claimsOf(cookie), sub: randomUUID() })).toString('base64url');
    for (const forged of [`${head}.${other}.${signature}`, `${head}.${body}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`]) {
      expect((await account(forged)).status).toBe(303);
    }
    expect((await account(cookie)).status).toBe(200);
  });

  it('A cookie is kept when a fault prevents that it is checked, and the answer says that it is a fault', async () => {
    const cookie = `session=${jwt.sign(claims(), key())}`;
    const validate = jest.spyOn(centre.get(SessionStrategy), 'validate').mockImplementation(() => {
      throw new Error('a fault of ours');
    });
    const answer = await account(cookie);
    validate.mockRestore();
    expect(answer.status).toBe(500);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await account(cookie)).status).toBe(200);
  });

  it('A cookie tells nobody’s number or name', async () => {
    expect(Object.keys(claimsOf(await centre.signIn(ACCOUNT))).toSorted()).toEqual(['began', 'exp', 'iat', 'sid', 'sub']);
  });

  it('A cookie is asked of no store once it was found good', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    await centre.ask('/center/session', { cookie });
    const read = jest.spyOn(centre.get(ReadModels), 'get');
    expect((await centre.ask('/center/session', { cookie })).status).toBe(200);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});

describe('Without a session', () => {
  it.each(['/center', '/center/profile', '/center/results', '/center/notices/1', '/center/account', '/center/session'])(
    'Without a session %s leads to the login page',
    async (address) => {
      const answer = await centre.ask(address);
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toMatch(/^\/login/);
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  it.each(['/login', '/help', '/privacy', '/health/live'])('Without a session %s is for everyone', async (address) => {
    expect((await centre.ask(address)).status).toBe(200);
  });

  it('Without a session a fragment is not given either', async () => {
    expect((await centre.part('/center/account', '')).status).toBe(303);
  });
});

describe('退出登录', () => {
  it('退出登录 ends the session at once, also for a copy of its cookie and for one renewed from it', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    later(2 * MINUTE);
    const renewed = cookiesOf(await account(cookie));
    const answer = await centre.ask('/logout', { cookie, form: {} });
    expect([answer.status, answer.headers.location]).toEqual([303, '/login?out=1']);
    expect(String(answer.headers['set-cookie'])).toMatch(/^session=; Max-Age=0/);
    expect((await account(cookie)).status).toBe(303);
    expect((await account(renewed)).status).toBe(303);
  });

  it('退出登录 leaves other sessions of the same candidate alone', async () => {
    const [one, other] = [await centre.signIn(ACCOUNT), await centre.signIn(ACCOUNT)];
    await centre.ask('/logout', { cookie: one, form: {} });
    expect((await account(other)).status).toBe(200);
  });

  it('退出登录 is recorded once, however often the button is pressed', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    const session = claimsOf(cookie).sid;
    await Promise.all([1, 2, 3].map(() => centre.ask('/logout', { cookie, form: {} })));
    const ends = (await centre.get(EventStore).subject(id)).filter(({ type, data }) => type === 'SignedOut' && 'session' in data && data.session === session);
    expect(ends).toHaveLength(1);
  });

  it('退出登录 needs the button of a page of ours: neither a link nor another site’s form does it', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    expect((await centre.ask('/logout', { cookie })).headers.location).toBe('/center/account');
    expect((await centre.ask('/logout', { cookie, form: {}, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } })).status).toBe(403);
    expect((await account(cookie)).status).toBe(200);
  });

  it('退出登录 leads to a login page that says so in green, with nothing marked as wrong', async () => {
    const { headers } = await centre.ask('/logout', { cookie: await centre.signIn(ACCOUNT), form: {} });
    const { $ } = await centre.ask(String(headers.location));
    expect($('.alert.good[role=status]').text()).toBe('已退出登录。');
    expect($('form[action="/login"] .btn')).toHaveLength(1);
    expect($('[aria-invalid]')).toHaveLength(0);
  });

  it('退出登录 without a session leads to the login page all the same', async () => {
    expect((await centre.ask('/logout', { form: {} })).headers.location).toBe('/login?out=1');
    expect((await centre.ask('/logout')).headers.location).toBe('/login');
  });

  it('退出登录 holds in another process, and in one that starts afterwards', async () => {
    const other = await anotherProcess();
    const cookie = await centre.signIn(ACCOUNT);
    expect(await other.ask(cookie)).toBe(200);
    await centre.ask('/logout', { cookie, form: {} });
    await becomes(303, () => other.ask(cookie));
    await other.close();

    const next = await anotherProcess();
    expect(await next.ask(cookie)).toBe(303);
    await next.close();
  });
});

describe('A session', () => {
  it('A session ends two hours after it was last used', async () => {
    let cookie = await centre.signIn(ACCOUNT);
    for (let use = 0; use < 3; use++) {
      later(119 * MINUTE);
      const answer = await account(cookie);
      expect(answer.status).toBe(200);
      cookie = cookiesOf(answer);
    }
    later(120 * MINUTE);
    expect((await account(cookie)).status).toBe(303);
  });

  it('A session ends twelve hours after it began, however it is used', async () => {
    let cookie = await centre.signIn(ACCOUNT);
    for (let use = 0; use < 11; use++) {
      later(60 * MINUTE);
      cookie = cookiesOf(await account(cookie));
    }
    later(59 * MINUTE);
    const last = await account(cookie);
    expect(last.status).toBe(200);
    expect((await centre.ask('/center/session', { cookie })).body).toBe('{"secondsLeft":60}');
    expect((await centre.ask('/center/session', { cookie: cookiesOf(last), form: {} })).body).toBe('{"secondsLeft":60}');
    later(MINUTE);
    expect((await account(cookiesOf(last))).status).toBe(303);
  });

  it('A session gets a new cookie once a minute at most', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    later(MINUTE - 1_000);
    expect(renewedIn(await account(cookie))).toBe(false);
    later(1_000);
    const answer = await account(cookie);
    expect(renewedIn(answer)).toBe(true);
    expect(renewedIn(await account(cookiesOf(answer)))).toBe(false);
  });

  it('A session tells how long it lasts without lasting longer for it, until 继续使用', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    later(118 * MINUTE);
    const asked = await centre.ask('/center/session', { cookie });
    expect(asked.body).toBe('{"secondsLeft":120}');
    expect(asked.headers['set-cookie']).toBeUndefined();
    expect(asked.headers['cache-control']).toBe('no-store');
    const renewed = await centre.ask('/center/session', { cookie, form: {} });
    expect([renewed.status, renewed.body]).toEqual([200, '{"secondsLeft":7200}']);
    later(2 * MINUTE);
    expect((await account(cookie)).status).toBe(303);
    expect((await account(cookiesOf(renewed))).status).toBe(200);
  });

  it('A session never says that less time is left than there is, so that nobody asks before the end', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    later(120 * MINUTE - 400);
    expect((await centre.ask('/center/session', { cookie })).body).toBe('{"secondsLeft":1}');
  });

  it('A session is over when the account is closed, and for good when the candidate is forgotten', async () => {
    const closing = await centre.candidate('119912345680');
    const cookie = await centre.signIn('119912345680');
    expect((await account(cookie)).status).toBe(200);
    await centre.rows('candidates', { admission_no: '119912345680', account_state: 'closed' });
    await becomes(303, async () => (await account(cookie)).status);
    await centre.rows('candidates', { admission_no: '119912345680', account_state: 'normal' });
    await becomes(200, async () => (await account(cookie)).status);
    await centre.record(new ForgetCandidate(centre.given(), closing));
    await becomes(303, async () => (await account(cookie)).status);
    expect((await centre.ask('/login', { form: { account: '119912345680', password: 'correct horse' } })).status).toBe(422);
  });
});

/** Asks until what another thread or process has recorded has come round; a test that waits in vain runs out of time. */
async function becomes<T>(expected: T, ask: () => Promise<T>): Promise<void> {
  while ((await ask()) !== expected) await new Promise(setImmediate);
}
