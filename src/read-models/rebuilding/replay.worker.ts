import { workerData } from 'node:worker_threads';
import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore } from '../../composition/stores.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { type StoreSettings } from '../../settings/settings.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { DamagedDocument } from '../damaged-document.js';
import type { ExpectedDocument } from '../read-models.js';
import { SpoolDamaged } from '../spooling/spool.js';
import type { Compared } from '../verifying/differing.js';
import type { Scanned } from '../verifying/spool-documents.js';
import type { Section } from './replay-manifest.js';
import { ReplayWorker } from './replay-workers.js';

/** An error whose class the caller needs, which would be lost between threads. */
export type Fault =
  | { readonly unavailable: string }
  | { readonly damaged: string }
  | { readonly damagedFile: string }
  | { readonly damagedDocument: Pick<DamagedDocument, 'file' | 'build' | 'key'> };

lowerThreadPriority();

let opened: Promise<ReplayWorker> | undefined;

async function open(): Promise<ReplayWorker> {
  const settings = workerData as StoreSettings;
  const [events, builds] = await Promise.all([openEventStore(settings, async () => []), openBuildStore(settings)]);
  return new ReplayWorker(events, builds, projectionsFor(settings));
}

/** The arguments of a ReplayWorker's method, as they come from another thread. */
export type Task<Name extends keyof ReplayWorker> = ReplayWorker[Name] extends (...given: infer Given) => unknown ? Given : never;

export function spool(task: Task<'spool'>): Promise<Section | Fault> {
  return answer((worker) => worker.spool(...task));
}

export function fold(task: Task<'fold'>): Promise<Fault | undefined> {
  return answer(async (worker) => {
    await worker.fold(...task);
    return undefined;
  });
}

export function scan(task: Task<'scan'>): Promise<Scanned | Fault> {
  return answer((worker) => worker.scan(...task));
}

export function compare(task: Task<'compare'>): Promise<readonly Compared[] | Fault> {
  return answer((worker) => worker.compare(...task));
}

export function refold(task: Task<'refold'>): Promise<readonly ReadonlyMap<string, ExpectedDocument>[] | Fault> {
  return answer((worker) => worker.refold(...task));
}

async function answer<T>(work: (worker: ReplayWorker) => Promise<T>): Promise<T | Fault> {
  opened ??= open();
  try {
    return await work(await opened);
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    if (error instanceof DamagedDocument) return { damagedDocument: { file: error.file, build: error.build, key: error.key } };
    if (error instanceof DamagedFile) return { damagedFile: error.message };
    if (error instanceof SpoolDamaged) return { damaged: error.message };
    throw error;
  }
}
