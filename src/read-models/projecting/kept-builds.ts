import type { Recorded } from '../../event-store/event.js';
import type { EventStore, Page } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import type { Fingerprints } from '../fingerprints.js';
import { codeOf, nameOf, type Projection } from '../projection.js';
import type { Lease, ProjectionStore } from '../read-models.js';
import {
  type Asked,
  answered,
  BadChange,
  type Build,
  buildBefore,
  buildNamed,
  type Change,
  nameOfBuild,
  type Registry,
  servedBuild,
  switched,
  withBuild,
} from '../registry.js';
import { Concerned, keyOf } from './concerned.js';
import { Folding, type ProjectionStatus } from './fold.js';

/** What a projector keeps up with the log. */
export interface Kept {
  /** Whether there can ever be others. */
  readonly mayChange: boolean;
  /** The builds to keep up from now on. */
  begin(): Promise<readonly Projection[]>;
  /** Whether they are others by now, or something is asked for: the projector begins anew. */
  changed(): Promise<boolean>;
  /**
   * All of them have seen the log up to one position: the moment to do what was asked for. Answers whether anything was
   * done: the projector then begins anew before it takes another event.
   */
  atOnePosition(lease: Lease, statuses: readonly ProjectionStatus[]): Promise<boolean>;
}

/** The same builds for ever. */
export function always(projections: readonly Projection[]): Kept {
  return { mayChange: false, begin: async () => projections, changed: async () => false, atOnePosition: async () => false };
}

/** The builds of the registry that this process has the code of; first builds are registered here. */
export class KeptBuilds implements Kept {
  readonly mayChange = true;
  private revision = -1;

