import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known/projections.js';
import { claimReadModels } from '../../composition/starting/assert-own-log.js';
import { openProjectionStore } from '../../composition/stores.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { assertUsable, knownFingerprints } from '../../read-models/fingerprints.js';
import { RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import type { Projection } from '../../read-models/projection.js';
import { waitForPosition } from '../../read-models/serving/wait-for-position.js';
import type { ReadingStores } from './reading.js';

/** Milliseconds without progress after which it is assumed that no projector is running. */
const TIMEOUT = 30_000;

/**
 * Waits until read models have seen all that is recorded by now. Meanwhile this process runs a projector too: where there is no
 * other, it gets the lease.
 * @throws StoreUnavailable when they make no progress
 */
export async function caughtUp({ settings, events, builds, readModels }: ReadingStores, projections: readonly Projection[]): Promise<void> {
  const head = await events.head();
  if (await waitForPosition(readModels, projections, head, 0)) return;
  const [code, fingerprints] = [projectionsFor(settings), knownFingerprints()];
  assertUsable(await builds.registry(), code, fingerprints);
  await claimReadModels(settings, events);
  const store = await openProjectionStore(settings);
  const stopping = new AbortController();
  const kept = new RegisteredBuilds(builds, store, events, code, fingerprints);
  const projecting = new Projector(events, store, code, { holder: uuid(), builds: kept }).run(stopping.signal);
  try {
    let before = await readModels.position(projections);
    while (!(await waitForPosition(readModels, projections, head, TIMEOUT))) {
      const position = await readModels.position(projections);
      if (position === before) throw new StoreUnavailable(`读模型没有跟上事件（${projections.map(({ name }) => name).join('、')}），请确认投影程序在运行`);
      before = position;
    }
  } finally {
    stopping.abort();
    await projecting;
    await store.close();
  }
}
