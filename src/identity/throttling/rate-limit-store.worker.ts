import { parentPort, workerData } from 'node:worker_threads';
import { log } from '../../kernel/log.js';
import { changesFor } from './rate-limits.js';
import { SqliteRateLimitFile } from './sqlite.rate-limit-file.js';
import type { Answered, Asked } from './sqlite.rate-limit-store.js';

/** Works on the file of rate limits, one request after another. */
const file = new SqliteRateLimitFile(workerData as string);

parentPort?.on('message', (asked: Asked | 'close') => {
  if (asked === 'close') {
    file.close();
    parentPort?.close();
    return;
  }
  const { id, request } = asked;
  const answer = (verdict: Answered['verdict']) => parentPort?.postMessage({ id, verdict } satisfies Answered);
  try {
    answer(file.run(() => changesFor(request), request.now));
  } catch (error) {
    log.error({ err: error }, 'login rate limits could not be changed');
    answer(undefined);
  }
});
