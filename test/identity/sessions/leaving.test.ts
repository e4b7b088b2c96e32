import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Catalogue } from '../../../src/catalogue/catalogue.js';
import { AppModule } from '../../../src/composition/app.module.js';
import { createServer } from '../../../src/composition/server.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { EndedSessions } from '../../../src/identity/sessions/ended-sessions.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { TestCentre } from '../../centre.js';

const ACCOUNT = '119912345678';
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.candidate(ACCOUNT);
});
afterAll(() => centre.close());

const account = (cookie: string) => centre.ask('/center/account', { cookie });

describe('退出登录 while a store is away', () => {
  it.each([
    [500, new Error('the disk is full'), '这个浏览器已经退出登录。 “退出登录”：系统没有及时回应，还不能确定有没有记录'],
    [503, new StoreUnavailable('no answer'), '这个浏览器已经退出登录。 “退出登录”：系统没有及时回应，还不能确定有没有记录'],
  ])(
    '退出登录 while a store is away ends the session in this browser and for copies of its cookie, and is answered %i, where the log cannot take it',
    async (status, error, words) => {
      const cookie = await centre.signIn(ACCOUNT);
      centre.clock.time = new Date(centre.clock.time.getTime() + 120_000); // any other page would renew it
      const append = jest.spyOn(centre.get(EventStore), 'append').mockRejectedValue(error);
      const answer = await centre.ask('/logout', { cookie, form: {} });
      append.mockRestore();
      expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
      expect([answer.headers['set-cookie']].flat()).toEqual([expect.stringMatching(/^session=; Max-Age=0/)]);
      expect((await account(cookie)).status).toBe(303);
    },
  );

  it('退出登录 while a store is away asks no read model, so that one that is away keeps nobody signed in', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    const other: NestFastifyApplication = await createServer(AppModule.of(centre.settings, centre.clock), centre.settings);
    await other.init();
    await other.getHttpAdapter().getInstance().ready();
    await other.get(Catalogue).start();
    await other.get(EndedSessions).start();
    const away = jest.spyOn(other.get(ReadModels), 'get').mockRejectedValue(new StoreUnavailable('no answer'));
    const answer = await other.inject({ method: 'POST', url: '/logout', headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    expect(away).not.toHaveBeenCalled();
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/login?out=1']);
    expect([answer.headers['set-cookie']].flat().join()).toMatch(/session=; Max-Age=0/);
    while ((await account(cookie)).status !== 303) await new Promise(setImmediate);
    await other.close();
  });
});
