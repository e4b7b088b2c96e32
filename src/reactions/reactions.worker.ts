import { parentPort, workerData } from 'node:worker_threads';
import { v4 as uuid } from 'uuid';
import { openDomain } from '../composition/domain.js';
import { reactionsFor } from '../composition/known/reactions.js';
import { openReactionStore } from '../composition/stores.js';
import { lowerThreadPriority } from '../kernel/priority.js';
import { raiseTaskOnRefusal } from '../office/refused-reaction.js';
import type { Settings } from '../settings/settings.js';
import { runReactions } from './run-reactions.js';

/** The thread of reactors and timers, so that a thousand reactions at once do not delay pages. */
const settings = workerData as Settings;

lowerThreadPriority();

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const domain = await openDomain(settings);
const store = await openReactionStore(settings);
try {
  await domain.catalogue.start();
  const ports = { ...domain, store, refused: raiseTaskOnRefusal(domain.commands) };
  await runReactions(reactionsFor(settings), ports, { holder: uuid(), report: (progress) => parentPort?.postMessage(progress) }, stopping.signal);
} finally {
  await store.close();
  await domain.close();
}
process.exit(); // ends only the thread; otherwise a connection attempt to the log would keep it alive for minutes
