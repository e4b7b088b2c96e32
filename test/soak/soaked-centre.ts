import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import { projectionsFor } from '../../src/composition/known/projections.js';
import { openBuildStore, openProjectionStore, openReadModels, openVault } from '../../src/composition/stores.js';
import { type Position, type Recorded, START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { BuildStore } from '../../src/read-models/build-store.js';
import { nameOf, type Projection, projectionOf } from '../../src/read-models/projection.js';
import type { Checkpoint, ProjectionStore, Stored } from '../../src/read-models/read-models.js';
import { ServedReadModels } from '../../src/read-models/serving/served.read-models.js';
import { readSettings, type Settings } from '../../src/settings/settings.js';
import type { Vault } from '../../src/vault/vault.js';
import { type Ended, run } from '../cli/run.js';
import { limitFiles } from '../file-limit.js';
import { centreOn } from '../imports/centre.js';
import { until } from '../until.js';
import { SteadyCommands } from './commands.js';
import { foldEvents } from './fold-events.js';
import { OtherProgram } from './other-program.js';
import { PATIENCE, ProjectorProcess } from './projector-process.js';
import { WebProcess } from './web-process.js';

/** Kills each process, also those of an abandoned round. */
const kills: (() => unknown)[] = [];
afterAll(() => {
  for (const kill of kills) kill();
});

const LOG = new URL('../fixtures/first-release/events.sqlite', import.meta.url);

/** A running command of the command line. */
interface AskedCommand {
  readonly ended: Promise<Ended>;
  kill(): void;
  /** Limits the size of its files, until called without a number. Does nothing after it has ended. */
  limitFiles(bytes?: number): Promise<void>;
}

/** The stored documents of one build. */
interface Kept {
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  readonly documents: ReadonlyMap<string, Stored>;
  readonly quarantined: readonly string[];
}

/** The candidates of the log of the first release are in no vault: it expects those alone who are registered from now on. */
async function expectNobodyBeforeNow(vault: Vault, events: EventStore): Promise<void> {
  const position = await events.head();
  const last = await events.at(position);
  if (last) await vault.setForgottenUpTo({ position, eventId: last.id, candidates: 0 });
}

/** A centre whose processes are killed: its processes, the commands given meanwhile, and the checks afterwards. */
export class SoakedCentre {
  /** By build, documents that no projector wrote; later events are folded into them. */
  readonly filled = new Map<string, ReadonlyMap<string, Stored>>();
  private readonly running: (() => Promise<unknown>)[] = [];

  private constructor(
    private readonly environment: Readonly<Record<string, string>>,
    readonly settings: Settings,
    readonly events: EventStore,
    readonly commands: SteadyCommands,
    readonly builds: BuildStore,
    readonly readModels: ServedReadModels,
    private readonly store: ProjectionStore,
    private readonly closeCentre: () => Promise<void>,
    /** Where the vault, the read models and the tallies are files. */
    private readonly web: WebProcess | undefined,
    private readonly otherProgram: OtherProgram,
  ) {}

  /** Opens one in a folder, on a log of the first release. */
  static async open(folder: string, random: Random, stores: Readonly<Record<string, string>> = {}): Promise<SoakedCentre> {
    copyFileSync(LOG, join(folder, 'events.sqlite'));
    const environment = { DATA_DIR: folder, DEMO: 'false', ...stores };
    const settings = readSettings(environment);
    await (await openVault(settings)).close();
    const ports = await centreOn(folder, environment);
    await expectNobodyBeforeNow(ports.vault, ports.events);
    const builds = await openBuildStore(settings);
    const readModels = new ServedReadModels(await openReadModels(settings), builds, projectionsFor(settings));
    const store = await openProjectionStore(settings);
    const web = settings.READ_MODELS_URL === undefined ? new WebProcess(environment) : undefined;
    if (web) kills.push(() => web.kill());
    return new SoakedCentre(
      environment,
      settings,
      ports.events,
      new SteadyCommands(ports, random),
      builds,
      readModels,
      store,
      ports.close,
      web,
      new OtherProgram(folder),
    );
  }

  /** Starts a projector's process, which ends with the centre. */
  projector(): ProjectorProcess {
    const projector = new ProjectorProcess(this.environment);
    kills.push(() => projector.kill());
    this.atTheEnd(() => projector.kill());
    return projector;
  }

  /** Runs the command line in a process, which ends with the centre. */
  ask(...args: readonly string[]): AskedCommand {
    const { child, ended } = run(args, this.environment);
    const kill = () => void child.kill('SIGKILL');
    kills.push(kill);
    this.atTheEnd(() => {
      kill();
      return ended;
    });
    return { ended, kill, limitFiles: (bytes) => limitFiles(child, bytes) };
  }

  /** Registers what has to end with the centre. */
  atTheEnd(end: () => Promise<unknown>): void {
    this.running.push(end);
  }

  /** The process that projects. */
  atWork(projectors: readonly ProjectorProcess[]): Promise<ProjectorProcess> {
    return until('one of them to take the lease', () => projectors.find(({ holdsSince }) => holdsSince !== undefined), PATIENCE);
  }

  /** Whether a process that is frozen in the middle of a write has locked the read models' file. */
  async isLocked(): Promise<boolean> {
    if (this.settings.READ_MODELS_URL !== undefined) return false;
    const db = new DatabaseSync(join(this.settings.DATA_DIR, 'read-models.sqlite'), { timeout: STUCK });
    try {
      db.exec('BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch {
      return true;
    } finally {
      db.close();
    }
  }

  /** The names of all builds with documents in the file. */
  places(): readonly string[] | undefined {
    if (this.settings.READ_MODELS_URL !== undefined) return undefined;
    const db = new DatabaseSync(join(this.settings.DATA_DIR, 'read-models.sqlite'), { readOnly: true });
    const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%@%' AND name NOT LIKE '% found by %' ORDER BY name`).all();
    db.close();
    return tables.map(({ name }) => String(name));
  }

  /** Resolves when all builds have reached the present end of the log. */
  async caughtUp(): Promise<void> {
    const head = await this.events.head();
    await until(
      'the read models to come to the end of the log',
      async () => {
        const checkpoints = await this.store.checkpoints(await this.projections());
        return checkpoints.length > 0 && checkpoints.every(({ position }) => position >= head);
      },
      PATIENCE,
    );
  }

  /** Ends the commands, waits for the projector, and checks everything. */
  async expectAllRight(): Promise<void> {
    await this.commands.end();
    await this.caughtUp();
    expect(this.otherProgram.wrong).toEqual([]);
    if (this.web) {
      await this.web.visited();
      expect(this.web.wrong).toEqual([]);
      await until('another program to read each file', () => FILES.every((name) => this.otherProgram.files.has(name)), PATIENCE);
    }
    const log = await this.log();
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
    expect(this.commands.wronglyRecorded(log)).toEqual([]);
    await this.expectTold();
    expect(await this.commands.wronglyShown(this.readModels)).toEqual([]);
  }

  /** Checks that the stored documents follow from the log, as far as it was projected. No process may project meanwhile. */
  async expectTold(): Promise<void> {
    const kept = await this.kept();
    const log = await this.log();
    const wrong = await Promise.all(kept.map((build) => this.wrong(build, log)));
    expect(wrong.flat()).toEqual([]);
  }

  async close(): Promise<void> {
    await this.otherProgram.end(); // before any process whose open files this process does not hold
    await this.web?.end();
    await Promise.all(this.running.splice(0).map((end) => end()));
    try {
      await this.commands.end();
    } finally {
      await this.readModels.close();
      await this.builds.close();
      await this.store.close();
      await this.closeCentre();
    }
  }

  private async wrong({ projection, checkpoint, documents, quarantined }: Kept, log: readonly Recorded[]): Promise<readonly string[]> {
    const name = nameOf(projection);
    const wrong = quarantined.map((key) => `${name} ${key} is in quarantine`);
    const { position, eventId } = checkpoint;
    if (position !== START && !log.some((event) => event.position === position && event.id === eventId))
      wrong.push(`${name} at ${position} is not of this log`);
    // a store may write documents before their checkpoint: such a document is compared at its own position
    const ahead = new Map([...documents].filter(([, stored]) => stored.position > position).map(([key, stored]) => [key, stored.position]));
    const upTo = (event: Recorded) => (ahead.size > 0 && event.type in projection.on ? ahead.get(projection.key(event) ?? '') : undefined) ?? position;
    const seen = log.filter((event) => event.position <= upTo(event));
    const expected = await foldEvents(projection, seen, this.filled.get(name));
    for (const key of new Set([...expected.keys(), ...documents.keys()])) {
      const [should, is] = [expected.get(key), documents.get(key)];
      if (!isDeepStrictEqual(asJson(should), is)) wrong.push(`${name} ${key}: ${JSON.stringify(is)} is stored, the log says ${JSON.stringify(should)}`);
    }
    if (ahead.size > 0 && this.settings.READ_MODELS_URL === undefined) wrong.push(`${name}: ${ahead.size} documents are ahead of their checkpoint`);
    return wrong;
  }

  private async kept(): Promise<readonly Kept[]> {
    const projections = await this.projections();
    const checkpoints = await this.store.checkpoints(projections);
    const kept: Kept[] = [];
    for (const [at, projection] of projections.entries()) {
      const quarantined = [...(await this.store.quarantined(projection)).keys()];
      kept.push({ projection, checkpoint: checkpoints[at] as Checkpoint, documents: await this.documents(projection), quarantined });
    }
    return kept;
  }

  private async documents(projection: Projection): Promise<ReadonlyMap<string, Stored>> {
    const documents = new Map<string, Stored>();
    for (let after: string | undefined; ; ) {
      const page = await this.builds.scan(projection, after, PAGE);
      for (const { key, position, document } of page) documents.set(key, { position, document });
      if (page.length < PAGE) return documents;
      after = page.at(-1)?.key;
    }
  }

  private async projections(): Promise<readonly Projection[]> {
    const { builds } = await this.builds.registry();
    const current = builds.filter(({ state }) => state === 'current');
    return current.flatMap((build) => projectionOf(projectionsFor(this.settings), build) ?? []);
  }

  async log(): Promise<readonly Recorded[]> {
    const log: Recorded[] = [];
    for (let after: Position = START; ; ) {
      const page = await this.events.read(after, PAGE);
      log.push(...page.events);
      if (page.end) return log;
      after = page.position;
    }
  }
}

const PAGE = 2_000;
/** All SQLite files. */
const FILES = ['events.sqlite', 'login-tallies.sqlite', 'read-models.sqlite', 'vault.sqlite'];
/** Milliseconds after which a lock cannot be that of a running write. */
const STUCK = 1_500;

function asJson(stored: Stored | undefined): unknown {
  return stored && JSON.parse(JSON.stringify(stored));
}
