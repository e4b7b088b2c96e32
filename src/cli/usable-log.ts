import { readSettings } from '../config.js';
import { assertOwnLog } from '../installation/own-log.js';
import { assertLogReached, openEventStore } from '../stores.js';

/** That the log can be used, and is the one of the read models. @throws LogRefused, AnotherLog, BadSettings, StoreUnavailable */
export async function assertUsableLog(): Promise<void> {
  const settings = readSettings(process.env);
  await assertLogReached(settings);
  const events = await openEventStore(settings, async () => []);
  try {
    await assertOwnLog(settings, events);
  } finally {
    await events.close();
  }
}
