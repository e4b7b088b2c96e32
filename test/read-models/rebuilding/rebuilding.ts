import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Position } from '../../../src/event-store/event.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import type { BuildStore } from '../../../src/read-models/build-store.js';
import { type Projection, projectionOf } from '../../../src/read-models/projection.js';
import type { ProjectionStore } from '../../../src/read-models/read-models.js';
import { type Rebuilt, type ReplayOptions, type ReplayPorts, rebuild } from '../../../src/read-models/rebuilding/rebuild.js';
import { ReplayWorker, type ReplayWorkers } from '../../../src/read-models/rebuilding/replay-workers.js';
import type { Build } from '../../../src/read-models/registry.js';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';

/** What happens to a process: it dies at one of its steps, before or after the step took effect. */
export interface Death {
  readonly at: number;
  readonly after: boolean;
}

export class Died extends Error {}

/** Builds of read models of a test's own, with rebuilds that come and go. */
export class Rebuilding {
  readonly folder = mkdtempSync(join(tmpdir(), 'rebuilding-'));
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
  /** What is known of the code: by name of the projection, its fingerprint. */
  fingerprint = 'of this code';

  constructor(
    readonly events: EventStore,
    readonly code: readonly Projection[],
  ) {
    this.builds = new SqliteBuildStore(join(this.folder, 'read-models.sqlite'));
    this.store = new SqliteProjectionStore(join(this.folder, 'read-models.sqlite'));
  }

  ports({ atOnce = 1, death }: { readonly atOnce?: number; readonly death?: Death | undefined } = {}): ReplayPorts {
    const steps = stepsUntil(death);
    const builds = dyingAt(this.builds, ['replace', 'fill', 'complete', 'drop', 'prepare'], steps);
    const worker = new ReplayWorker(this.events, builds, this.code);
    return {
      events: this.events,
      builds,
      store: this.store,
      code: this.code,
      fingerprints: { of: () => this.fingerprint },
      types: ['Added', 'Removed', 'Spoilt', 'Shown', 'Passed'],
      folder: this.replays,
      workers: Object.assign(Object.create(dyingAt<ReplayWorkers>(worker, ['spool', 'fold'], steps)), { atOnce }) as ReplayWorkers,
    };
  }

  rebuild(projections = this.code, options: ReplayOptions = {}, ports = this.ports()): Promise<readonly Rebuilt[]> {
    return rebuild(projections, ports, options);
  }

  get replays(): string {
    return join(this.folder, 'replay');
  }

  /** What rebuilds have left on the disk. */
  get left(): readonly string[] {
    return readdirSync(this.replays).filter((name) => !name.startsWith('lock'));
  }

  /** Builds that are begun and not done. */
  async unfinished(): Promise<readonly string[]> {
    return (await this.builds.registry()).builds.filter(({ state }) => state === 'building').map(({ name }) => name);
  }

  async checkpoint(build: string): Promise<Position | undefined> {
    return (await this.store.checkpoints([await this.projectionOf(build)]))[0]?.position;
  }

  /** All documents of a build, tombstones apart. */
  async documents(build: string): Promise<Record<string, unknown>> {
    const stored = await this.builds.scan(await this.projectionOf(build), undefined, 10_000);
    return Object.fromEntries(stored.filter(({ document }) => document !== null).map(({ key, document }) => [key, document]));
  }

  async projectionOf(build: string): Promise<Projection> {
    const found = (await this.builds.registry()).builds.find(({ name }) => name === build) as Build;
    return projectionOf(this.code, found) as Projection;
  }

  async drop(): Promise<void> {
    await this.builds.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Counts the steps of a process, and ends it at one: nothing is done after it. */
function stepsUntil(death: Death | undefined): (step: () => Promise<unknown>) => Promise<unknown> {
  let count = 0;
  let dead = false;
  return async (step) => {
    const dies = count++ === death?.at;
    if (dead || (dies && !death?.after)) {
      dead = true;
      throw new Died();
    }
    const answer = await step();
    if (!dies) return answer;
    dead = true;
    throw new Died();
  };
}

function dyingAt<T extends object>(whole: T, names: readonly (keyof T)[], steps: (step: () => Promise<unknown>) => Promise<unknown>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      const call = (...given: unknown[]): unknown => Reflect.apply(value, name === 'change' ? dyingAt(target, names, steps) : target, given);
      return names.includes(name as keyof T) ? (...given: unknown[]) => steps(async () => call(...given)) : call;
    },
  });
}
