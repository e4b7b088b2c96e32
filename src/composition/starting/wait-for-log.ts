import cluster from 'node:cluster';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import type { Settings } from '../../settings/settings.js';

/** Milliseconds between two attempts. */
const RETRY_DELAY = 1_000;

/**
 * Retries what a start needs of the stores until they are usable. Meanwhile each reason is logged once, at level error, and the
 * candidates' port answers with 503.
 * @throws what `work` throws beside StoreUnavailable
 */
export async function waitForLog<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  const logged = new Set<string>();
  let reason: string | undefined;
  let standIn: Server | undefined;
  try {
    for (;;) {
      try {
        const answer = await work();
        if (reason !== undefined) log.info('the log can be used now');
        return answer;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        reason = error.message;
        if (!logged.has(reason)) log.error({ reason }, 'the log cannot be used; it is tried again until it can');
        logged.add(reason);
        standIn ??= await serveUnavailable(settings, () => reason ?? '');
        await pause(RETRY_DELAY);
      }
    }
  } finally {
    if (standIn) await closed(standIn);
  }
}

/** Serves 503 for pages and `/health/ready` on the candidates' port; undefined where another process listens there. */
async function serveUnavailable({ ROLES, HOST, PORT }: Settings, reason: () => string): Promise<Server | undefined> {
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
