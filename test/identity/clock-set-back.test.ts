import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../../src/event-store/cause.js';
import { newResetCode, resetCodeHash } from '../../src/identity/passwords/reset-codes.js';
import { SessionKeys } from '../../src/identity/sessions/session-keys.js';
import { SignOutOthers } from '../../src/identity/sessions/sign-out-others.command.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { IssueResetCode } from '../../src/registrations/passwords/issue-reset-code.command.js';
import { cookiesOf, TestCentre } from '../centre.js';

const DAY = 24 * 3_600_000;
const MINUTE = 60_000;
const PASSWORD = 'correct horse';
let centre: TestCentre;
let account = '';
let numbers = 119_966_000_000;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
});
afterAll(() => centre.close());
beforeEach(async () => {
  account = String(++numbers);
  await centre.candidate(account, { id_type: '港澳居民来往内地通行证', id_no: `H${account}` });
});

const move = (milliseconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + milliseconds);
};
const logIn = (password = PASSWORD, from = '203.0.113.1', number = account) =>
  centre.application.inject({
    method: 'POST',
    url: '/login',
    remoteAddress: from,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: new URLSearchParams({ account: number, password }).toString(),
  });

/** Comes back as told until let in; answers how long that took, in seconds. */
async function waitedFor(from: string): Promise<number> {
  for (let waited = 0; ; ) {
    const answer = await logIn(PASSWORD, from);
    if (answer.statusCode === 303) return waited;
    expect(answer.statusCode).toBe(429);
    const seconds = Number(answer.headers['retry-after']);
    expect(seconds).toBeLessThanOrEqual(120);
    move(seconds * 1_000);
    waited += seconds;
    expect(waited).toBeLessThanOrEqual(720);
  }
}

describe('A clock that is set back by a day locks nobody out', () => {
  it('A clock that is set back by a day locks nobody out after too many failures from one address', async () => {
    for (let at = 0; at < 10; at++) await logIn('wrong');
    move(-DAY);
    expect(await waitedFor('203.0.113.1')).toBeLessThanOrEqual(60);
  });

  it('A clock that is set back by a day locks nobody out after a number was tried from everywhere, with a reservation, with a promise and with neither', async () => {
    for (let at = 0; at < 60; at++) await logIn('wrong', `198.51.100.${at}`);
    move(-DAY);
    for (const address of ['198.51.100.31', '198.51.100.59', '203.0.113.77']) await waitedFor(address);
  });

  it('A clock that is set back by a day locks nobody out after many numbers were tried in one network', async () => {
    for (let at = 0; at < 280; at++) await logIn('wrong', '203.0.113.9', `1177${String(at).padStart(8, '0')}`);
    move(-DAY);
    expect(await waitedFor('203.0.113.9')).toBeLessThanOrEqual(120);
  });

  it('A clock that is set back by a day locks nobody out after a new password or the end of all other sessions', async () => {
    const cookie = await centre.signIn(account);
    await centre.ask('/center/account/sessions', { cookie, form: { session: 'others' } });
    move(-DAY);
    expect((await logIn()).statusCode).toBe(303);
  });

  it('A clock that is set back by a day locks nobody out who is signed in: the session ends two hours after its last use and twelve after the clock was set back', async () => {
    const cookie = await centre.signIn(account);
    move(-DAY);
    const page = await centre.ask('/center/account', { cookie });
    expect(page.status).toBe(200);
    const renewed = cookiesOf(page);
    expect(renewed).toMatch(/session=ey/);
    expect((await centre.ask('/center/session', { cookie: renewed })).body).toBe('{"secondsLeft":7200}');
    move(121 * MINUTE);
    expect((await centre.ask('/center/account', { cookie: renewed })).status).toBe(303);
  });

  it('After a clock was set back by a day, sessions of the time ahead end with all others', async () => {
    const [one, other] = [await centre.signIn(account), await centre.signIn(account)];
    move(-DAY);
    await centre.ask('/center/account/sessions', { cookie: one, form: { session: 'others' } });
    await centre.settled();
    while ((await centre.ask('/center/account', { cookie: other })).status !== 303) await new Promise(setImmediate);
    expect((await centre.ask('/center/account', { cookie: one })).status).toBe(200);
  });

  it.each([
    ['2026-12-30T02:00:00.000Z', -3 * DAY],
    ['2027-01-01T00:00:00.000Z', -MINUTE * 5],
  ])('After a clock was set back by a day, sessions that began at %s, in a month that is to come again, end with all others', async (began, back) => {
    const now = centre.clock.time;
    centre.clock.time = new Date(began);
    const other = await centre.signIn(account);
    move(back);
    const one = await centre.signIn(account);
    await centre.settled();
    await centre.ask('/center/account/sessions', { cookie: one, form: { session: 'others' } });
    await centre.settled();
    while ((await centre.ask('/center/account', { cookie: other })).status !== 303) await new Promise(setImmediate);
    expect((await centre.ask('/center/account', { cookie: one })).status).toBe(200);
    centre.clock.time = now;
  });

  it('After a clock was set back by a day, a session of any later month that is known of ends with all others', async () => {
    const id = await centre.idOf(account);
    const now = centre.clock.time.toISOString();
    const ends = (ahead: readonly string[]) => {
      const command = new SignOutOthers({ id: randomUUID(), at: now }, id, now, '2028-05-03T02:00:00.000Z', undefined, undefined, false, ahead);
      return causedBy({ by: id, origin: 'person', correlation: now }, () => centre.get(CommandBus).execute(command));
    };
    centre.clock.time = new Date('2028-05-02T02:00:00.000Z');
    await centre.signIn(account);
    centre.clock.time = new Date(now);
    expect((await ends([])).recorded).toBe(0);
    expect((await ends(['2028-05-02T02:00:00.000Z'])).recorded).toBe(2); // and that no other begins by what was shown before
  });

  it('A clock that is set back by a day locks nobody out after it went ahead by as much, and copies of a cookie whose session was ended stay good for nothing', async () => {
    const cookie = await centre.signIn(account);
    await centre.ask('/logout', { cookie, form: { _: '' } });
    await centre.settled();
    move(DAY);
    const other = await centre.signIn(account);
    await centre.ask('/center/account', { cookie: other });
    await centre.ask('/logout', { cookie: other, form: { _: '' } });
    move(-DAY);
    expect((await centre.ask('/center/account', { cookie })).status).toBe(303);
  });

  it('After a clock was set back by a day, a code of an office is good for no longer than a day', async () => {
    const id = await centre.idOf(account);
    const code = newResetCode();
    const until = new Date(centre.clock.time.getTime() + DAY).toISOString();
    await centre.record(new IssueResetCode(centre.given(), id, resetCodeHash(centre.get(SessionKeys).reset, id, code), until));
    move(-DAY);
    const password = '四郎探母 坐宫一折';
    const reset = () => centre.ask('/login/reset', { form: { account, code, password, again: password } });
    expect((await reset()).text).toContain('号码或重设码不对');
    move(DAY);
    expect((await reset()).headers.location).toMatch(/^\/login\/reset\?done=./);
  });

  it('After a clock was set back by a day, an answer is held back no longer than it would have been', async () => {
    await new SystemClock().until(Date.now() + DAY, 5);
  });
});
