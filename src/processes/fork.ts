import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { log } from '../kernel/log.js';
import type { Ending, Fork } from './web-processes.js';
import type { FromWebProcess } from './words.js';

/** Where a forked process finds its place among the others. */
export const PLACE = 'WEB_PROCESS';
/** Where it finds how many they are. */
const AMONG = 'WEB_PROCESSES_TOGETHER';

/** How many web processes share this machine with this one, itself included. */
export function processesAmong(): number {
  return Number(process.env[AMONG]) || 1;
}

/** Forks web processes that share the port, with the settings of this one but for what only one may do. */
export function forking(environment: Readonly<Record<string, string | undefined>>): Fork {
  // each takes connections from the port itself: one that the primary is just handing to a process that dies hangs for ever
  // (seen: one or more at each kill), and so do those that come while all of them close
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./web.process.js', import.meta.url)), args: [] });
  return (place, hear) => {
    const worker = cluster.fork({
      ...environment,
      ROLES: 'web',
      WEB_PROCESSES: '1',
      DEMO: 'false',
      [PLACE]: String(place),
      [AMONG]: environment.WEB_PROCESSES,
    });
    const ended = new Promise<Ending>((resolve) => {
      worker.once('exit', (code, signal) => resolve({ code, signal }));
      worker.on('error', (error) => {
        log.error({ err: error, place }, 'a web process cannot be reached');
        if (worker.process.pid === undefined) resolve({ code: null, signal: null }); // there was no process to be had
      });
    });
    worker.on('message', (message: FromWebProcess) => hear(message));
    return {
      pid: worker.process.pid,
      ended,
      tell: (message) => {
        if (worker.isConnected()) worker.send(message);
      },
      kill: (signal) => worker.process.kill(signal),
    };
  };
}
