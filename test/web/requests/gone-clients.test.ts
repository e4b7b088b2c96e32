import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Passwords } from '../../../src/identity/passwords/passwords.js';
import { TestCentre } from '../../centre.js';
import { logLines } from '../../log-lines.js';
import { until } from '../../until.js';

const lines = logLines();
const logged = () => lines.map((line) => JSON.parse(line));

let centre: TestCentre;
let port: number;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { SESSION_SECRET: 's'.repeat(32) });
  port = Number(new URL(await centre.listen()).port);
});
afterAll(() => centre.close());

const FORM = 'account=119912345661&password=wrong+horse';
const post = (path: string, length = FORM.length, form = FORM) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n${form}`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n`;

/** Sends bytes and is gone, without waiting for what they come to. */
async function sendAndLeave(bytes: string, after: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // that the server is told of is what this is about
  await once(socket, 'connect');
  socket.write(bytes);
  if (after > 0) await pause(after);
  socket.resetAndDestroy();
}

it.each<[string, string]>([
  ['has sent a login', post('/login')],
  ['has sent half a form', post('/login', 100)],
  ['has sent half a notification', post('/payments/notify', 100)],
  ['has sent half of what comes back from the platform', post('/payments/return', 100)],
  ['has asked for a page', get('/login')],
  ['has asked for a file', get('/entry.svg')],
  ['has sent half a head', 'GET /login HTTP/1.1\r\nHo'],
])('A client that %s and hangs up leaves no error in the log', async (_, bytes) => {
  lines.length = 0;
  for (let time = 0; time < 20; time++) await sendAndLeave(bytes, time % 4);
  const { server } = centre.application.getHttpAdapter().getInstance();
  await until(
    'all connections to be gone',
    async () => (await new Promise<number>((resolve) => server.getConnections((_error: unknown, count: number) => resolve(count)))) === 0,
  );
  // a request that was received whole is worked at to its end
  await until('no password to be checked', () => centre.get(Passwords).pending === 0);
  expect(logged().filter(({ level }) => level >= 50)).toEqual([]);
});