  /** @param code every projection of this release, older versions of a name included */
  constructor(
    private readonly builds: BuildStore,
    private readonly store: ProjectionStore,
    private readonly events: EventStore,
    private readonly code: readonly Projection[],
    private readonly fingerprints: Fingerprints,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async begin(): Promise<readonly Projection[]> {
    const registry = await this.builds.change((before) => this.withFirstBuilds(before));
    this.revision = registry.revision;
    return registry.builds.filter(({ state }) => state === 'current').flatMap((build) => codeOf(this.code, build) ?? []);
  }

  async changed(): Promise<boolean> {
    return (await this.builds.registry()).revision !== this.revision;
  }

  async atOnePosition(lease: Lease, statuses: readonly ProjectionStatus[]): Promise<boolean> {
    const waiting = (await this.builds.registry()).requests.filter(({ outcome }) => !outcome);
    for (const { id, what, until } of waiting) {
      try {
        if (until !== undefined && until < this.now().toISOString()) throw new BadChange('提出请求的命令早已结束，没有执行');
        if (what.kind === 'retry') await this.retry(lease, id, what, statuses);
        else await this.point(id, what, statuses);
      } catch (error) {
        if (!(error instanceof BadChange)) throw error;
        await this.builds.change((registry) => answered(registry, id, false, error.message));
      }
    }
    return waiting.length > 0;
  }

  private withFirstBuilds(registry: Registry): Registry {
    const missing = newest(this.code).filter(({ name }) => !(name in registry.serving));
    const begun = this.now().toISOString();
    return missing.reduce((before, projection) => withBuild(before, this.newBuild(projection, 1, 'current', begun)), registry);
  }

  private newBuild(projection: Projection, number: number, state: Build['state'], begun: string): Build {
    const { name: readModel, version } = projection;
    return { name: nameOfBuild(readModel, version, number), readModel, version, fingerprint: this.fingerprints.of(projection), state, begun };
  }

  /** Moves the pointer; the request is answered in the same write. */
  private async point(id: string, what: Exclude<Change, { kind: 'retry' }>, statuses: readonly ProjectionStatus[]): Promise<void> {
    await this.builds.change((registry) => {
      if (!isWaiting(registry, id)) return registry; // withdrawn, or answered
      const target = what.kind === 'switch' ? what.build : buildBefore(registry, what.readModel);
      this.assertReady(registry, target, what.kind === 'switch' ? what.accepted : undefined, statuses);
      return answered(switched(registry, target, this.now().toISOString()), id, true, `现在使用 ${target}`);
    });
  }

  /**
   * A build with a quarantined document is pointed to only when the same one is in quarantine in what is served, and a
   * person accepts it by name; the way back is open all the same.
   */
  private assertReady(registry: Registry, target: string, accepted: readonly string[] | undefined, statuses: readonly ProjectionStatus[]): void {
    const { readModel } = buildNamed(registry, target);
    const status = statuses.find(({ projection }) => nameOf(projection) === target);
    if (!status) throw new BadChange(`${target} 还没有重建完成，或者这个程序没有它的代码`);
    if (status.stopped !== undefined) throw new BadChange(status.stopped);
    const served = statuses.find(({ projection }) => nameOf(projection) === servedBuild(registry, readModel)?.name);
    if (served && served.stopped === undefined && served.checkpoint.position !== status.checkpoint.position) {
      throw new BadChange(`${target} 与正在使用的版本还没有到达同一位置，请再试一次`);
    }
    if (accepted === undefined) return;
    const unaccepted = [...status.quarantined].filter((key) => !(accepted.includes(key) && served?.quarantined.has(key)));
    if (unaccepted.length > 0) throw new BadChange(`${target} 中有被隔离的文档：${unaccepted.slice(0, 20).join('、')}`);
  }

  /** Folds again what a quarantined document has missed. */
  private async retry(lease: Lease, id: Asked['id'], { build, key }: Extract<Change, { kind: 'retry' }>, statuses: readonly ProjectionStatus[]): Promise<void> {
    const status = statuses.find(({ projection }) => nameOf(projection) === build);
    if (!status) throw new BadChange(`没有 ${build}`);
    const { projection, checkpoint } = status;
    const quarantined = (await this.store.quarantined(projection)).get(key);
    if (!quarantined) throw new BadChange(`${build} 中的 ${key} 没有被隔离`);
    const stored = await this.store.load(projection, [key]);
    const folding = new Folding([projection]);
    let folded = [{ projection, checkpoint: { position: stored.get(key)?.position ?? '' }, quarantined: new Set<string>() }] as readonly ProjectionStatus[];
    let document = stored.get(key);
    const concerned = new Concerned([projection]); // also by what a newer release recorded, which no filter can name
    const isOfIt = (event: Recorded) => event.position <= checkpoint.position && concerned.by(event).length > 0 && keyOf(projection, event) === key;
    // it has seen all before the event that it could not take
    const first = await this.events.at(quarantined.position);
    let page: Page = { events: first ? [first] : [], position: quarantined.position, end: false };
    for (;;) {
      const outcome = await folding.fold(folded, { ...page, events: page.events.filter(isOfIt) }, async () => new Map(document ? [[key, document]] : []));
      const fault = outcome.batches[0]?.quarantined[0];
      if (fault) throw new BadChange(`${key} 仍然无法处理 ${fault.position}：${fault.error}`);
      document = outcome.batches[0]?.documents.get(key) ?? document;
      folded = outcome.statuses;
      if (page.position >= checkpoint.position) break;
      page = await this.events.read(page.position, PAGE);
    }
    await this.store.write(lease, [{ projection, documents: new Map(document ? [[key, document]] : []), quarantined: [], checkpoint }]);
    await this.builds.release(projection, key);
    await this.builds.change((registry) => answered(registry, id, true, `${build} 中的 ${key} 已经处理`));
  }
}

const PAGE = 1_000;

function isWaiting({ requests }: Registry, id: string): boolean {
  return requests.some((request) => request.id === id && !request.outcome);
}

/** The newest version of each read model. */
export function newest(code: readonly Projection[]): readonly Projection[] {
  return [...Map.groupBy(code, ({ name }) => name).values()].map((versions) => versions.reduce((one, other) => (other.version > one.version ? other : one)));
}
