import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../../src/event-store/event-store.js';
import type { BuildStore } from '../../../src/read-models/build-store.js';
import { Projector, type ProjectorProgress, type ProjectorState } from '../../../src/read-models/projecting/projector.js';
import type { Projection, ReadModel } from '../../../src/read-models/projection.js';
import type { ProjectionStore, ReadModels } from '../../../src/read-models/read-models.js';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';

/** A projector at work in a test, and what it reports. */
export interface Supervised {
  readonly progress: () => ProjectorProgress | undefined;
  /** Resolves with the first report that is as meant, also one already made; broken when the projector dies before. */
  until(isMeant: (progress: ProjectorProgress) => boolean): Promise<ProjectorProgress>;
  untilState(state: ProjectorState): Promise<ProjectorProgress>;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Where the read models of a test are kept. */
export interface ReadModelsPlace {
  openStore(clock?: () => number): ProjectionStore;
  openReadModels(): ReadModels;
  openBuilds(): BuildStore;
  /** The next write of a projector fails after its documents were written; nothing happens where one write has both. */
  failNextCheckpoint?(): void;
  drop(): Promise<void>;
}

/** A folder of its own. */
export function inSqlite(folder = mkdtempSync(join(tmpdir(), 'projector-'))): ReadModelsPlace {
  const file = join(folder, 'read-models.sqlite');
  return {
    openStore: (clock) => new SqliteProjectionStore(file, clock),
    openReadModels: () => new SqliteReadModels(file),
    openBuilds: () => new SqliteBuildStore(file),
    drop: async () => rmSync(folder, { recursive: true }),
  };
}

/** Read models of a test's own, with projectors that come and go. */
export class ReadModelsFolder {
  private readonly stores: ProjectionStore[] = [];
  readonly readModels: ReadModels;
  readonly builds: BuildStore;
  private holders = 0;

  constructor(readonly place: ReadModelsPlace = inSqlite()) {
    this.readModels = place.openReadModels();
    this.builds = place.openBuilds();
  }

  store(clock?: () => number): ProjectionStore {
    const store = this.place.openStore(clock);
    this.stores.push(store);
    return store;
  }

  start(events: EventStore, projections: readonly Projection[], { store = this.store(), batch = 5_000, beat = 5 } = {}): Supervised {
    const stopping = new AbortController();
    const reports: ProjectorProgress[] = [];
    const listeners = new Set<() => void>();
    const report = (progress: ProjectorProgress) => {
      reports.push(progress);
      for (const listener of listeners) listener();
    };
    const projector = new Projector(events, store, projections, { holder: `holder-${++this.holders}`, report, batch, heartbeatInterval: beat });
    const ended = projector.run(stopping.signal);
    const until = async (isMeant: (progress: ProjectorProgress) => boolean) => {
      const { promise, resolve } = Promise.withResolvers<ProjectorProgress>();
      const look = () => {
        const found = reports.find(isMeant);
        if (found) resolve(found);
      };
      listeners.add(look);
      look();
      const died = ended.then(() => {
        look();
        return promise;
      });
      return await Promise.race([promise, died]);
    };
    return {
      progress: () => reports.at(-1),
      until,
      untilState: (state) => until((progress) => progress.state === state),
      ended,
      stop: async () => {
        stopping.abort();
        await ended;
      },
    };
  }

  /** Projects what is in the log now, and stops. */
  async project(events: EventStore, projections: readonly Projection[], batch?: number): Promise<ProjectorProgress> {
    const atWork = this.start(events, projections, batch === undefined ? {} : { batch });
    const progress = await atWork.until(({ state }) => state === 'live' || state === 'needs-rebuild' || state === 'stopped');
    await atWork.stop();
    await this.stores.pop()?.close();
    return progress;
  }

  async documents<Document>(projection: ReadModel<Document>): Promise<Record<string, Document>> {
    const { documents } = await this.readModels.all(projection);
    return Object.fromEntries(documents);
  }

  async drop(): Promise<void> {
    await this.readModels.close();
    await this.builds.close();
    for (const store of this.stores) await store.close();
    await this.place.drop();
  }
}
