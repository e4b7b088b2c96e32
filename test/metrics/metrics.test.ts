import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { Catalogue } from '../../src/catalogue/catalogue.js';
import { DescribeCourse } from '../../src/catalogue/courses/describe-course.command.js';
import { ListMajorCourse } from '../../src/catalogue/majors/list-major-course.command.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { Passwords } from '../../src/identity/passwords/passwords.js';
import { Metrics, prometheusText } from '../../src/kernel/metrics.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { MetricsServer } from '../../src/metrics/metrics.server.js';
import { exposeWebProcessMetrics } from '../../src/metrics/web-processes.js';
import { TestCentre } from '../centre.js';
import { foundIn } from '../privacy/files.js';
import { until } from '../until.js';
import { exposedIn, valuesOf } from './exposed.js';

const ACCOUNT = '010104100001';
const CLOSED = '010104100002';
const NAME = '欧阳示范';
const CITIZEN_NO = '110101199003074258';

let centre: TestCentre;
let id = '';
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { METRICS_PORT: '0' });
  id = await centre.candidate(ACCOUNT, { name: NAME, id_no: CITIZEN_NO });
  await centre.candidate(CLOSED, { account_state: 'closed', id_no: '110101199003074259' });
});
afterAll(() => centre.close());

const values = (name: string) => valuesOf(centre.metrics, name);
const oneValue = async (name: string) => (await values(name))[0]?.value;

let before = new Map<string, number>();
beforeEach(async () => {
  before = new Map();
  for (const name of ['commands_total', 'events_appended_total', 'logins_total', 'request_duration_seconds_count'])
    for (const { labels, value } of await values(name)) before.set(name + JSON.stringify(labels), value);
});

/** By how much a counter has grown in this test, by its labels. */
async function growthOf(name: string): Promise<readonly unknown[]> {
  const grown = (await values(name)).map(({ labels, value }) => ({ ...labels, by: value - (before.get(name + JSON.stringify(labels)) ?? 0) }));
  return grown.filter(({ by }) => by !== 0);
}

const office = <T>(work: () => T) => causedBy({ by: 'office', origin: 'office', correlation: 'x' }, work);
const describeCourse = (name: string) => office(() => centre.get(CommandBus).execute(new DescribeCourse(centre.given(), '00015', { name })));

describe('Commands in the metrics', () => {
  it('Commands in the metrics are counted by type and outcome, with the events that they recorded', async () => {
    const events = centre.get(EventStore);
    const { append } = events;
    await describeCourse('英语（二）');
    await describeCourse('英语（二）');
    await describeCourse('英语二');
    await expect(office(() => centre.get(CommandBus).execute(new ListMajorCourse(centre.given(), '99Z9999', '00015', true)))).rejects.toThrow('major.unknown');
    events.append = () => Promise.reject(new StoreUnavailable('the disk is full'));
    await expect(describeCourse('一')).rejects.toThrow('the disk is full');
    events.append = () => Promise.reject(new Error('a fault'));
    await expect(describeCourse('二')).rejects.toThrow('a fault');
    events.append = append;
    expect(await growthOf('commands_total')).toEqual([
      { command: 'DescribeCourse', outcome: 'recorded', code: '', by: 2 },
      { command: 'DescribeCourse', outcome: 'nothing', code: '', by: 1 },
      { command: 'ListMajorCourse', outcome: 'refused', code: 'major.unknown', by: 1 },
      { command: 'DescribeCourse', outcome: 'unavailable', code: '', by: 1 },
      { command: 'DescribeCourse', outcome: 'failed', code: '', by: 1 },
    ]);
    expect(await growthOf('events_appended_total')).toEqual([{ by: 2 }]);
  });

  it('Commands in the metrics that wait for the log are counted', async () => {
    const events = centre.get(EventStore);
    const { append } = events;
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    events.append = async (appends) => {
      arrived.resolve();
      await goOn.promise;
      return append.call(events, appends);
    };
    const first = describeCourse('三');
    await arrived.promise;
    const others = [describeCourse('四'), describeCourse('五')];
    await until('all to wait', async () => (await oneValue('commands_waiting')) === 3);
    events.append = append;
    goOn.resolve();
    await Promise.all([first, ...others]);
    expect(await oneValue('commands_waiting')).toBe(0);
  });
});

describe('Logins in the metrics', () => {
  it('Logins in the metrics are counted by outcome', async () => {
    const logIn = (account: string, password: string) => centre.ask('/login', { form: { account, password } });
    await logIn(ACCOUNT, 'correct horse');
    await logIn('', '');
    await logIn(CLOSED, 'correct horse');
    for (let time = 0; time < 5; time++) await logIn('010104100009', 'wrong');
    await centre.ask('/login/choice', { form: { choice: 'x' } });
    const counted = await growthOf('logins_total');
    expect(counted).toEqual(
      [
        { outcome: 'entered', by: 1 },
        { outcome: 'incomplete', by: 1 },
        { outcome: 'closed', by: 1 },
        { outcome: 'wrong', by: 4 },
        { outcome: 'delayed', by: 1 },
        { outcome: 'expired', by: 1 },
      ].map((each) => expect.objectContaining(each)),
    );
    await values('logins_total');
    expect(await growthOf('logins_total')).toEqual(counted);
  });

  it('Logins in the metrics whose passwords are being checked are counted', async () => {
    const passwords = centre.get(Passwords);
    const checks = [1, 2, 3].map(() => passwords.verifyDummy('x'));
    expect(passwords.pending).toBe(3);
    await Promise.all(checks);
    expect(await oneValue('password_checks_waiting')).toBe(0);
  });
});

