import cluster from 'node:cluster';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from './config.js';
import { LogRefused } from './event-store/append.js';
import { log } from './log.js';
import { assertLogReached } from './stores.js';

/** Milliseconds between two tries. */
const AGAIN = 1_000;

/**
 * Returns when the log can be used. Until then each reason why it cannot is said once, at level error, and the candidates' port
 * answers 503 with it.
 * @throws BadSettings
 */
export async function awaitLog(settings: Settings): Promise<void> {
  let reason: string | undefined;
  let waiting: Server | undefined;
  for (;;) {
    try {
      await assertLogReached(settings);
      break;
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      if (error.message !== reason) log.error({ reason: error.message }, 'the log cannot be used; it is tried again until it can');
      reason = error.message;
      waiting ??= await answerMeanwhile(settings, () => reason ?? '');
      await pause(AGAIN);
    }
  }
  if (reason !== undefined) log.info('the log can be used now');
  if (waiting) await closed(waiting);
}

/** Answers whoever asks whether the process is ready, and tells candidates to come back; undefined where another process listens. */
async function answerMeanwhile({ ROLES, HOST, PORT }: Settings, reason: () => string): Promise<Server | undefined> {
  if (!ROLES.includes('web') || cluster.isWorker || PORT === 0) return undefined;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/health/live') return response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"live"}');
    response.statusCode = 503;
    response.setHeader('retry-after', '10').setHeader('cache-control', 'no-store');
    if (path === '/health/ready')
      return response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'not ready', reasons: { log: reason() } }));
    return response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>请稍后再试</title><p>系统正在启动，请稍后再试。');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(PORT, HOST, resolve));
  return server;
}

async function closed(server: Server): Promise<void> {
  const done = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await done;
}
