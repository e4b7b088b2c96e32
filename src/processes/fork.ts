import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { log } from '../kernel/log.js';
import { programBuild } from '../kernel/program-build.js';
import type { FromWebProcess } from './process-messages.js';
import type { ExitStatus, Fork } from './web-processes.js';

/** Environment variable with the slot of a forked process, from 1. */
export const WEB_PROCESS_SLOT = 'WEB_PROCESS';
/** Environment variable with the number of web processes. */
const WEB_PROCESS_COUNT = 'WEB_PROCESSES_TOGETHER';

/** Environment variable with the build of the process that forks. */
export const PRIMARY_BUILD = 'PRIMARY_BUILD';

/** How many web processes run on this machine, this one included. */
export function webProcessCount(): number {
  return Number(process.env[WEB_PROCESS_COUNT]) || 1;
}

/** Forks web processes that share the port. They have this process's settings, but only the role `web` and no demo. */
export function webProcessFork(environment: Readonly<Record<string, string | undefined>>): Fork {
  // no round robin: a connection that the primary is passing to a process when that process dies hangs for ever (seen at each kill),
  // and so do connections that arrive while all processes are closing
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./web.process.js', import.meta.url)), args: [] });
  return (slot, onMessage) => {
    const worker = cluster.fork({
      ...environment,
      ROLES: 'web',
      WEB_PROCESSES: '1',
      DEMO: 'false',
      [WEB_PROCESS_SLOT]: String(slot),
      [PRIMARY_BUILD]: programBuild,
      [WEB_PROCESS_COUNT]: environment.WEB_PROCESSES,
    });
    const ended = new Promise<ExitStatus>((resolve) => {
      worker.once('exit', (code, signal) => resolve({ code, signal }));
      worker.on('error', (error) => {
        log.error({ err: error, slot }, 'a web process cannot be reached');
        if (worker.process.pid === undefined) resolve({ code: null, signal: null }); // fork itself failed
      });
    });
    worker.on('message', (message: FromWebProcess) => onMessage(message));
    return {
      pid: worker.process.pid,
      exited: ended,
      send: (message) => {
        if (worker.isConnected()) worker.send(message);
      },
      kill: (signal) => worker.process.kill(signal),
    };
  };
}
