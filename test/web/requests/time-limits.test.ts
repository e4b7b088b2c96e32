import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../../src/composition/app.module.js';
import { createServer } from '../../../src/composition/server.js';
import { readSettings } from '../../../src/settings/settings.js';
import type { TimeLimits } from '../../../src/web/requests/time-limits.js';

const HALF_A_HEAD = 'POST /login HTTP/1.1\r\nHost: x\r\n';
const HALF_A_BODY = `${HALF_A_HEAD}Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\naccount=1`;
/** Longer than any test. */
const NEVER = 3_600_000;

let folder: string;
let application: NestFastifyApplication | undefined;
let sockets: Socket[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limits-'));
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await application?.close();
  rmSync(folder, { recursive: true });
});

async function listening(limits: Partial<TimeLimits>): Promise<number> {
  const settings = readSettings({ NODE_ENV: 'test', DATA_DIR: folder, DEMO: 'false', LOG_LEVEL: 'silent' });
  application = await createServer(AppModule.of(settings), settings, { headers: NEVER, request: NEVER, closing: NEVER, checking: 10, log: NEVER, ...limits });
  await application.listen(0, '127.0.0.1');
  return Number(new URL(await application.getUrl()).port);
}

function serverOf(running: NestFastifyApplication | undefined): Server {
  if (!running) throw new Error('nothing listens');
  return running.getHttpServer();
}

/** A client that sends so much and no more; resolves with all that it is answered once its connection is closed. */
async function sending(port: number, bytes: string): Promise<{ readonly answer: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => undefined).on('close', () => resolve(answer)); // cut off, which is the test
  await new Promise<unknown>((sent) => socket.write(bytes, sent));
  return { answer: promise };
}

describe('A client that sends slowly', () => {
  it.each<[string, string, Partial<TimeLimits>]>([
    ['half a head', HALF_A_HEAD, { headers: 100 }],
    ['half a body', HALF_A_BODY, { headers: 50, request: 100 }],
  ])('A client that sends slowly is answered with 408 when its time is over and disconnected, with %s', async (_, bytes, limits) => {
    const { answer } = await sending(await listening(limits), bytes);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 (.|\s)*网络可能太慢或断开了/);
  });
});

describe('A server that closes', () => {
  it.each([
    ['half a head', HALF_A_HEAD, 'connection'],
    ['half a body', HALF_A_BODY, 'request'],
  ])('A server that closes does not wait for a client that has sent %s', async (_, bytes, event) => {
    const port = await listening({ closing: 100 });
    const begun = once(serverOf(application), event);
    const { answer } = await sending(port, bytes);
    await begun;
    await application?.close();
    application = undefined;
    expect(await answer).toBe('');
  });
});
