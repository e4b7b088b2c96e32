import { Catalogue } from '../catalogue/catalogue.js';
import { CommandDispatcher, type Commands } from '../event-store/commands.js';
import { EventStore } from '../event-store/event-store.js';
import type { Find } from '../event-store/handler.js';
import { SessionEnder } from '../identity/sessions/session-ender.js';
import { readInstallation } from '../installation/installation.js';
import { type Clock, SystemClock } from '../kernel/clock.js';
import { makeFolder } from '../kernel/file-owner.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import { CorrectionDesk } from '../office/corrections/correction-desk.js';
import { configuredPaymentPlatform } from '../payments/platform/configured-payment-platform.js';
import type { BuildStore } from '../read-models/build-store.js';
import type { ReadModels } from '../read-models/read-models.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import { VaultErasures } from '../registrations/vault-erasures.js';
import { Config, type Settings } from '../settings/settings.js';
import { Photos } from '../vault/photos.js';
import { Vault } from '../vault/vault.js';
import { knownCommandHandlers } from './known/command-handlers.js';
import { correctionRelease } from './known/correction-release.js';
import { projectionsFor } from './known/projections.js';
import { assertOwnStores, assertVaultThere } from './starting/own-stores.js';
import { openBuildStore, openEventStore, openReadModels, openVault, photosFolder } from './stores.js';
import { streamsBy } from './subject-index.js';

/** Milliseconds of pause after each append, so that appends of a serving process do not wait for seconds. */
const PACE = 10;

/** All stores and command handlers without pages, for the command line and worker threads. */
export interface Domain {
  readonly settings: Settings;
  readonly commands: Commands;
  readonly events: EventStore;
  readonly desk: CorrectionDesk;
  readonly readModels: ReadModels;
  readonly builds: BuildStore;
  readonly vault: Vault;
  /** Not started. */
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  close(): Promise<void>;
}

/**
 * Opens the stores that the settings name. Whoever the log has forgotten, the vault has forgotten when this resolves; servers that
 * do not answer are waited for.
 * @throws BadSettings, UnusableStore when the vault or the photos are not the log's: nothing may be recorded with them
 */
export async function openDomain(settings: Settings): Promise<Domain> {
  makeFolder(settings.DATA_DIR);
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const each of opened.splice(0).reverse()) await each.close();
  };
  /** Stores are closed in reverse order. */
  const keep = <Store extends { close(): Promise<void> }>(store: Store): Store => {
    opened.push(store);
    return store;
  };
  try {
    const builds = keep(await openBuildStore(settings));
    const readModels = keep(new ServedReadModels(await openReadModels(settings), builds, projectionsFor(settings)));
    const events = keep(await openEventStore(settings, streamsBy(readModels), { pace: PACE }));
    await retryUntilAvailable('the log', () => assertVaultThere(settings, events));
    const vault = keep(await openVault(settings));
    await retryUntilAvailable('the log', () => assertOwn(settings, events, vault));
    const clock = new SystemClock();
    const catalogue = new Catalogue(events, readModels);
    keep({ close: () => catalogue.stop() });
    const platform = configuredPaymentPlatform(settings, clock);
    const photos = new Photos(photosFolder(settings));
    const ender = new SessionEnder(events, readModels, clock, new Config(settings));
    const desk = new CorrectionDesk(events, vault, catalogue, correctionRelease, settings.CORRECTION_ROWS_ALONE);
    const needed = among(events, vault, readModels, catalogue, platform, photos, clock, ender, desk);
    const commands = new CommandDispatcher(knownCommandHandlers, needed);
    await new VaultErasures(events, vault).onApplicationBootstrap();
    return { settings, commands, events, desk, readModels, builds, vault, catalogue, clock, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Before the erasures, which note in the vault how far of the log it has seen. */
async function assertOwn(settings: Settings, events: EventStore, vault: Vault): Promise<void> {
  const installation = await readInstallation(events);
  if (installation) await assertOwnStores(events, vault, photosFolder(settings), installation.id);
}

/** Opens the domain for some work, and closes it afterwards. */
export async function withDomain<T>(settings: Settings, work: (domain: Domain) => Promise<T>): Promise<T> {
  const domain = await openDomain(settings);
  try {
    return await work(domain);
  } finally {
    await domain.close();
  }
}

function among(...instances: readonly object[]): Find {
  return (type) => {
    for (const each of instances) if (each instanceof type) return each;
    throw new Error(`a handler needs ${type.name}, which openDomain does not make`);
  };
}
