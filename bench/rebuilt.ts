import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answered } from './processes.js';
import type { ReplayDone, ReplayTask } from './replay.process.js';

export function readModelsFile(dataDir: string): string {
  return join(dataDir, 'read-models.sqlite');
}

/** Something done by a process of its own. */
export function done(task: ReplayTask): Promise<ReplayDone> {
  return answered<ReplayDone>(new URL('./replay.process.js', import.meta.url), task);
}

/** A rebuild into a new file. */
export async function rebuiltAnew(dataDir: string, readModels: 'one' | 'all'): Promise<ReplayDone> {
  for (const suffix of ['', '-wal', '-shm']) await rm(readModelsFile(dataDir) + suffix, { force: true });
  return done({ kind: 'rebuild', dataDir, readModels });
}

/** Seconds of what is done. */
export async function secondsFor(task: ReplayTask): Promise<number> {
  return (await done(task)).seconds;
}
