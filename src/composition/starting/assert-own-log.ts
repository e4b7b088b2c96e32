import { type Position, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { InstallationEvent } from '../../installation/installation.events.js';
import { INSTALLATION_STREAM, type Installation, readInstallation } from '../../installation/installation.js';
import type { Settings } from '../../settings/settings.js';
import { projectionsFor } from '../known/projections.js';
import { openBuildStore, openProjectionStore } from '../stores.js';

/** The log is not the one that the read models were made from; says what was expected and what was found. */
export class AnotherLog extends Error {
  override readonly name = 'AnotherLog';
  /** Without what to do. */
  readonly differs: string;
  /** Whether it can be the read models that are of another centre, and not the log. */
  readonly mayBeReadModels: boolean;

  constructor(found: string, expected: string, { mayBeReadModels = false } = {}) {
    const differs = `${found}，而${expected}：不是同一个中心的`;
    super(`${differs}。请检查 DATA_DIR、EVENT_STORE_URL、EVENT_STREAM_PREFIX 和 READ_MODELS_URL；设置没有错时，请运行 status，它说明是哪一个不对、怎么办`);
    this.differs = differs;
    this.mayBeReadModels = mayBeReadModels;
  }
}

const EMPTY_LOG = '日志是空的';

/** Installations named in one message. */
const MAX_NAMED = 3;

/** An installation is to begin in a store that has another one, which may be this one under an earlier prefix. */
export class AnotherInstallation extends Error {
  override readonly name = 'AnotherInstallation';
  constructor(others: readonly string[], own: string, asked: string) {
    const more = others.length - MAX_NAMED;
    const named = others.slice(0, MAX_NAMED).join('、') + (more > 0 ? ` 等 ${others.length} 个` : '');
    super(
      `设置中${own}，这样的日志是空的，而服务器上已经有别的安装，${named}：请检查 EVENT_STREAM_PREFIX；要在旁边开始另一个安装，请设置 NEW_INSTALLATION=${asked}`,
    );
  }
}

/** The prefix of an installation, from the name of the stream in which it is recorded. */
function prefixIn(stream: string): string | undefined {
  return stream.slice(0, -INSTALLATION_STREAM.name.length) || undefined;
}

/** The settings that decide whether an installation may begin. */
export type BeginningSettings = Pick<Settings, 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX' | 'NEW_INSTALLATION'>;

/**
 * Asserts that an installation may begin: the store has no other, or the settings allow this one beside it by name.
 * @throws AnotherInstallation
 */
export async function assertNoOtherInstallation(settings: BeginningSettings, events: EventStore): Promise<void> {
  const { prefix } = prefixOf(settings);
  const asked = prefix ?? 'none';
  if (settings.NEW_INSTALLATION === asked) return;
  const made: InstallationEvent['type'] = 'InstallationMade';
  const others = (await events.foreignEvents(made)).filter(({ stream }) => stream.endsWith(INSTALLATION_STREAM.name));
  if (others.length > 0) throw new AnotherInstallation(others.map(({ stream }) => prefixIn(stream)).map(described), described(prefix), asked);
}

/**
 * Asserts that the read models were made from this log, as far as they know. An older copy of the log passes, since its read models
 * then report that they need a rebuild. Nothing is written.
 * @throws AnotherLog, StoreUnavailable
 */
export async function assertOwnLog(settings: Settings, events: EventStore): Promise<void> {
  const builds = await openBuildStore(settings);
  const { installation: expected, prefix: previousPrefix } = await builds.registry().finally(() => builds.close());
  const installation = await readInstallation(events);
  const found = installation?.id;
  if (expected !== undefined && found !== expected) {
    const head = await events.head();
    const foundText = found === undefined ? (head === START ? EMPTY_LOG : '日志没有记录安装') : `日志属于安装 ${found}`;
    const { prefix } = prefixOf(settings);
    const prefixes = prefix === previousPrefix ? '' : `（它${described(previousPrefix)}，而设置中${described(prefix)}）`;
    throw new AnotherLog(foundText, `读模型属于安装 ${expected}${prefixes}`, { mayBeReadModels: found !== undefined });
  }
  if (installation) assertOwnPrefix(settings, installation);
  if (expected !== undefined) return;
  const seen = await seenUpTo(settings);
  if (seen !== START && (await events.head()) === START) throw new AnotherLog(EMPTY_LOG, `读模型已经看过位置 ${seen} 之前的事件`);
}

/** The prefix of streams by the settings; a log file has none, since no other program writes to it. */
export function prefixOf({ EVENT_STORE_URL, EVENT_STREAM_PREFIX: prefix }: Pick<Settings, 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX'>): {
  readonly prefix?: string;
} {
  return EVENT_STORE_URL !== undefined && prefix !== undefined ? { prefix } : {};
}

/** Streams may have been copied to other names. An installation begun by an import of an earlier release has no prefix recorded. @throws AnotherLog */
function assertOwnPrefix(settings: Settings, { id, prefix: recorded }: Installation): void {
  const { prefix } = prefixOf(settings);
  if (settings.EVENT_STORE_URL === undefined || recorded === undefined || recorded === prefix) return;
  throw new AnotherLog(`日志属于安装 ${id}，它开始时${described(recorded)}`, `设置中${described(prefix)}`);
}

function described(prefix: string | undefined): string {
  return prefix === undefined ? '没有 EVENT_STREAM_PREFIX' : `有 EVENT_STREAM_PREFIX=${prefix}`;
}

/** Notes in the registry that the read models are of this installation. */
export async function rememberLog(settings: Settings, installation: string): Promise<void> {
  const builds = await openBuildStore(settings);
  const own = { installation, ...prefixOf(settings) };
  try {
    const known = await builds.registry();
    if (known.installation === undefined || known.prefix !== (own.prefix ?? known.prefix)) await builds.change((registry) => ({ ...registry, ...own }));
  } finally {
    await builds.close();
  }
}

/** The same for whoever makes read models without a start; of a log that has no installation yet, nothing is known. */
export async function claimReadModels(settings: Settings, events: EventStore): Promise<void> {
  const installation = await readInstallation(events);
  if (installation) await rememberLog(settings, installation.id);
}

/** The latest checkpoint of all read models that this release knows. */
async function seenUpTo(settings: Settings): Promise<Position> {
  const store = await openProjectionStore(settings);
  try {
    const positions = (await store.checkpoints(projectionsFor(settings))).map(({ position }) => position);
    return positions.toSorted().at(-1) ?? START;
  } finally {
    await store.close();
  }
}
