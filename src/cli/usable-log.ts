import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertOwnLog } from '../composition/own-log.js';
import { assertLogReached, openEventStore } from '../composition/stores.js';
import { readSettings, type Settings } from '../settings/settings.js';

/** That the log can be used, and is the one of the read models. @throws LogRefused, AnotherLog, BadSettings, StoreUnavailable, DamagedFile */
export async function assertUsableLog(): Promise<void> {
  const settings = readSettings(process.env);
  if (isNew(settings)) return;
  await assertLogReached(settings);
  const events = await openEventStore(settings, async () => []);
  try {
    await assertOwnLog(settings, events);
  } finally {
    await events.close();
  }
}

/** Whether there are no read models yet that could be of another log; a file is not made to look into it. */
function isNew({ DATA_DIR, EVENT_STORE_URL, READ_MODELS_URL }: Settings): boolean {
  return EVENT_STORE_URL === undefined && READ_MODELS_URL === undefined && !existsSync(join(DATA_DIR, 'read-models.sqlite'));
}
