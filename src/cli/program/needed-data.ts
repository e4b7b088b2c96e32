import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '../../settings/settings.js';
import { RESTORE } from '../../sqlite/remedies.js';
import { CommandRefused } from './errors.js';

/** What has to be there before a command begins. */
export type NeededData =
  /** Nothing, or it looks by itself. */
  | 'nothing'
  /** A log that can be used; where there is none, one is begun. */
  | 'log-or-none'
  | 'read-models'
  | 'log'
  | 'log-and-vault'
  /** A log, of which it says by itself whether it is the one of the read models. */
  | 'any-log';

const READ_MODELS = 'read-models.sqlite';

/**
 * That what a command needs is there. Nothing is made: only a start and an import begin a log and a vault.
 * @throws CommandRefused, LogRefused, AnotherLog, BadSettings, StoreUnavailable, DamagedFile
 */
export async function assertNeeded(needed: NeededData, settings: Settings): Promise<void> {
  for (const name of filesOf(needed, settings)) {
    if (isThere(settings, name)) continue;
    throw new CommandRefused('no_data', sentenceOfMissing(name, settings));
  }
  if (needed === 'any-log') await (await import('../../composition/stores.js')).assertLogReached(settings);
  else if (needed !== 'nothing' && needed !== 'read-models') await assertUsableLog(settings);
}

/** A file is gone where others of a centre are left; otherwise there never was one. */
function sentenceOfMissing(name: string, settings: Settings): string {
  const folder = resolve(settings.DATA_DIR);
  const left = ['events.sqlite', 'vault.sqlite'].find((other) => other !== name && isThere(settings, other));
  if (name === READ_MODELS || left === undefined) return `${folder} 中没有 ${name}，没有这个中心的数据（数据文件夹由 DATA_DIR 指定）`;
  return `${folder} 中没有 ${name}，而 ${left} 还在。请检查 DATA_DIR；没有错时，${RESTORE}`;
}

/** What a server has is in no file. */
function filesOf(needed: NeededData, { EVENT_STORE_URL, READ_MODELS_URL }: Settings): readonly string[] {
  const [log, readModels, vault] = [
    EVENT_STORE_URL === undefined ? ['events.sqlite'] : [],
    READ_MODELS_URL === undefined ? [READ_MODELS] : [],
    READ_MODELS_URL === undefined ? ['vault.sqlite'] : [],
  ];
  if (needed === 'read-models') return readModels;
  if (needed === 'log' || needed === 'any-log') return log;
  return needed === 'log-and-vault' ? [...log, ...vault] : [];
}

/** An empty file is what is left where somebody else opened one that was not there. */
function isThere({ DATA_DIR }: Settings, name: string): boolean {
  return (statSync(join(DATA_DIR, name), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** That the log can be used, and is the one of the read models. */
async function assertUsableLog(settings: Settings): Promise<void> {
  if (isNew(settings)) return;
  const [{ assertLogReached, openEventStore }, { assertOwnLog }] = await Promise.all([
    import('../../composition/stores.js'),
    import('../../composition/starting/assert-own-log.js'),
  ]);
  await assertLogReached(settings);
  const events = await openEventStore(settings, async () => []);
  try {
    await assertOwnLog(settings, events);
  } finally {
    await events.close();
  }
}

/** Whether there are no read models yet that could be of another log; a file is not made to look into it. */
function isNew(settings: Settings): boolean {
  return settings.EVENT_STORE_URL === undefined && settings.READ_MODELS_URL === undefined && !isThere(settings, READ_MODELS);
}
