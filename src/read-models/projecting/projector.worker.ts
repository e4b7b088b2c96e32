import { parentPort, workerData } from 'node:worker_threads';
import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known-projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { type StoreSettings } from '../../settings/settings.js';
import { knownFingerprints } from '../fingerprints.js';
import { KeptBuilds } from './kept-builds.js';
import { Projector } from './projector.js';

/** The projector in a thread of its own: a batch would hold up every page on the event loop that answers them. */
const settings = workerData as StoreSettings;

lowerThreadPriority();

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
const store = await openProjectionStore(settings);
const builds = await openBuildStore(settings);
try {
  const code = projectionsFor(settings);
  const kept = new KeptBuilds(builds, store, events, code, knownFingerprints());
  const projector = new Projector(events, store, code, { holder: uuid(), kept, report: (progress) => parentPort?.postMessage(progress) });
  await projector.run(stopping.signal);
} finally {
  await builds.close();
  await store.close();
  await events.close();
}
process.exit(); // ends the thread alone, which a connection to the log that is still being made would keep for minutes
