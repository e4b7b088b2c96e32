import { parentPort, workerData } from 'node:worker_threads';
import { v4 as uuid } from 'uuid';
import { SqliteEventStore } from '../event-store/sqlite.event-store.js';
import { knownEvents } from '../known-events.js';
import { knownProjections } from '../known-projections.js';
import { goAfterPages } from '../priority.js';
import { knownFingerprints } from './fingerprints.js';
import { KeptBuilds } from './kept-builds.js';
import { Projector } from './projector.js';
import type { ProjectorWork } from './projector-host.js';
import { SqliteBuildStore } from './sqlite.build-store.js';
import { SqliteProjectionStore } from './sqlite.projection-store.js';

/** The projector in a thread of its own: a batch would hold up every page on the event loop that answers them. */
const { eventsFile, readModelsFile } = workerData as ProjectorWork;

goAfterPages();

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

const events = new SqliteEventStore(eventsFile, knownEvents);
const store = new SqliteProjectionStore(readModelsFile);
const builds = new SqliteBuildStore(readModelsFile);
try {
  const kept = new KeptBuilds(builds, store, events, knownProjections, knownFingerprints());
  const projector = new Projector(events, store, knownProjections, { holder: uuid(), kept, report: (progress) => parentPort?.postMessage(progress) });
  await projector.run(stopping.signal);
} finally {
  await builds.close();
  await store.close();
  await events.close();
}
parentPort?.close();
