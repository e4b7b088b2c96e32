import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServerCredentials } from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import { MemoryLog } from '../../event-store/eventstoredb/test-server/memory-log.js';
import { TestServer } from '../../event-store/eventstoredb/test-server/test-server.js';
import { until } from '../../until.js';
import { ask, CentreProcess, folder } from '../centre-process.js';

const freePort = async () => {
  const server = await TestServer.start();
  await server.stop();
  return server.port;
};

it('A start that cannot use its log logs why once, answers 503 with the reason, and continues as soon as the log is there', async () => {
  const [port, logsPort] = [await freePort(), await freePort()];
  const centre = new CentreProcess({
    DATA_DIR: folder(),
    PORT: String(port),
    EVENT_STORE_URL: `esdb://centre:secret-word@127.0.0.1:${logsPort}?tls=false`,
    LOG_LEVEL: 'info',
  });
  const address = `http://127.0.0.1:${port}`;
  const asked = async (path: string) => ask(address, path).catch(() => undefined);
  const answer = await until('it to answer', () => asked('/health/ready'));
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining(`127.0.0.1:${logsPort} 没有程序在监听`) });
  expect(await asked('/')).toMatchObject({ status: 503, body: expect.stringContaining('系统正在启动，请稍后再试') });
  expect((await asked('/health/live'))?.status).toBe(200);
  const server = await TestServer.start(undefined, logsPort);
  await centre.started();
  expect((await ask(address, '/login')).status).toBe(200);
  const errors = centre.logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);
  expect(errors).toMatchObject([{ reason: expect.stringContaining(`127.0.0.1:${logsPort} 没有程序在监听`) }]);
  expect(centre.logged.join()).not.toContain('secret-word');
  expect((await centre.kill('SIGTERM')).code).toBe(0);
  await server.stop();
});

it('A start whose user may not write to the log logs it once, answers 503 with the reason, and continues as soon as it may', async () => {
  const tls = fileURLToPath(new URL('../../fixtures/tls/', import.meta.url));
  const pair = { private_key: readFileSync(`${tls}server.key`), cert_chain: readFileSync(`${tls}server.pem`) };
  const server = await TestServer.start(new MemoryLog(), 0, undefined, ServerCredentials.createSsl(null, [pair]));
  server.users = { 'centre:secret-word': 'read' };
  const port = await freePort();
  const centre = new CentreProcess({
    DATA_DIR: folder(),
    PORT: String(port),
    EVENT_STORE_URL: `esdb://centre:secret-word@127.0.0.1:${server.port}?tlsCAFile=${tls}authority.pem`,
    LOG_LEVEL: 'info',
  });
  const reason = '用户 centre 没有权限写这个中心的事件流';
  const answer = await until('it to answer', () => ask(`http://127.0.0.1:${port}`, '/health/ready').catch(() => undefined));
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining(reason) });
  const { asked } = server;
  await until('it to try again, and once more', () => server.asked > 3 * asked);
  server.users = { 'centre:secret-word': 'all' };
  await centre.started();
  const troubles = centre.logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
  expect(troubles.map(({ level, reason: why, err }) => ({ level, why, err }))).toEqual([{ level: 50, why: reason, err: undefined }]);
  expect((await centre.kill('SIGTERM')).code).toBe(0);
  await server.stop();
});