describe('Pages in the metrics', () => {
  it('Pages in the metrics are timed by route pattern, method and class of status, whatever the address contains', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    for (const number of ['20260000000001', '20260000000002']) await centre.ask(`/center/bills/${number}?x=${CITIZEN_NO}`, { cookie });
    await centre.ask('/center', { cookie });
    await centre.ask(`/${encodeURIComponent(NAME)}`);
    expect(await growthOf('request_duration_seconds_count')).toEqual([
      { route: '/login', method: 'POST', status: '3xx', by: 1 },
      { route: '/center/bills/:no', method: 'GET', status: '4xx', by: 2 },
      { route: '/center', method: 'GET', status: '2xx', by: 1 },
      { route: 'none', method: 'GET', status: '4xx', by: 1 },
    ]);
  });

  it('Pages in the metrics are not ready while the reference data is not loaded', async () => {
    expect(await oneValue('ready')).toBe(1);
    const catalogue = centre.get(Catalogue);
    const { healthProblem } = catalogue;
    catalogue.healthProblem = () => ({ scope: 'process', reason: '落后 6 秒' });
    expect(await oneValue('ready')).toBe(0);
    catalogue.healthProblem = healthProblem;
  });
});

describe('The metrics', () => {
  it('The metrics contain no name, no number and no id', async () => {
    const text = await prometheusText([(await centre.metrics?.snapshot()) ?? []]);
    expect(foundIn(centre.folder, [text], { ACCOUNT, NAME, CITIZEN_NO, id }).filter((place) => place.includes('line of the log'))).toEqual([]);
    for (const { labels } of exposedIn(text)) for (const value of Object.values(labels)) expect(value).not.toMatch(/\d{6}/);
  });

  it("The metrics include Node's own: memory, processor, event loop delay", async () => {
    const names = new Set(exposedIn(await prometheusText([(await centre.metrics?.snapshot()) ?? []])).map(({ name }) => name));
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes'])
      expect([name, names.has(name)]).toEqual([name, true]);
  });

  it('The metrics are of all processes, each value labelled with its process', async () => {
    const processes = ['main', 'web-1', 'web-2'].map((name) => new Metrics(name));
    processes.forEach((metrics, at) => {
      metrics.counter('tries_total', 'of this test', ['outcome']).inc({ outcome: 'good' }, at + 1);
      metrics.histogram('took_seconds', 'of this test', [], [1]).observe(0.5);
    });
    exposeWebProcessMetrics(processes[0] as Metrics, 2, () => 1);
    const text = await prometheusText(await Promise.all(processes.map((metrics) => metrics.snapshot())));
    expect(text.match(/^personal_centre_(tries|took|web).*$/gm)).toEqual([
      'personal_centre_tries_total{outcome="good",process="main"} 1',
      'personal_centre_tries_total{outcome="good",process="web-1"} 2',
      'personal_centre_tries_total{outcome="good",process="web-2"} 3',
      ...['main', 'web-1', 'web-2'].flatMap((name) => [
        `personal_centre_took_seconds_bucket{le="1",process="${name}"} 1`,
        `personal_centre_took_seconds_bucket{le="+Inf",process="${name}"} 1`,
        `personal_centre_took_seconds_sum{process="${name}"} 0.5`,
        `personal_centre_took_seconds_count{process="${name}"} 1`,
      ]),
      'personal_centre_web_processes_wanted{process="main"} 2',
      'personal_centre_web_processes_serving{process="main"} 1',
    ]);
    expect(text.match(/^# TYPE personal_centre_tries_total counter$/gm)).toHaveLength(1);
  });

  it('The metrics are answered at /metrics of their own port, to GET and HEAD only', async () => {
    const metrics = new Metrics('main');
    let gather = async () => [await metrics.snapshot()];
    const server = await MetricsServer.listen(0, '127.0.0.1', () => gather());
    const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    const answer = await ask('/metrics');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(exposedIn(await answer.text()).length).toBeGreaterThan(20);
    expect((await ask('/metrics', 'HEAD')).status).toBe(200);
    expect((await ask('/metrics', 'POST')).status).toBe(405);
    expect((await ask('/metrics?of=x')).status).toBe(200);
    for (const path of ['/', '/login', '/metrics/x']) expect((await ask(path)).status).toBe(404);
    gather = () => Promise.reject(new Error('a fault'));
    expect((await ask('/metrics')).status).toBe(500);
    await server.close();
    await expect(ask('/metrics')).rejects.toThrow('fetch failed');
    expect((await centre.ask('/metrics')).status).toBe(404);
  });
});
