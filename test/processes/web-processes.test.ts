import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { exposedIn } from '../metrics/exposed.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, signIn } from './centre-process.js';

type Line = Readonly<Record<string, unknown>>;

const linesOf = (centre: CentreProcess): readonly Line[] => centre.logged.map((line) => JSON.parse(line) as Line);

/** The processes that have started to serve, in order; the last one of a slot is serving. */
function serving(centre: CentreProcess): readonly { readonly place: number; readonly pid: number }[] {
  return linesOf(centre)
    .filter(({ msg }) => msg === 'a web process serves')
    .map(({ place, process }) => ({ place: Number(place), pid: Number(process) }));
}

/** Waits for a log line, which may come after the output of `--json`. */
function bothServing(centre: CentreProcess): Promise<readonly number[]> {
  return until('the log to name both processes', () => serving(centre).length === 2 && serving(centre).map(({ pid }) => pid));
}

/** Uses a new connection, so that the next request may reach another process. */
function askAnew(address: string, path: string, cookie: string, body?: URLSearchParams): Promise<Response> {
  const headers = { 'sec-fetch-site': 'same-origin', connection: 'close', cookie };
  return fetch(`${address}${path}`, { method: body ? 'POST' : 'GET', redirect: 'manual', headers, ...(body && { body }) });
}

/** The process that answered, from the log line with the request's id. */
function answeredBy(centre: CentreProcess, { headers }: Pick<Response, 'headers'>): Promise<number> {
  return until('the answer to be logged', () => {
    const line = linesOf(centre).find(({ msg, request }) => msg === 'request' && request === headers.get('x-request-id'));
    return line && Number(line.pid);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('Two web processes share a port and sessions, one that is killed is restarted without failed requests, and all end together', async () => {
  const centre = new CentreProcess({ DATA_DIR: folder(), DEMO: '', WEB_PROCESSES: '2', METRICS_PORT: '0', LOG_LEVEL: 'debug' });
  const { address, demo } = await centre.started();
  const [one, other] = (await bothServing(centre)) as [number, number];

  const { admissionNo, password } = demo.find(({ citizenNo }) => !citizenNo) ?? { admissionNo: '', password: '' };
  const cookie = await signIn(address, admissionNo, password);
  const asked = (path: string) => Promise.all([1, 2, 3, 4].map(() => askAnew(address, path, cookie)));
  const ofBoth = async (path: string) => {
    const seen = new Set<number>();
    await until(`both to answer ${path}`, async () => {
      for (const answer of await asked(path)) {
        expect([path, answer.status]).toEqual([path, 200]);
        seen.add(await answeredBy(centre, answer));
      }
      return seen.size === 2;
    });
    expect(seen).toEqual(new Set([one, other]));
  };
  await ofBoth('/center/account');
  await ofBoth('/health/ready');

  // failures to log in are counted by both together: apart, each would let four pass
  const attempt = async () => (await askAnew(address, '/login', '', new URLSearchParams({ account: '119900000009', password: 'x' }))).status;
  let passed = 0;
  while ((await attempt()) === 422) passed += 1;
  expect(passed).toBeGreaterThanOrEqual(4);
  expect(passed).toBeLessThan(8);

  // the metrics are of all three
  const { port } = linesOf(centre).find(({ msg }) => msg === 'metrics are answered here') as { port: number };
  const scrape = async () => (await ask(`http://127.0.0.1:${port}`, '/metrics')).body;
  const text = await scrape();
  expect(new Set([...text.matchAll(/process="([^"]+)"/g)].map(([, name]) => name))).toEqual(new Set(['main', 'web-1', 'web-2']));
  const value = (name: string, wanted: Readonly<Record<string, string>> = {}) =>
    exposedIn(text)
      .filter((each) => each.name === name && Object.entries(wanted).every(([label, of]) => each.labels[label] === of))
      .reduce((sum, each) => sum + each.value, 0);
  expect(value('personal_centre_logins_total', { outcome: 'entered' })).toBe(1);
  expect(value('personal_centre_logins_total', { outcome: 'wrong' })).toBe(passed);
  // by the primary alone: once, and before there was anybody to serve
  expect(value('personal_centre_commands_total', { command: 'RegisterCandidate', outcome: 'recorded' })).toBe(200);
  expect(value('personal_centre_web_processes_serving')).toBe(2);
  expect(text.match(/personal_centre_projection_lag_events\{projection="candidate",process="main"\} 0/g)).toHaveLength(1);
  expect((await ask(address, '/metrics')).status).toBe(404);

  process.kill(one, 'SIGKILL');
  for (let time = 0; time < 10; time++) {
    const answer = await until('pages to be answered all the same', () => ask(address, '/center/account', { cookie }).catch(() => undefined));
    expect(answer.status).toBe(200);
    expect(await answeredBy(centre, answer)).not.toBe(one);
  }
  const third = await until('another in its place', () => serving(centre).find(({ pid }) => pid !== one && pid !== other));
  expect(third.place).toBe(serving(centre).find(({ pid }) => pid === one)?.place);
  expect(linesOf(centre).find(({ msg }) => msg === 'a web process ended and is started again')).toMatchObject({
    process: one,
    signal: 'SIGKILL',
    delay: 1_000,
  });
  await until('it to answer pages', async () => {
    const pids = await Promise.all((await asked('/center/account')).map((answer) => answeredBy(centre, answer)));
    return pids.includes(third.pid);
  });
  // who left at one is out at the other
  await ask(address, '/logout', { cookie, form: {} });
  await until('nobody to know the session', async () => (await asked('/center/account')).every(({ status }) => status === 303));

  const { code, stdout, stderr } = await centre.kill('SIGTERM');
  expect([code, stderr]).toEqual([0, '']);
  for (const { pid } of serving(centre)) expect([pid, isAlive(pid)]).toEqual([pid, false]);
  expect(stdout.match(/^\{"address"/gm)).toHaveLength(1);
});

it('An open request is answered when all processes stop, and none is left when the primary is killed', async () => {
  const data = folder();
  const first = new CentreProcess({ DATA_DIR: data, WEB_PROCESSES: '2' });
  const { address } = await first.started();
  const { hostname, port } = new URL(address);
  const form = 'account=119900000009&password=x';
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n`,
  );
  await once(socket, 'data'); // 100 Continue: the request has reached a web process and waits for its form
  first.signal('SIGTERM');
  await until('no more connections to be taken', () =>
    fetch(`${address}/health/live`).then(
      ({ status }) => status === 503,
      () => true,
    ),
  );
  socket.write(form);
  let answer = '';
  for await (const part of socket) answer += part;
  expect(answer).toMatch(/^HTTP\/1\.1 422 /);
  expect(await first.ended).toMatchObject({ code: 0, stderr: '' });

  const second = new CentreProcess({ DATA_DIR: data, WEB_PROCESSES: '2' });
  await second.started();
  const left = await bothServing(second);
  expect(left.map(isAlive)).toEqual([true, true]);
  await second.kill('SIGKILL');
  await until('its web processes to go', () => !left.some(isAlive));
});

it('Web processes that find their port taken do not start, and say so once', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, stderr, stdout } = await new CentreProcess({ DATA_DIR: folder(), PORT: String(port), WEB_PROCESSES: '2' }).ended;
  other.close();
  expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringMatching(new RegExp(`EADDRINUSE.*${port}`))]]);
  expect(stdout).not.toContain('"address"');
});
