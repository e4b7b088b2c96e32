import { parentPort, workerData } from 'node:worker_threads';
import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { type StoreSettings } from '../../settings/settings.js';
import { knownFingerprints } from '../fingerprints.js';
import { RegisteredBuilds } from './maintained-builds.js';
import { Projector } from './projector.js';

/** The projector's own thread: on the event loop that serves pages a batch would delay them. */
const settings = workerData as StoreSettings;

lowerThreadPriority();

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
const store = await openProjectionStore(settings);
const builds = await openBuildStore(settings);
try {
  const code = projectionsFor(settings);
  const kept = new RegisteredBuilds(builds, store, events, code, knownFingerprints());
  const projector = new Projector(events, store, code, { holder: uuid(), builds: kept, report: (progress) => parentPort?.postMessage(progress) });
  await projector.run(stopping.signal);
} finally {
  await builds.close();
  await store.close();
  await events.close();
}
process.exit(); // ends only the thread; without it a connection attempt to the log would keep it alive for minutes
