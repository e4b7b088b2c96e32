import type { EventStore } from '../event-store/event-store.js';
import { readInstallation } from '../installation/installation.js';
import type { Registry } from '../read-models/registry.js';
import type { Problem } from '../read-models/verifying/problems.js';
import type { Settings } from '../settings/settings.js';
import { REBUILD, RESTORE } from '../sqlite/remedies.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { UnfinishedRotation, WrongMasterKey } from '../vault/master-key.js';
import { AnotherLog, assertOwnLog } from './starting/assert-own-log.js';
import { assertOwnStores, assertVaultThere, UnusableStore } from './starting/own-stores.js';
import { isVaultMissing, openVault, photosFolder } from './stores.js';
import { problemsOfVault } from './vault-problems.js';

/** What is wrong with the stores beside the log. */
export interface StoreProblems {
  /** With any of them nothing is said of the builds, since nothing may be made from this log: they stand alone. */
  readonly blocking: readonly Problem[];
  /** Of the vault, whatever the builds are like. */
  readonly others: readonly Problem[];
}

const NONE: StoreProblems = { blocking: [], others: [] };

/** What keeps a start from using a vault or photos; the message says which, and what to do. */
const REFUSALS = [UnusableStore, WrongMasterKey, UnfinishedRotation, DamagedFile];

/**
 * What is wrong with the read models, the vault and the photos beside the log: gone, emptied, of another installation, older or newer
 * than the log, or with another master key. Nothing is made.
 * @param options with `whole`, each candidate of the log is looked for in the vault; with `repair` too, what of the vault follows from the
 * log is written anew
 * @throws StoreUnavailable, BadSettings
 */
export async function problemsOfStores(settings: Settings, events: EventStore, options: StoreChecks = {}): Promise<StoreProblems> {
  try {
    await assertOwnLog(settings, events);
  } catch (error) {
    if (error instanceof DamagedFile) return { ...NONE, blocking: [{ kind: 'file', says: error.message, cure: [] }] };
    if (!(error instanceof AnotherLog)) throw error;
    const { blocking } = await problemsOfVaultAndPhotos(settings, events, {});
    const isOwnLog = error.mayBeReadModels && blocking.length === 0;
    const says = `${error.differs}。${isOwnLog ? ofForeignReadModels(settings) : OF_FOREIGN_LOG}`;
    return { ...NONE, blocking: [...blocking, { kind: 'store', says, cure: [] }] };
  }
  return problemsOfVaultAndPhotos(settings, events, options);
}

interface StoreChecks {
  readonly whole?: boolean;
  readonly repair?: boolean;
}

/**
 * Builds that do not say of which installation they are: those of another would be taken for this one's. Whoever projects notes it, a
 * start too.
 */
export async function problemsOfClaim({ installation, builds }: Registry, events: EventStore): Promise<readonly Problem[]> {
  if (installation !== undefined || builds.length === 0 || !(await readInstallation(events))) return [];
  return [{ kind: 'store', says: '读模型没有记下属于哪个安装', cure: [{ kind: 'catch-up' }] }];
}

const OF_FOREIGN_LOG = `这份日志不是这个中心的，或者与密钥库、读模型来自不同的中心：请检查 DATA_DIR、EVENT_STORE_URL 和 EVENT_STREAM_PREFIX；没有错时，${RESTORE}`;

function ofForeignReadModels({ READ_MODELS_URL }: Settings): string {
  const remedy = READ_MODELS_URL === undefined ? `read-models.sqlite 要重新生成：${REBUILD}` : '换成空的数据库再启动，内容由事件重新生成';
  return `日志与密钥库相符，是读模型不对：请检查 DATA_DIR 和 READ_MODELS_URL；没有错时，${remedy}`;
}

async function problemsOfVaultAndPhotos(settings: Settings, events: EventStore, { whole = false, repair = false }: StoreChecks): Promise<StoreProblems> {
  const installation = await readInstallation(events);
  if (!installation) return NONE;
  try {
    await assertVaultThere(settings, events);
    if (isVaultMissing(settings)) return NONE;
    const vault = await openVault(settings);
    try {
      await assertOwnStores(events, vault, photosFolder(settings), installation.id);
      return { ...NONE, others: whole ? await problemsOfVault(events, vault, { repair }) : [] };
    } finally {
      await vault.close();
    }
  } catch (error) {
    if (REFUSALS.some((kind) => error instanceof kind)) return { ...NONE, blocking: [{ kind: 'store', says: (error as Error).message, cure: [] }] };
    throw error;
  }
}
