import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Timeouts } from '../event-store/eventstoredb/connection/connection.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from '../event-store/sqlite/event-store.js';
import type { RateLimitStore } from '../identity/throttling/rate-limit-store.js';
import { SqliteRateLimitFile } from '../identity/throttling/sqlite.rate-limit-file.js';
import { SqliteRateLimitStore } from '../identity/throttling/sqlite.rate-limit-store.js';
import { INSTALLATION_STREAM } from '../installation/installation.js';
import { makeFolder } from '../kernel/file-owner.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import type { ReactionStore } from '../reactions/reaction-store.js';
import { SqliteReactionStore } from '../reactions/sqlite.reaction-store.js';
import type { BuildStore } from '../read-models/build-store.js';
import type { ProjectionStore, ReadModels } from '../read-models/read-models.js';
import { SqliteBuildStore } from '../read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../read-models/sqlite/read-models.js';
import { loadSecrets } from '../settings/secrets.js';
import { BadSettings, type Settings, type StoreSettings } from '../settings/settings.js';
import { assertDiskSpace } from '../sqlite/disk-reserve.js';
import type { VaultUnderRotation } from '../vault/rotation.js';
import { SqliteVaultUnderRotation } from '../vault/sqlite/rotation.js';
import { SqliteVault } from '../vault/sqlite/vault.js';
import type { Vault } from '../vault/vault.js';
import { knownEvents } from './known/events.js';
import { knownStreamCategories } from './known/stream-categories.js';

const LOG = 'events.sqlite';
const VAULT = 'vault.sqlite';
const READ_MODELS = 'read-models.sqlite';
const RATE_LIMITS = 'login-tallies.sqlite';

/** Bytes of the log; undefined in EventStoreDB, which does not tell. */
export function bytesOfLog(settings: StoreSettings): number | undefined {
  if (settings.EVENT_STORE_URL !== undefined) return undefined;
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf(dataFile(settings, LOG)) + sizeOf(`${dataFile(settings, LOG)}-wal`);
}

type StreamsOf = (subject: string, upTo: Position) => Promise<readonly string[]>;

// clients of servers are loaded only when they are used, because they take longer to load than everything else

/**
 * The log: in EventStoreDB where the settings name one, otherwise in a SQLite file.
 * @param streamsOf names a candidate's streams in the log up to a position, for EventStoreDB, which has no index on them
 * @throws BadSettings
 */
export async function openEventStore(
  settings: StoreSettings,
  streamsOf: StreamsOf,
  { logsOutages = true, ...options }: SqliteEventStoreOptions & Pick<Timeouts, 'logsOutages'> = {},
): Promise<EventStore> {
  const { EVENT_STORE_URL: url } = settings;
  if (url === undefined)
    return new SqliteEventStore(dataFile(settings, LOG), knownEvents, { ...options, assertDiskSpace: () => assertDiskSpace(settings.DATA_DIR) });
  return openEventStoreDB(settings, url, streamsOf, { logsOutages });
}

/** Milliseconds of retries before the reason of a failure is reported; all checks together take at most ten seconds. */
const PROBED = { inactivity: 2_000, retrying: 3_000, logsOutages: false };

/**
 * Whether the log can be used as the settings say; always so where it is a file.
 * @throws LogRefused after ten seconds at most, BadSettings
 */
export async function assertLogReached(settings: StoreSettings): Promise<void> {
  const { EVENT_STORE_URL: url } = settings;
  if (url === undefined) return;
  const store = await openEventStoreDB(settings, url, async () => [], PROBED);
  try {
    await store.assertReachable();
  } finally {
    await store.close();
  }
}

async function openEventStoreDB(settings: StoreSettings, url: string, streamsOf: StreamsOf, timeouts: Timeouts = {}) {
  const [{ EventStoreDBEventStore }, { parseEventStoreUrl }, { Scope }] = await Promise.all([
    import('../event-store/eventstoredb/event-store.js'),
    import('../event-store/eventstoredb/url.js'),
    import('../event-store/eventstoredb/scope.js'),
  ]);
  const address = checked('EVENT_STORE_URL', () => parseEventStoreUrl(url, { production: isProduction(settings) }));
  const { EVENT_STREAM_PREFIX: prefix } = settings;
  if (prefix !== undefined && new Scope('', knownStreamCategories).has(prefix))
    throw new BadSettings(`EVENT_STREAM_PREFIX: 没有前缀的安装会把以 ${prefix} 开头的名称当作自己的：请换一个开头不同的`);
  const scope = new Scope(prefix, knownStreamCategories);
  return new EventStoreDBEventStore(address, knownEvents, streamsOf, { ...timeouts, scope, identityStream: INSTALLATION_STREAM.name });
}

