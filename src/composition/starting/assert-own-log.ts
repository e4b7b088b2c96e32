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
  constructor(found: string, expected: string) {
    super(
      `${found}, but ${expected}: it is another log. Check EVENT_STORE_URL, EVENT_STREAM_PREFIX and DATA_DIR; to begin anew, take read models that are empty`,
    );
  }
}

/** Installations named in one message. */
const MAX_NAMED = 3;

/** An installation is to begin in a store that has another one, which may be this one under an earlier prefix. */
export class AnotherInstallation extends Error {
  override readonly name = 'AnotherInstallation';
  constructor(others: readonly string[], own: string, asked: string) {
    const more = others.length - MAX_NAMED;
    const named = others.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} others` : '');
    super(
      `the log is empty with ${own}, and the server holds an installation with ${named}: check EVENT_STREAM_PREFIX; to begin another installation beside, set NEW_INSTALLATION=${asked}`,
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
    const foundText = found === undefined ? (head === START ? 'the log is empty' : 'the log has no installation') : `the log is of installation ${found}`;
    const { prefix } = prefixOf(settings);
    const prefixes = prefix === previousPrefix ? '' : ` (which had ${described(previousPrefix)}; the settings have ${described(prefix)})`;
    throw new AnotherLog(foundText, `the read models are of installation ${expected}${prefixes}`);
  }
  if (installation) assertOwnPrefix(settings, installation);
  if (expected !== undefined) return;
  const seen = await seenUpTo(settings);
  if (seen !== START && (await events.head()) === START) throw new AnotherLog('the log is empty', `the read models have seen events up to ${seen}`);
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
  throw new AnotherLog(`the log is of installation ${id}, which was begun with ${described(recorded)}`, `the settings have ${described(prefix)}`);
}

function described(prefix: string | undefined): string {
  return prefix === undefined ? 'no EVENT_STREAM_PREFIX' : `EVENT_STREAM_PREFIX=${prefix}`;
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
