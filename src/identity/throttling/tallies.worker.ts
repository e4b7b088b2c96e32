import { parentPort, workerData } from 'node:worker_threads';
import { log } from '../../kernel/log.js';
import { stepsOf } from './attempt-tallies.js';
import type { Answered, Asked } from './sqlite.tallies.js';
import { TallyFile } from './sqlite.tally-file.js';

/** The file of tallies in a thread of its own, one request after the other. */
const file = new TallyFile(workerData as string);

parentPort?.on('message', (asked: Asked | 'close') => {
  if (asked === 'close') {
    file.close();
    parentPort?.close();
    return;
  }
  const { id, request } = asked;
  const answer = (verdict: Answered['verdict']) => parentPort?.postMessage({ id, verdict } satisfies Answered);
  try {
    answer(file.run(() => stepsOf(request), request.now));
  } catch (error) {
    log.error({ err: error }, 'login tallies could not be changed');
    answer(undefined);
  }
});
