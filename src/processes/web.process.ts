import cluster from 'node:cluster';
import type { Centre } from '../composition/centre.js';
import { log } from '../kernel/log.js';
import { assertSameBuild } from '../kernel/program-build.js';
import { start } from '../main.js';
import { PRIMARY_BUILD } from './fork.js';
import { onPrimaryMessage, sendToPrimary } from './peer-processes.js';
import { stopWithinDeadline } from './stop-within-deadline.js';

/** One of several web processes that share a port; the primary starts it, and restarts it when it dies. */
await serve();
// after disconnect all messages have reached the primary; without exit, a connection attempt to the log would keep the process alive for minutes
cluster.worker?.once('disconnect', () => process.exit()).disconnect();

async function serve(): Promise<void> {
  let centre: Centre;
  try {
    assertSameBuild(process.env[PRIMARY_BUILD]);
    centre = await start();
  } catch (error) {
    log.error({ err: error }, 'a web process cannot start');
    sendToPrimary({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    return;
  }
  const { address = '', metrics } = centre;
  onPrimaryMessage(async (message) => {
    if (message.kind === 'measure' && metrics) sendToPrimary({ kind: 'measured', request: message.request, measured: await metrics.snapshot() });
  });
  // the listeners stay, because the primary's signal follows a terminal's signal
  const signalled = new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
  sendToPrimary({ kind: 'listening', address });
  await signalled;
  await stopWithinDeadline(centre.stop);
}