/** The store of the projector: MongoDB where the settings name one, otherwise a SQLite file. @throws BadSettings */
export async function openProjectionStore(settings: StoreSettings): Promise<ProjectionStore> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteProjectionStore(readModelsFile(settings));
  return new (await import('../read-models/mongodb/projection-store.js')).MongodbProjectionStore(url);
}

/** The documents that pages read. @throws BadSettings */
export async function openReadModels(settings: StoreSettings): Promise<ReadModels> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteReadModels(readModelsFile(settings));
  return new (await import('../read-models/mongodb/read-models.js')).MongodbReadModels(url);
}

/** The registry of builds. @throws BadSettings */
export async function openBuildStore(settings: StoreSettings): Promise<BuildStore> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteBuildStore(readModelsFile(settings));
  return new (await import('../read-models/mongodb/build-store.js')).MongodbBuildStore(url);
}

/** The leases and checkpoints of reactors and timers; stored with the read models. @throws BadSettings */
export async function openReactionStore(settings: StoreSettings): Promise<ReactionStore> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteReactionStore(readModelsFile(settings));
  return new (await import('../reactions/mongodb.reaction-store.js')).MongodbReactionStore(url);
}

/** The vault: in MongoDB with the read models, or in a SQLite file. @throws BadSettings */
export async function openVault(settings: Settings): Promise<Vault> {
  const url = await mongodbOf(settings);
  const { master } = loadSecrets(settings);
  if (url === undefined) return new SqliteVault(dataFile(settings, VAULT), master);
  const { MongodbVault } = await import('../vault/mongodb/vault.js');
  return retryUntilAvailable('MongoDB', () => MongodbVault.open(url, master));
}

/** The rate limits of logins, shared by all processes: in MongoDB with the read models, or in a SQLite file. @throws BadSettings */
export async function openRateLimitStore(settings: StoreSettings): Promise<RateLimitStore> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteRateLimitStore(dataFile(settings, RATE_LIMITS));
  const { MongodbRateLimitStore } = await import('../identity/throttling/mongodb.rate-limit-store.js');
  return retryUntilAvailable('MongoDB', () => MongodbRateLimitStore.open(url));
}

/** The folder of photos, which are files wherever the vault is stored. */
export function photosFolder({ DATA_DIR }: Pick<StoreSettings, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'photos');
}

/** Notes in the rate limits that they are of this installation; those of another are removed. */
export async function claimRateLimits(settings: StoreSettings, installation: string): Promise<void> {
  const url = await mongodbOf(settings);
  if (url === undefined) {
    const file = new SqliteRateLimitFile(dataFile(settings, RATE_LIMITS));
    file.belongTo(installation);
    return file.close();
  }
  const { MongodbRateLimitStore } = await import('../identity/throttling/mongodb.rate-limit-store.js');
  const store = await retryUntilAvailable('MongoDB', () => MongodbRateLimitStore.open(url));
  await store.belongTo(installation).finally(() => store.close());
}

const FILES = { log: LOG, vault: VAULT, 'read-models': READ_MODELS };

/** The settings by which a store is opened only to be read: a file that is not there is made in the folder `elsewhere` instead. */
export function settingsToRead(settings: Settings, store: keyof typeof FILES, elsewhere: string): Settings {
  const size = statSync(join(settings.DATA_DIR, FILES[store]), { throwIfNoEntry: false })?.size ?? 0;
  return size > 0 ? settings : { ...settings, DATA_DIR: elsewhere };
}

/** Whether the vault's file is missing. No file is created. */
export function isVaultMissing({ DATA_DIR, READ_MODELS_URL }: StoreSettings): boolean {
  return READ_MODELS_URL === undefined && !existsSync(join(DATA_DIR, VAULT));
}

/** The vault for a rotation of the master key. @throws BadSettings, BadRotation when there is none or others have it open */
export async function openVaultUnderRotation(settings: StoreSettings): Promise<VaultUnderRotation> {
  const url = await mongodbOf(settings);
  if (url === undefined) return new SqliteVaultUnderRotation(dataFile(settings, VAULT));
  return new (await import('../vault/mongodb/rotation.js')).MongodbVaultUnderRotation(url);
}

function readModelsFile(settings: StoreSettings): string {
  return dataFile(settings, READ_MODELS);
}

/** A file in DATA_DIR, which is created with access for its owner alone. */
function dataFile({ DATA_DIR }: Pick<StoreSettings, 'DATA_DIR'>, name: string): string {
  makeFolder(DATA_DIR);
  return join(DATA_DIR, name);
}

async function mongodbOf(settings: StoreSettings): Promise<string | undefined> {
  const { READ_MODELS_URL: url } = settings;
  if (url === undefined) return undefined;
  const { checkedMongodbUrl } = await import('../mongodb/url.js');
  return checked('READ_MODELS_URL', () => checkedMongodbUrl(url, { production: isProduction(settings) }));
}

function checked<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new BadSettings(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function isProduction({ NODE_ENV }: StoreSettings): boolean {
  return NODE_ENV === 'production';
}
