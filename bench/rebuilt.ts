import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median, said } from './measure.js';
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

/** The median of some runs of the same. */
export function medianOf(runs: readonly ReplayDone[]): ReplayDone {
  const [seconds, worked] = [median(runs.map((run) => run.seconds)), median(runs.map((run) => run.worked))];
  return { seconds, worked, peak: Math.max(...runs.map(({ peak }) => peak)), builds: runs[0]?.builds ?? [] };
}

/** Such as `18.2 s (17.9 s of processor time)`. */
export function timeOf({ seconds, worked }: ReplayDone): string {
  return `${said(seconds, 's')} (${said(worked, 's')} of processor time)`;
}
