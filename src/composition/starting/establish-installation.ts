import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { type Installation, readInstallation, recordInstallation } from '../../installation/installation.js';
import type { Settings } from '../../settings/settings.js';
import { hasDiskSpace } from '../../sqlite/disk-reserve.js';
import type { Vault } from '../../vault/vault.js';
import { assertSoundLog } from '../damaged-files.js';
import { claimRateLimits, openEventStore, openVault, photosFolder } from '../stores.js';
import { assertNoOtherInstallation, assertOwnLog, type BeginningSettings, prefixOf, rememberLog } from './assert-own-log.js';
import { assertOwnStores, assertVaultThere, claimStores } from './own-stores.js';

/** What decides whether a log without an installation is the demo's. */
export interface Log {
  readonly events: EventStore;
  readonly vault: () => Promise<Vault>;
  readonly folder: string;
}

/**
 * The installation of the log that the settings name; recorded where it is missing. Without DEMO only a projector begins an empty log,
 * since processes of other roles may start before the one that brings the demo. On a full disk nothing is recorded.
 * @returns undefined when the log is empty and another process will begin it, or when it could not be recorded
 * @throws DamagedFile, BadSettings, AnotherLog, AnotherInstallation, UnusableStore, StoreUnavailable, LogRefused where the user may not record it
 */
export async function establishAtStart(settings: Settings): Promise<Installation | undefined> {
  assertSoundLog(settings, 'quick');
  const events = await openEventStore(settings, async () => [], { logsOutages: false }); // the start itself logs the reason
  let vault: Vault | undefined;
  const openedVault = async () => {
    vault ??= await openVault(settings);
    return vault;
  };
  try {
    await assertOwnLog(settings, events);
    await assertVaultThere(settings, events);
    const known = await readInstallation(events);
    if (known) await assertOwnStores(events, await openedVault(), photosFolder(settings), known.id);
    if (!hasDiskSpace(settings.DATA_DIR)) return known;
    const mayBegin = settings.DEMO || settings.ROLES.includes('projector');
    if (!mayBegin && (await events.head()) === START) return undefined;
    const installation = await establishInstallation({ events, vault: openedVault, folder: settings.DATA_DIR }, settings.DEMO === true, settings);
    if (!known) await assertOwnStores(events, await openedVault(), photosFolder(settings), installation.id);
    await rememberLog(settings, installation.id);
    await claimStores(await openedVault(), photosFolder(settings), installation.id);
    await claimRateLimits(settings, installation.id);
    return installation;
  } finally {
    await vault?.close();
    await events.close();
  }
}

/**
 * The installation of a log; recorded where it is missing.
 * @param demo whether an empty log is to become the demo's
 * @throws AnotherInstallation
 */
export async function establishInstallation(log: Log, demo: boolean, settings: BeginningSettings = {}): Promise<Installation> {
  const known = await readInstallation(log.events);
  if (known) return known;
  const isEmpty = (await log.events.head()) === START;
  if (isEmpty) await assertNoOtherInstallation(settings, log.events);
  return recordInstallation(log.events, isEmpty ? demo : await isOfDemo(log), prefixOf(settings).prefix);
}

/** Whether a log of an earlier release, which did not record it, was made by the demo. */
async function isOfDemo({ events, vault, folder }: Log): Promise<boolean> {
  if (!existsSync(join(folder, 'demo.json'))) return false;
  const { holdsDemo } = await import('../../../demo/demo-state.js');
  return holdsDemo(folder, events, await vault());
}
