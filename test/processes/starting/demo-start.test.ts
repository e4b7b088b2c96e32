import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { writeCohort } from '../../../demo/cohort.js';
import { knownEvents } from '../../../src/composition/known/events.js';
import { START } from '../../../src/event-store/event.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite/event-store.js';
import { readInstallation, recordInstallation } from '../../../src/installation/installation.js';
import { run } from '../../cli/run.js';
import { field, rowsOf } from '../../demo/batch-rows.js';
import { ask, CentreProcess, folder, killedAt, ready, signIn } from '../centre-process.js';

async function logOf<T>(data: string, work: (events: SqliteEventStore) => Promise<T>): Promise<T> {
  const events = new SqliteEventStore(join(data, 'events.sqlite'), knownEvents);
  try {
    return await work(events);
  } finally {
    await events.close();
  }
}

/** The number of events of each type in a log, and its head. */
function logIn(data: string) {
  return logOf(data, async (events) => {
    const counts: Record<string, number> = {};
    let position = START;
    for (let end = false; !end; ) {
      const page = await events.read(position, 5_000);
      for (const { type } of page.events) counts[type] = (counts[type] ?? 0) + 1;
      ({ position, end } = page);
    }
    return { position, counts };
  });
}

it('An empty log gets a demo cohort with five accounts to try; a restart keeps it, and whoever is signed in', async () => {
  const data = folder();
  const first = new CentreProcess({ DATA_DIR: data, DEMO: '' });
  const { address, demo, officers, sandboxes } = await first.started();
  expect(demo).toHaveLength(5);
  expect(officers.map(({ account, code }) => [account, typeof code])).toHaveLength(7);
  expect(sandboxes.map(({ name }) => name)).toEqual(['支付平台', '北京通']);
  for (const sandbox of sandboxes) expect(new URL(sandbox.address).port).not.toBe('');
  const footer = (await ask(address, '/login')).body;
  for (const line of ['京ICP备00000000号-1（示例）', '京公网安备 11010000000000号（示例）', '各考期的日期按今天调整过']) expect(footer).toContain(line);
  await ready(address);
  const cookies: string[] = [];
  for (const { admissionNo, citizenNo, password } of demo) {
    // at once: what is offered to be tried can be tried
    const account = citizenNo ?? admissionNo;
    const { status, body } = await ask(address, '/login', { form: { account, password } });
    expect([account, status, body.includes('选择准考证号')]).toEqual([account, citizenNo ? 200 : 303, citizenNo !== undefined]);
    if (!citizenNo) cookies.push(await signIn(address, account, password));
  }
  const { account = '', code = '' } = officers[0] ?? {};
  const form = { account, code, password: '四郎探母 坐宫一折', again: '四郎探母 坐宫一折' };
  expect((await ask(address, '/office/login/code', { form })).headers.get('location')).toBe('/office/login?set=1');
  const ended = await first.kill('SIGTERM');
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  const before = await logIn(data);
  expect(before.counts).toMatchObject({ CandidateRegistered: 200, InstallationMade: 1, OfficerAdded: 7, OfficerPasswordSet: 1 });

  const second = new CentreProcess({ DATA_DIR: data, DEMO: '' });
  const again = await second.started();
  expect(again.demo).toEqual(demo);
  expect(again.officers).toEqual([{ account, role: officers[0]?.role }, ...officers.slice(1)]);
  for (const cookie of cookies) expect([200, 303]).toContain((await ask(again.address, '/center', { cookie })).status);
  expect((await ask(again.address, '/center', { cookie: cookies[0] ?? '' })).body).toContain(demo[0]?.admissionNo ?? 'nobody');
  expect((await second.kill('SIGTERM')).code).toBe(0);
  expect(await logIn(data)).toEqual(before);

  const cohort = folder();
  await writeCohort(cohort, new Date());
  const logged = [...first.logged, ...second.logged];
  expect(logged.length).toBeGreaterThan(0);
  for (const line of logged) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
  const words = logged.join('\n');
  for (const row of rowsOf(cohort, 'candidates'))
    for (const column of ['admission_no', 'id_no', 'name']) expect(words.includes(field(row, column))).toBe(false);
  for (const cookie of cookies) expect(words.includes(cookie.split('.').at(-1) ?? '')).toBe(false);
});

it('A start that was killed while it recorded the demo cohort is completed by the next', async () => {
  const whole = folder();
  const clean = new CentreProcess({ DATA_DIR: whole, DEMO: '' });
  await clean.started();
  await clean.kill('SIGTERM');

  const data = folder();
  await logOf(data, (events) => recordInstallation(events, true)); // and was killed a first time, before it recorded anything else
  const { ended } = new CentreProcess({ DATA_DIR: data, DEMO: '', ...killedAt('after commit of CandidateRegistered') });
  expect((await ended).signal).toBe('SIGKILL');
  const left = await logIn(data);
  expect(left.counts.CandidateRegistered).toBeGreaterThan(0);
  expect(left.counts).not.toEqual((await logIn(whole)).counts);

  const next = new CentreProcess({ DATA_DIR: data, DEMO: '' });
  const { address, demo } = await next.started();
  expect(demo).toHaveLength(5);
  await ready(address);
  await next.kill('SIGTERM');
  const counts = { ...(await logIn(whole)).counts, ImportBegun: 3 }; // the run that was killed is a batch of its own, without an end
  expect((await logIn(data)).counts).toEqual(counts);
});

it('Without a demo it starts empty: the login page and the public ones are there, and nobody is let in', async () => {
  const data = folder();
  const { address, demo, officers } = await new CentreProcess({ DATA_DIR: data }).started();
  expect([demo, officers]).toEqual([[], []]);
  await ready(address);
  for (const path of ['/login', '/help', '/privacy']) expect((await ask(address, path)).status).toBe(200);
  expect((await ask(address, '/')).headers.get('location')).toBe('/center');
  expect((await ask(address, '/center')).headers.get('location')).toBe('/login');
  expect((await ask(address, '/login', { form: { account: '103000000003', password: 'x' } })).status).toBe(422);
  expect((await logIn(data)).counts).toEqual({ InstallationMade: 1 });
});

it('A start that forgets to turn the demo off on imported data offers no sandbox of 北京通 or of the payment platform, and says so', async () => {
  const data = folder();
  const batch = folder();
  writeFileSync(join(batch, 'districts.csv'), 'name,office,place,address,phone\n海淀区,海淀区自考办,办事大厅,中关村大街1号,010-00000000\n');
  expect((await run(['import', batch], { DATA_DIR: data }).ended).code).toBe(0);
  expect(await logOf(data, readInstallation)).toMatchObject({ demo: false });

  const centre = new CentreProcess({ DATA_DIR: data, DEMO: 'true' });
  const { address, demo } = await centre.started();
  expect(demo).toEqual([]);
  expect((await ask(address, '/login')).body).not.toContain('/login/bjt');
  expect(readdirSync(data).filter((name) => /sandbox|demo/.test(name))).toEqual([]);
  expect(centre.logged.filter((line) => line.includes('the data are not the demo’s'))).toHaveLength(1);
});
