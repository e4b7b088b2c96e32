import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StoreUnavailable } from '../../src/event-store/append.js';
import { causedBy, nothingWasSent } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { SignOut } from '../../src/identity/sign-out.command.js';
import { log } from '../../src/log.js';
import { ErrorPages } from '../../src/web/errors.filter.js';
import { TestCentre } from '../centre.js';

/** What the page of an error says. */
function messageFor(method: 'GET' | 'POST', error: Error): string {
  let said = '';
  const reply = {
    sent: false,
    header: () => reply,
    status: () => reply,
    view: (_: string, { message }: { readonly message: string }) => {
      said = message;
    },
  };
  const http = { getRequest: () => ({ id: 'a', method, routeOptions: { url: '/' } }), getResponse: () => reply };
  new ErrorPages().catch(error, { switchToHttp: () => http } as never as ArgumentsHost);
  return said;
}

it('A form that the log did not answer in time is told that nobody knows yet whether it was done, a page that it should come back', () => {
  jest.spyOn(log, 'error').mockImplementation(() => undefined);
  const away = new StoreUnavailable('the log cannot be used now');
  expect(messageFor('POST', away)).toContain('现在还不能确定您的操作是否已经完成');
  expect(messageFor('GET', away)).toBe('请稍后再试。');
});

describe('A form, when the log does not answer', () => {
  let centre: TestCentre;
  let cookie: string;
  beforeAll(async () => {
    centre = await TestCentre.open();
    await centre.candidate('119912345678');
    cookie = await centre.signIn('119912345678');
  });
  afterAll(() => centre.close());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const endSessions = () => centre.ask('/center/account/sessions', { cookie, form: { session: 'others' } });
  const away = () => Promise.reject(new StoreUnavailable('the log cannot be used now'));

  it('is told that nothing was recorded where nothing was handed to the log', async () => {
    jest.spyOn(centre.get(EventStore), 'streams').mockImplementation(away);
    const { status, text } = await endSessions();
    expect(status).toBe(503);
    expect(text).toContain('没有记录任何内容');
  });

  it('is told that it cannot be known yet, and how to see it, where events were handed over', async () => {
    await centre.signIn('119912345678');
    jest.spyOn(centre.get(EventStore), 'append').mockImplementation(away);
    const { status, text } = await endSessions();
    expect(status).toBe(503);
    expect(text).toContain('现在还不能确定您的操作是否已经完成。请过一分钟打开首页、课程、账单或账号，先查看结果');
    expect(text).not.toContain('没有记录任何内容');
  });

  it('of which a part was recorded before the log went away is never told that nothing was', async () => {
    const events = centre.get(EventStore);
    const signOut = (session: string) =>
      centre
        .get(CommandBus)
        .execute(new SignOut({ id: session, at: '2026-11-22T02:00:00.000Z' }, 'c', session, '2026-11-22T01:00:00.000Z', '2026-11-22T13:00:00.000Z'));
    await causedBy({ by: 'c', origin: 'person', correlation: 'a request' }, async () => {
      expect(nothingWasSent()).toBe(true);
      await signOut('recorded');
      jest.spyOn(events, 'streams').mockImplementation(away);
      await causedBy({ by: 'd', origin: 'person', correlation: 'a request' }, () => expect(signOut('not recorded')).rejects.toThrow(StoreUnavailable));
      expect(nothingWasSent()).toBe(false);
    });
  });
});
