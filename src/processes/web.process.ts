import cluster from 'node:cluster';
import type { Centre } from '../composition/centre.js';
import { log } from '../kernel/log.js';
import { start } from '../main.js';
import { endInTime } from './end-in-time.js';
import { hearPrimary, tellPrimary } from './siblings.js';

/** One of several web processes that share a port; its primary starts it, and starts it again when it dies. */
await serve();
// once all that was told is with the primary; a connection to the log that is still being made would keep the process for minutes
cluster.worker?.once('disconnect', () => process.exit()).disconnect();

async function serve(): Promise<void> {
  let centre: Centre;
  try {
    centre = await start();
  } catch (error) {
    log.error({ err: error }, 'a web process cannot start');
    tellPrimary({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    return;
  }
  const { address = '', metrics } = centre;
  hearPrimary(async (message) => {
    if (message.kind === 'measure' && metrics) tellPrimary({ kind: 'measured', request: message.request, measured: await metrics.measured() });
  });
  // the listeners stay: a terminal signals it, and then its primary does
  const told = new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
  tellPrimary({ kind: 'listening', address });
  await told;
  await endInTime(centre.stop);
}
