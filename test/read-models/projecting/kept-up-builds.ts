import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { BuildStore } from '../../../src/read-models/build-store.js';
import { RegisteredBuilds } from '../../../src/read-models/projecting/maintained-builds.js';
import { Projector, type ProjectorProgress } from '../../../src/read-models/projecting/projector.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { type Build, type Change, nextName, type Registry, withBuild, withRequest } from '../../../src/read-models/registry.js';
import { ServedReadModels } from '../../../src/read-models/serving/served.read-models.js';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { until } from '../../until.js';
import { damage } from '../damage.js';
import { MemoryEventStore } from '../memory.event-store.js';

/** Waits until an expectation of what the projector does holds. */
export function eventually(expected: () => Promise<void>): Promise<true> {
  let unmet = '';
  return until(
    'what the projector does',
    async () => {
      try {
        await expected();
        return true;
      } catch (error) {
        unmet = String(error);
        return false;
      }
    },
    10_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${unmet}`);
  });
}

export const fingerprints = { of: ({ name, version }: Projection) => `code of ${name} ${version}` };

/** A log of a test's own and the builds that are kept up from it, with projectors that come and go. */
export class KeptUpBuilds {
  private readonly folder = mkdtempSync(join(tmpdir(), 'builds-'));
  private readonly file = join(this.folder, 'read-models.sqlite');
  private readonly stored = new SqliteReadModels(this.file);
  private readonly running: (() => Promise<void>)[] = [];
  readonly events = new MemoryEventStore();
  readonly builds = new SqliteBuildStore(this.file);

  openStore(): SqliteProjectionStore {
    return new SqliteProjectionStore(this.file);
  }

  /** What a projector of a release knows of builds. */
  kept(code: readonly Projection[], store: SqliteProjectionStore, builds: BuildStore = this.builds): RegisteredBuilds {
    return new RegisteredBuilds(builds, store, this.events, code, fingerprints);
  }

  /** A projector of a release; answers its progress. */
  project(code: readonly Projection[]): () => ProjectorProgress | undefined {
    const store = this.openStore();
    const stopping = new AbortController();
    let last: ProjectorProgress | undefined;
    const report = (progress: ProjectorProgress) => {
      last = progress;
    };
    const settings = { holder: `holder-${this.running.length}`, builds: this.kept(code, store), report, heartbeatInterval: 5 };
    const ended = new Projector(this.events, store, code, settings).run(stopping.signal);
    this.running.push(async () => {
      stopping.abort();
      await ended;
      await store.close();
    });
    return () => last;
  }

  /** Ends every projector. */
  async end(): Promise<void> {
    for (const stop of this.running.splice(0).reverse()) await stop();
  }

  /** What a page of a release shows of a subject, in its newest shape. */
  shown(code: readonly Projection[], subject: string): Promise<unknown> {
    return new ServedReadModels(this.stored, this.builds, code).get<unknown>(code.at(-1) as Projection, subject);
  }

  async untilShown(code: readonly Projection[], subject: string, document: object): Promise<void> {
    await eventually(async () => expect(await this.shown(code, subject)).toEqual(document));
  }

  /** As a rebuild registers one that has caught up; the projector makes it from the log's start. */
  async another(projection: Projection): Promise<string> {
    const build = (registry: Registry): Build => ({
      name: nextName(registry, projection.name, projection.version),
      readModel: projection.name,
      version: projection.version,
      fingerprint: fingerprints.of(projection),
      state: 'current',
      begun: new Date().toISOString(),
    });
    const after = await this.builds.change((registry) => withBuild(registry, build(registry)));
    return after.builds.at(-1)?.name ?? '';
  }

  /** Puts a document into a build past all that its projector has seen. */
  damage(projection: Projection, subject: string, document: object): Promise<unknown> {
    return this.builds.fill(projection, new Map([[subject, { position: '99999999', document }]]), []);
  }

  /** Changes what stands in the file, past all code. */
  damageSql(sql: string): void {
    damage(this.folder, sql);
  }

  async outcomeOf(what: Change) {
    const id = randomUUID();
    await this.builds.change((registry) => withRequest(registry, id, what));
    const find = async () => (await this.builds.registry()).requests.find((request) => request.id === id)?.outcome;
    await eventually(async () => expect(await find()).toBeDefined());
    return find();
  }

  switchTo(build: string, accepted: readonly string[] = []) {
    return this.outcomeOf({ kind: 'switch', build, accepted });
  }

  async drop(): Promise<void> {
    await this.end();
    await this.stored.close();
    await this.builds.close();
    rmSync(this.folder, { recursive: true });
  }
}
