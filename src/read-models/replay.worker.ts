import { workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../event-store/append.js';
import { knownProjections } from '../known-projections.js';
import { goAfterPages } from '../priority.js';
import { openBuildStore, openEventStore, type StoreSettings } from '../stores.js';
import type { Partition } from './fold-partition.js';
import { codeOf } from './kept-builds.js';
import type { Section } from './replay-manifest.js';
import { type BuildName, ReplayWorker } from './replay-workers.js';
import { SpoolDamaged } from './spool.js';
import type { Spooling } from './spool-log.js';

/** A fault that those who wait for it know by its class, which it would lose between threads. */
export type Fault = { readonly unavailable: string } | { readonly damaged: string };

goAfterPages();

let opened: Promise<ReplayWorker> | undefined;

async function open(): Promise<ReplayWorker> {
  const settings = workerData as StoreSettings;
  const [events, builds] = await Promise.all([openEventStore(settings, async () => []), openBuildStore(settings)]);
  return new ReplayWorker(events, builds, (build) => {
    const projection = codeOf(knownProjections, build);
    if (!projection) throw new Error(`there is no code for ${build.name}`);
    return projection;
  });
}

export function spool({ builds, spooling }: { readonly builds: readonly BuildName[]; readonly spooling: Spooling }): Promise<Section | Fault> {
  return answer((worker) => worker.spool(builds, spooling));
}

export async function fold({ builds, partition }: { readonly builds: readonly BuildName[]; readonly partition: Partition }): Promise<Fault | undefined> {
  return answer(async (worker) => {
    await worker.fold(builds, partition);
    return undefined;
  });
}

async function answer<T>(work: (worker: ReplayWorker) => Promise<T>): Promise<T | Fault> {
  opened ??= open();
  try {
    return await work(await opened);
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    if (error instanceof SpoolDamaged) return { damaged: error.message };
    throw error;
  }
}
