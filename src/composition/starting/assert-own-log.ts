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

/** Installations that one sentence names. */
const MAX_NAMED = 3;

/** An installation is to begin in a store that holds another one, which may be the own one under another prefix. */
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

/** What stands before the name of the stream in which an installation is recorded. */
function prefixIn(stream: string): string | undefined {
  return stream.slice(0, -INSTALLATION_STREAM.name.length) || undefined;
}

/** What an installation that begins is told by. */
export type Beginning = Pick<Settings, 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX' | 'NEW_INSTALLATION'>;

/**
 * That no other installation is in the store in which one is to begin, unless the settings say by name that it is to begin beside.
 * @throws AnotherInstallation
 */
export async function assertAlone(settings: Beginning, events: EventStore): Promise<void> {
  const { prefix } = prefixOf(settings);
  const asked = prefix ?? 'none';
  if (settings.NEW_INSTALLATION === asked) return;
  const made: InstallationEvent['type'] = 'InstallationMade';
  const others = (await events.foreignEvents(made)).filter(({ stream }) => stream.endsWith(INSTALLATION_STREAM.name));
  if (others.length > 0) throw new AnotherInstallation(others.map(({ stream }) => prefixIn(stream)).map(worded), worded(prefix), asked);
}

/**
 * That the log is the one that the read models were made from, as far as they know; an older copy of it is one, too, and its
 * read models then need a rebuild. Nothing is written.
 * @throws AnotherLog, StoreUnavailable
 */
export async function assertOwnLog(settings: Settings, events: EventStore): Promise<void> {
  const builds = await openBuildStore(settings);
  const { installation: expected, prefix: before } = await builds.registry().finally(() => builds.close());
  const installation = await readInstallation(events);
  const found = installation?.id;
  if (expected !== undefined && found !== expected) {
    const head = await events.head();
    const said = found === undefined ? (head === START ? 'the log is empty' : 'the log has no installation') : `the log is of installation ${found}`;
    const { prefix } = prefixOf(settings);
    const prefixes = prefix === before ? '' : ` (which had ${worded(before)}; the settings have ${worded(prefix)})`;
    throw new AnotherLog(said, `the read models are of installation ${expected}${prefixes}`);
  }
  if (installation) assertOwnPrefix(settings, installation);
  if (expected !== undefined) return;
  const seen = await seenUpTo(settings);
  if (seen !== START && (await events.head()) === START) throw new AnotherLog('the log is empty', `the read models have seen events up to ${seen}`);
}

/** What streams are told by in a server that others use too, as the settings say it; a file is nobody else's. */
export function prefixOf({ EVENT_STORE_URL, EVENT_STREAM_PREFIX: prefix }: Pick<Settings, 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX'>): {
  readonly prefix?: string;
} {
  return EVENT_STORE_URL !== undefined && prefix !== undefined ? { prefix } : {};
}

/** The installation's streams may have been copied to other names. One that an import of an earlier release began says no prefix. @throws AnotherLog */
function assertOwnPrefix(settings: Settings, { id, prefix: recorded }: Installation): void {
  const { prefix } = prefixOf(settings);
  if (settings.EVENT_STORE_URL === undefined || recorded === undefined || recorded === prefix) return;
  throw new AnotherLog(`the log is of installation ${id}, which was begun with ${worded(recorded)}`, `the settings have ${worded(prefix)}`);
}

function worded(prefix: string | undefined): string {
  return prefix === undefined ? 'no EVENT_STREAM_PREFIX' : `EVENT_STREAM_PREFIX=${prefix}`;
}

/** The read models are of this installation's log from now on. */
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

/** How far any read model has come that this release knows. */
async function seenUpTo(settings: Settings): Promise<Position> {
  const store = await openProjectionStore(settings);
  try {
    const positions = (await store.checkpoints(projectionsFor(settings))).map(({ position }) => position);
    return positions.toSorted().at(-1) ?? START;
  } finally {
    await store.close();
  }
}
