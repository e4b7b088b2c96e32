import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { load } from 'cheerio';
import { causedBy, causedInBackground, currentAppendsIfAny } from '../../../src/event-store/cause.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { SignOut } from '../../../src/identity/sessions/sign-out.command.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { TestCentre } from '../../centre.js';
import { tampered } from '../../tampered.js';
import { answersLost, appendsLost, logAway, lookedUpAt } from './lost-answers.js';

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  jest.spyOn(log, 'error').mockImplementation(() => undefined);
  centre = await TestCentre.open();
  await centre.candidate('119912345678');
});
beforeEach(async () => {
  pass(3_600);
  cookie = await centre.signIn('119912345678');
  await centre.signIn('119912345678');
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => centre.close());

const pass = (seconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + seconds * 1_000);
};
const endSessions = () => centre.ask('/center/account/sessions', { cookie, form: { session: 'others' } });
const cause = { by: 'c', origin: 'person', correlation: 'a request' } as const;
const signOut = (session: string) =>
  centre
    .get(CommandBus)
    .execute(new SignOut({ id: session, at: '2026-11-22T02:00:00.000Z' }, 'c', session, '2026-11-22T01:00:00.000Z', '2026-11-22T13:00:00.000Z'));
/** Sends the form, and answers where its outcome is looked up. */
async function unanswered(): Promise<string> {
  const address = lookedUpAt(await endSessions());
  if (address === undefined) throw new Error('the page does not look its outcome up');
  jest.restoreAllMocks();
  return address;
}

describe('A form for which the log gives no answer in time', () => {
  it('A form for which the log gives no answer in time is answered that nothing was recorded where nothing was sent to the log', async () => {
    logAway(centre);
    const { status, text, $ } = await endSessions();
    expect([status, $('#outcome').length]).toEqual([503, 0]);
    expect(text).toContain('没有记录任何内容');
  });

  it('A form for which the log gives no answer in time is answered that its outcome is being looked up, and where, with JavaScript and without', async () => {
    appendsLost(centre);
    const answer = await endSessions();
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10']);
    expect(answer.text).toContain('还不能确定有没有记录。正在查询，这一页会自动更新');
    expect(answer.text).not.toContain('没有记录任何内容');
    expect(answer.$('#outcome .btn').attr('href')).toBe('/center/account#sessions');
    expect(load(answer.$('noscript').html() ?? '')('meta').attr('content')).toBe(`2;url=${lookedUpAt(answer)}`);
  });

  it('A form for which the log gives no answer in time is answered that it is recorded once the log says so', async () => {
    answersLost(centre);
    const { status, text, $ } = await centre.ask(await unanswered(), { cookie });
    expect([status, $('h1').text(), $('#outcome').attr('hx-get')]).toEqual([200, '已经记录', undefined]);
    expect(text).toContain('“退出其他设备上的登录”已经记录。');
    expect((await endSessions()).headers.location).toBe('/center/account?ended=others');
  });

  it('A form for which the log gives no answer in time is answered that nothing was recorded once the log says so, and can be sent again', async () => {
    appendsLost(centre);
    const { text, $ } = await centre.ask(await unanswered(), { cookie });
    expect([$('h1').text(), $('#outcome').attr('hx-get')]).toEqual(['没有记录', undefined]);
    expect(text).toContain('没有完成，没有记录任何内容。请重新操作');
  });

  it('A form for which the log gives no answer in time has a page that looks for two minutes by itself, and by hand from then on', async () => {
    answersLost(centre);
    const address = await unanswered();
    logAway(centre);
    pass(119);
    expect(lookedUpAt(await centre.ask(address, { cookie }))).toBe(address);
    pass(1);
    const unknown = await centre.ask(address, { cookie });
    expect([unknown.$('h1').text(), lookedUpAt(unknown)]).toEqual(['现在还不能确定有没有记录', undefined]);
    expect(unknown.$('.btn.plain').attr('href')).toBe(address);
    expect(unknown.text).not.toContain('没有记录任何内容');
    jest.restoreAllMocks();
    expect((await centre.ask(address, { cookie })).$('h1').text()).toBe('已经记录');
  });

  it('A form for which the log gives no answer in time is answered that only a part is recorded where a later step was not', async () => {
    await centre.candidate('119912345679');
    const other = await centre.signIn('119912345679');
    const append = centre.get(EventStore).append.bind(centre.get(EventStore));
    appendsLost(centre);
    jest.mocked(centre.get(EventStore).append).mockImplementationOnce(append);
    const answer = await centre.ask('/center/account/sessions', { cookie: other, form: { session: 'others' } });
    expect(answer.status).toBe(503);
    jest.restoreAllMocks();
    const { text, $ } = await centre.ask(String(lookedUpAt(answer)), { cookie: other });
    expect($('h1').text()).toBe('只记录了一部分');
    expect(text).toContain('请看已登录的设备里还有没有要退出的');
  });

  it('A form for which the log gives no answer in time is answered nothing about what else was recorded in the background', async () => {
    await causedBy(cause, async () => {
      await causedInBackground(cause, () => signOut('beside'));
      expect(currentAppendsIfAny()?.recordedNothing).toBe(true);
    });
  });

  it('A form for which the log gives no answer in time is never answered that nothing was recorded when a part was', async () => {
    await causedBy(cause, async () => {
      expect(currentAppendsIfAny()?.recordedNothing).toBe(true);
      await signOut('recorded');
      logAway(centre);
      await causedBy({ ...cause, by: 'd' }, () => expect(signOut('not recorded')).rejects.toThrow(StoreUnavailable));
      expect(currentAppendsIfAny()?.recordedNothing).toBe(false);
    });
  });
});

describe('The page that looks an outcome up', () => {
  it('The page that looks an outcome up does not renew a session that nobody uses', async () => {
    appendsLost(centre);
    const address = await unanswered();
    pass(600);
    const looked = await centre.ask(address, { cookie });
    expect(looked.headers['set-cookie']).toBeUndefined();
    expect(looked.$('body').attr('data-seconds-left')).toBe(String(7_200 - 600));
  });

  it('The page that looks an outcome up says nothing for a changed or guessed address, nor a day later', async () => {
    appendsLost(centre);
    const address = await unanswered();
    const changed = tampered(address);
    for (const wrong of [changed, '/outcome', '/outcome?of=', '/outcome?of=AAAA', `/outcome?of=${'A'.repeat(7_000)}`]) {
      expect([wrong, (await centre.ask(wrong)).status]).toEqual([wrong, 404]);
    }
    expect(Buffer.from(address.slice('/outcome?of='.length), 'base64url').toString()).not.toMatch(/login-|stream|退出/);
    pass(86_401);
    expect((await centre.ask(address)).status).toBe(404);
  });

  it('The page that looks an outcome up looks once, but does not reload by itself, where the clock was set back since the form was sent', async () => {
    answersLost(centre);
    const address = await unanswered();
    pass(-90_000);
    logAway(centre);
    expect(lookedUpAt(await centre.ask(address))).toBeUndefined();
    jest.restoreAllMocks();
    expect((await centre.ask(address)).$('h1').text()).toBe('已经记录');
    pass(90_000);
  });
});

describe('A page that shows something', () => {
  it('A page that shows something claims nothing about records when a store is away', async () => {
    jest.spyOn(centre.get(EventStore), 'head').mockRejectedValue(new StoreUnavailable('no answer'));
    const { text } = await centre.ask('/center/account', { cookie });
    expect(text).not.toContain('没有记录');
  });
});
