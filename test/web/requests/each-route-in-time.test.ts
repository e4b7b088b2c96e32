import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { Connection } from '../../../src/event-store/eventstoredb/connection/connection.js';
import { log } from '../../../src/kernel/log.js';
import { NotificationOutcomes } from '../../../src/payments/notifications/notification-outcomes.js';
import { TIME_LIMITS } from '../../../src/web/requests/time-limits.js';
import type { Answer } from '../../centre.js';
import { type ClusterNode, TestCluster } from '../../event-store/eventstoredb/test-server/test-cluster.js';
import { SsoBrowser } from '../../identity/single-sign-on/sso-browser.js';
import { SsoCentre, zhangSan } from '../../identity/single-sign-on/sso-centre.js';
import { ACCOUNT, OTHER, PayingCentre } from '../../payments/paying/paying-centre.js';
import { until } from '../../until.js';

type Form = Readonly<Record<string, string>>;

const NEW = '四郎探母 坐宫一折';
const ID_NO = '119900199611020005';
/** Milliseconds that a request waits for the log while it hangs. */
const SHORT = 300;

beforeAll(() => {
  for (const level of ['error', 'warn', 'info'] as const) jest.spyOn(log, level).mockImplementation(() => undefined);
});

/** A log that hangs for good: a call that would be given up by the connection's own limits is not answered until the end. */
function hangingForGood(): { end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { call } = Connection.prototype;
  const spy = jest.spyOn(Connection.prototype, 'call').mockImplementation(async function (this: Connection, ...given) {
    try {
      return await (call as (...all: unknown[]) => Promise<unknown>).apply(this, given);
    } catch (error) {
      await promise;
      throw error;
    }
  });
  return {
    end() {
      spy.mockRestore();
      resolve();
    },
  };
}

