import type { Settings } from '../config.js';
import { type Position, START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import { projectionsFor } from '../known-projections.js';
import { openBuildStore, openProjectionStore } from '../stores.js';
import { installationOf } from './installation.js';

/** The log is not the one that the read models were made from; says what was expected and what was found. */
export class AnotherLog extends Error {
  override readonly name = 'AnotherLog';
  constructor(found: string, expected: string) {
    super(
      `${found}, but ${expected}: it is another log. Check EVENT_STORE_URL, EVENT_STREAM_PREFIX and DATA_DIR; to begin anew, take read models that are empty`,
    );
  }
}

/**
 * That the log is the one that the read models were made from, as far as they know; an older copy of it is one, too, and its
 * read models then need a rebuild. Nothing is written.
 * @throws AnotherLog, StoreUnavailable
 */
export async function assertOwnLog(settings: Settings, events: EventStore): Promise<void> {
  const builds = await openBuildStore(settings);
  const { installation: expected } = await builds.registry().finally(() => builds.close());
  const found = (await installationOf(events))?.id;
  if (expected !== undefined) {
    if (found === expected) return;
    const head = await events.head();
    const said = found === undefined ? (head === START ? 'the log is empty' : 'the log has no installation') : `the log is of installation ${found}`;
    throw new AnotherLog(said, `the read models are of installation ${expected}`);
  }
  const seen = await seenUpTo(settings);
  if (seen !== START && (await events.head()) === START) throw new AnotherLog('the log is empty', `the read models have seen events up to ${seen}`);
}

/** The read models are of this installation's log from now on. */
export async function rememberLog(settings: Settings, installation: string): Promise<void> {
  const builds = await openBuildStore(settings);
  try {
    if ((await builds.registry()).installation === undefined) await builds.change((registry) => ({ ...registry, installation }));
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
