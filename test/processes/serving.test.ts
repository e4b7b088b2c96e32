import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { until } from '../until.js';
import { ask, CentreProcess, folder, ready, signIn } from './centre-process.js';
import { ACCOUNT, bring, FILES, PASSWORD } from './one-candidate.js';

const bill = (number: string) =>
  `bill_no,admission_no,period,kind,state,amount_fen,created_at,due_by,paid_at,items\n${number},${ACCOUNT},2604,enrolment,due,3000,2026-01-06T20:34:05+08:00,,,03708:3000\n`;

async function whole(socket: Socket): Promise<string> {
  let answer = '';
  for await (const part of socket) answer += part;
  return answer;
}

it('After SIGTERM a process answers open requests, accepts no new ones, and exits with 0', async () => {
  const data = folder();
  await bring(data, FILES);
  const centre = new CentreProcess({ DATA_DIR: data });
  const { address } = await centre.started();
  await until('the candidate to be let in', async () => (await ask(address, '/login', { form: { account: ACCOUNT, password: PASSWORD } })).status === 303);
  const { hostname, port } = new URL(address);
  const form = `account=${ACCOUNT}&password=${encodeURIComponent(PASSWORD)}`;
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n`,
  );
  await once(socket, 'data'); // 100 Continue: the request has reached the centre and waits for its form
  centre.signal('SIGTERM');
  await until('no more connections to be taken', async () =>
    fetch(`${address}/health/live`).then(
      ({ status }) => status === 503,
      () => true,
    ),
  );
  socket.write(form);
  const answer = await whole(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 303 See Other\r\n(.+\r\n)*location: \/center\r\n/);
  expect(answer).toContain('connection: close'); // or the process would wait until it goes idle for long
  expect(await centre.ended).toMatchObject({ code: 0, stderr: '' });
});

it('A second process on the same files serves too, and takes over the projector when the first dies', async () => {
  const data = folder();
  await bring(data, FILES);
  const first = new CentreProcess({ DATA_DIR: data });
  const one = await first.started();
  const second = new CentreProcess({ DATA_DIR: data });
  const two = await second.started();
  await until('the candidate to be let in', async () => (await ask(one.address, '/login', { form: { account: ACCOUNT, password: PASSWORD } })).status === 303);
  const cookie = await signIn(two.address, ACCOUNT, PASSWORD);
  // a session of one is a session of the other, and so is its end
  expect((await ask(one.address, '/center', { cookie })).status).toBe(200);
  const leaving = await signIn(one.address, ACCOUNT, PASSWORD);
  expect((await ask(two.address, '/center', { cookie: leaving })).status).toBe(200);
  await ask(one.address, '/logout', { cookie: leaving, form: {} });
  await until('the other process to hear of it', async () => (await ask(two.address, '/center', { cookie: leaving })).status === 303);

  const shows = (address: string, number: string) => async () => (await ask(address, '/center/bills', { cookie })).body.includes(number);
  await bring(data, { 'payments.csv': bill('20260000000001') });
  await until('both to show the bill', async () => (await shows(one.address, '20260000000001')()) && (await shows(two.address, '20260000000001')()));

  await first.kill('SIGKILL');
  await bring(data, { 'payments.csv': bill('20260000000002') });
  await until('the second to project what came after', shows(two.address, '20260000000002'));
  await ready(two.address);
  expect((await second.kill('SIGTERM')).code).toBe(0);
});

it('Check files are served at the root of the host, and nothing else of their folder or beside it', async () => {
  const beside = folder();
  const root = join(beside, 'root');
  mkdirSync(join(root, 'below'), { recursive: true });
  writeFileSync(join(root, 'MP_verify_x.txt'), 'x marks it');
  writeFileSync(join(root, '.hidden'), 'not for you');
  writeFileSync(join(root, 'below', 'inner.txt'), 'not for you');
  writeFileSync(join(beside, 'secret.txt'), 'not for you');
  symlinkSync(join(beside, 'secret.txt'), join(root, 'link.txt'));
  const { address } = await new CentreProcess({ DATA_DIR: folder(), ROOT_FILES_DIR: root }).started();
  const file = await ask(address, '/MP_verify_x.txt');
  expect([file.status, file.body, file.headers.get('x-content-type-options')]).toEqual([200, 'x marks it', 'nosniff']);
  for (const path of ['/.hidden', '/below', '/below/inner.txt', '/link.txt', '/secret.txt', '/..%2fsecret.txt', '/below%2finner.txt', '/%2e%2e/secret.txt']) {
    const { status, body } = await ask(address, path);
    expect([path, status, body.includes('not for you')]).toEqual([path, 404, false]);
  }
  expect((await ask(address, '/login')).status).toBe(200);
});