describe('Each route of a centre whose log hangs', () => {
  let [waits, given] = [TIME_LIMITS.log, 0];
  const limits = {
    ...TIME_LIMITS,
    get log() {
      given += 1;
      return waits;
    },
  };
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  const at = PayingCentre.forTests(() => ({ EVENT_STORE_URL: cluster.url }), limits);
  afterAll(() => cluster.close());

  let hanging: { end(): void } | undefined;
  afterEach(async () => {
    for (const { server } of cluster.nodes) {
      server.appending.unanswered = 0;
      server.appending.release();
    }
    (cluster.leader as ClusterNode).thaw();
    waits = TIME_LIMITS.log;
    hanging?.end();
    await until('the log answers again', () => at.centre.get(EventStore).pendingCommands === 0);
  });

  const routes = () => at.centre.application.getHttpAdapter().getInstance().routeTable.all();
  const address = (url: string) => url.replace(':no', at.bill).replace(':period', '2704').replace(':course', '03708').replace(/:\w+/g, '1').replace('*', 'x');

  /** By their routes, forms that lead to the log. */
  const forms = async (): Promise<Readonly<Record<string, Form>>> => ({
    '/login': { account: ACCOUNT, password: 'correct horse' },
    '/login/choice': { choice: await at.centre.idOf(OTHER) },
    '/login/reset': { account: ACCOUNT, code: 'AAAA-AAAA-AAAA', password: NEW, again: NEW },
    '/center/account/sessions': { session: 'others' },
    '/center/account/number': { number: await at.centre.idOf(OTHER) },
    '/center/account/password': { old: 'correct horse', password: NEW, again: NEW },
    '/center/courses/:period/:course/withdraw': { _: '' },
    '/center/payments/:no': { _: '' },
    '/center/bills/:no/cancel': { _: '' },
    '/logout': { _: '' }, // the last one: the session is over
  });

  it('Each route of a centre whose log hangs has a form in this test where it records something', async () => {
    const recording = routes().filter(({ method, url, describesOutcome }) => method === 'POST' && describesOutcome && !url.startsWith('/office')); // see office-routes.test.ts
    expect(recording.map(({ url }) => url).toSorted()).toEqual([...Object.keys(await forms()), '/login/bjt/choice'].toSorted());
  });

  const choosing = async () => {
    const answer = await at.centre.ask('/login', { form: { account: ID_NO, password: 'correct horse' } });
    return [answer.headers['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';')[0]);
  };

  /** What each form is answered, in the order given. */
  const sendAll = async (cookie: string, toSend: Readonly<Record<string, Form>>) => {
    const answers: [string, Answer][] = [];
    for (const [url, form] of Object.entries(toSend)) answers.push([url, await at.centre.ask(address(url), { cookie, form })]);
    return answers;
  };

  it('Each route of a centre whose log hangs is answered within its time limit while the leader is frozen and none is elected, and has recorded nothing', async () => {
    const [cookie, toSend] = [[at.cookie, ...(await choosing())].join('; '), await forms()];
    const before = await at.centre.get(EventStore).head();
    hanging = hangingForGood();
    waits = SHORT;
    (cluster.leader as ClusterNode).freeze();
    const seen = `${cookie}; seen=${'f'.repeat(32)}`; // what is waited for is asked of the log
    const gets = routes().filter(({ method }) => method === 'GET');
    expect(gets.length).toBeGreaterThan(30);
    given = 0;
    const shown = await Promise.all(gets.map(async ({ url }) => [url, (await at.centre.ask(address(url), { cookie: seen })).status]));
    expect(shown.filter(([, status]) => status === 500)).toEqual([]);
    expect(given).toBe(gets.length); // each has one time for all that it waits
    for (const [url, { status, text }] of await sendAll(cookie, toSend)) expect([url, status, text]).toEqual([url, 503, expect.stringContaining('没有记录')]);
    (cluster.leader as ClusterNode).thaw();
    hanging.end();
    await until('all that was given up to be left', () => at.centre.get(EventStore).pendingCommands === 0);
    expect(await at.centre.get(EventStore).head()).toBe(before);
  });

  it("Each route of a centre whose log hangs shows its page without waiting for the reader's own write where it only reads", async () => {
    hanging = hangingForGood();
    waits = 3_600_000;
    (cluster.leader as ClusterNode).freeze();
    const { status, $ } = await at.centre.ask('/center', { cookie: `${at.cookie}; seen=${'f'.repeat(32)}` });
    expect([status, $('h1').length]).toEqual([200, 1]);
  });

  it('Each route of a centre whose log hangs answers the payment platform in time that it should try again', async () => {
    const paid = await at.leave();
    hanging = hangingForGood();
    waits = SHORT;
    (cluster.leader as ClusterNode).freeze();
    const paying = at.atPlatform(paid, 'alipay');
    await until('the platform is answered', () => (at.centre.get(NotificationOutcomes).counts().get('unavailable') ?? 0) > 0);
    await paying;
  });

  it('Each route of a centre whose log hangs is answered within its time limit while the leader answers reads but no appends', async () => {
    const [cookie, toSend] = [[at.cookie, ...(await choosing())].join('; '), await forms()];
    hanging = hangingForGood();
    waits = SHORT;
    for (const { server } of cluster.nodes) server.appending.unanswered = Number.POSITIVE_INFINITY;
    const { '/login/reset': wrongCode, ...recording } = toSend; // it is only looked at, and refused
    expect((await sendAll(cookie, recording)).map(([url, { status }]) => [url, status])).toEqual(Object.keys(recording).map((url) => [url, 503]));
  });
});

describe('The routes of signing in by 北京通 while the log hangs', () => {
  const limits = { ...TIME_LIMITS };
  const at = SsoCentre.forTests(limits);

  it('The routes of signing in by 北京通 while the log hangs are answered within their time limit', async () => {
    const browser = new SsoBrowser();
    const back = await at.backFrom(zhangSan, browser);
    jest.spyOn(at.centre.get(EventStore), 'streams').mockImplementation(() => new Promise(() => undefined));
    limits.log = SHORT;
    expect((await browser.get(back)).text).toContain('没有记录任何内容');
  });
});
