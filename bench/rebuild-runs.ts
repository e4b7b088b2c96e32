import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatted, median } from './measure.js';
import { askProcess } from './processes.js';
import type { ReplayRun, ReplayTask } from './replay.process.js';

export function readModelsFile(dataDir: string): string {
  return join(dataDir, 'read-models.sqlite');
}

/** Runs a task in a process of its own. */
export function runReplayTask(task: ReplayTask): Promise<ReplayRun> {
  return askProcess<ReplayRun>(new URL('./replay.process.js', import.meta.url), task);
}

/** Rebuilds into a new file. */
export async function rebuild(dataDir: string, readModels: 'one' | 'all'): Promise<ReplayRun> {
  for (const suffix of ['', '-wal', '-shm']) await rm(readModelsFile(dataDir) + suffix, { force: true });
  return runReplayTask({ kind: 'rebuild', dataDir, readModels });
}

/** The median of several runs of a task. */
export function medianOf(runs: readonly ReplayRun[]): ReplayRun {
  const [seconds, worked] = [median(runs.map((run) => run.seconds)), median(runs.map((run) => run.worked))];
  return { seconds, worked, peak: Math.max(...runs.map(({ peak }) => peak)), builds: runs[0]?.builds ?? [] };
}

/** Such as `18.2 s (17.9 s of processor time)`. */
export function timeOf({ seconds, worked }: ReplayRun): string {
  return `${formatted(seconds, 's')} (${formatted(worked, 's')} of processor time)`;
}
