import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue } from '../catalogue/catalogue.js';
import type { EventStore } from '../event-store/event-store.js';
import { readInstallation } from '../installation/installation.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import type { Settings } from '../settings/settings.js';
import type { Vault } from '../vault/vault.js';
import { projectionsFor } from './known/projections.js';
import { assertOwnStores, assertVaultThere } from './starting/own-stores.js';
import { openBuildStore, openEventStore, openReadModels, openVault, photosFolder, settingsToRead } from './stores.js';
import { streamsBy } from './subject-index.js';

/** KiB of the log's pages that each thread keeps: a preview reads a stream once, so more would grow with the log and not be read again. */
const CACHE = 8 * 1024;

/** The log and the vault, to be read. */
export interface StoresToRead {
  readonly events: EventStore;
  readonly vault: Vault;
  close(): Promise<void>;
}

/** What a preview reads. The catalogue is as the log was when it was opened. */
export interface PreviewStores extends StoresToRead {
  readonly catalogue: Catalogue;
  readonly settings: Settings;
  /** A temporary folder, in which empty stores stand for those that are not there. */
  readonly elsewhere: string;
}

/** Opens the log and the vault; candidates' streams are asked for by name. @param elsewhere a folder with the stores that are missing in DATA_DIR, where nothing is made */
export async function openToRead(settings: Settings, elsewhere: string): Promise<StoresToRead> {
  const events = await openEventStore(settingsToRead(settings, 'log', elsewhere), async () => [], { cache: CACHE });
  try {
    const vault = await openVault(settingsToRead(settings, 'vault', elsewhere));
    return { events, vault, close: async () => void (await Promise.all([events.close(), vault.close()])) };
  } catch (error) {
    await events.close();
    throw error;
  }
}

/**
 * Opens what a preview reads, and makes nothing in DATA_DIR: an import is judged on an empty centre where there is none.
 * @throws UnusableStore where an import would refuse the stores, BadSettings
 */
export async function openPreview(settings: Settings): Promise<PreviewStores> {
  const elsewhere = await mkdtemp(join(tmpdir(), 'personal-centre-preview-'));
  const opened: { close(): Promise<unknown> }[] = [{ close: () => rm(elsewhere, { recursive: true, force: true }) }];
  const keep = <Store extends { close(): Promise<unknown> }>(store: Store): Store => {
    opened.push(store);
    return store;
  };
  const close = async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  };
  try {
    const place = settingsToRead(settings, 'read-models', elsewhere);
    const builds = keep(await openBuildStore(place));
    const readModels = keep(new ServedReadModels(await openReadModels(place), builds, projectionsFor(settings)));
    const events = keep(await openEventStore(settingsToRead(settings, 'log', elsewhere), streamsBy(readModels), { cache: CACHE }));
    await assertVaultThere(settings, events);
    const vault = keep(await openVault(settingsToRead(settings, 'vault', elsewhere)));
    const installation = await readInstallation(events);
    if (installation) await assertOwnStores(events, vault, photosFolder(settings), installation.id);
    const catalogue = new Catalogue(events, readModels);
    await catalogue.start();
    await catalogue.stop();
    return { events, vault, catalogue, settings, elsewhere, close };
  } catch (error) {
    await close();
    throw error;
  }
}
