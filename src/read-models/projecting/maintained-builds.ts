import type { Recorded } from '../../event-store/event.js';
import type { EventPage, EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import { type Fingerprints, isMadeByOtherCode } from '../fingerprints.js';
import { nameOf, type Projection, projectionOf } from '../projection.js';
import { type Lease, type ProjectionStore, UnstorableDocument } from '../read-models.js';
import {
  BadChange,
  type Build,
  buildBefore,
  buildNamed,
  type Change,
  nextName,
  type ProjectorRequest,
  type Registry,
  servedBuild,
  withBuild,
  withRequestOutcome,
  withServedBuild,
} from '../registry.js';
import { BatchFold, type ProjectionStatus } from './batch-fold.js';
import { EventRouting, keyOf } from './event-routing.js';
import { newestVersions } from './new-versions.js';

/** The builds that a projector maintains. */
export interface MaintainedBuilds {
  /** Whether the set of builds can change. */
  readonly mayChange: boolean;
  /** The builds to maintain from now on. */
  load(): Promise<readonly Projection[]>;
  /** Whether other builds or requests are registered since `load`: the projector then starts over. */
  hasChanged(): Promise<boolean>;
  /**
   * Carries out pending requests; to be called when all builds have seen the log up to one position.
   * @returns whether anything was done: the projector then starts over before it reads on
   */
  whenAligned(lease: Lease, statuses: readonly ProjectionStatus[]): Promise<boolean>;
}

/** A set of builds that never changes. */
export function fixedBuilds(projections: readonly Projection[]): MaintainedBuilds {
  return { mayChange: false, load: async () => projections, hasChanged: async () => false, whenAligned: async () => false };
}

/** The current builds of the registry that this release's code made or can go on with; registers the first build of each read model. */
export class RegisteredBuilds implements MaintainedBuilds {
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

  async load(): Promise<readonly Projection[]> {
    const registry = await this.builds.change((before) => this.withFirstBuilds(before));
    this.revision = registry.revision;
    const current = registry.builds.filter((build) => build.state === 'current' && !isMadeByOtherCode(build, this.code, this.fingerprints));
    const maintained = current.flatMap((build) => projectionOf(this.code, build) ?? []);
    await this.builds.countUncounted(maintained);
    return maintained;
  }

  async hasChanged(): Promise<boolean> {
    return (await this.builds.registry()).revision !== this.revision;
  }

  async whenAligned(lease: Lease, statuses: readonly ProjectionStatus[]): Promise<boolean> {
    const waiting = (await this.builds.registry()).requests.filter(({ outcome }) => !outcome);
    for (const { id, what, until } of waiting) {
      try {
        if (until !== undefined && until < this.now().toISOString()) throw new BadChange('提出请求的命令早已结束，没有执行');
        if (what.kind === 'retry') await this.retry(lease, id, what, statuses);
        else if (what.kind === 'lend') return await this.lend(lease, id, what.to);
        else await this.switchServed(id, what, statuses);
      } catch (error) {
        if (!(error instanceof BadChange)) throw error;
        await this.builds.change((registry) => withRequestOutcome(registry, id, false, error.message, error.remedies));
      }
    }
    return waiting.length > 0;
  }

  /** The request is answered before the hand-over: if that fails, the requester is not waiting for an answer and times out. */
  private async lend(lease: Lease, id: string, to: string): Promise<true> {
    await this.builds.change((registry) => withRequestOutcome(registry, id, true, 'lent'));
    await this.store.handOver(lease, to);
    return true;
  }

  private withFirstBuilds(registry: Registry): Registry {
    const missing = newestVersions(this.code).filter(({ name }) => !(name in registry.serving));
    const begun = this.now().toISOString();
    return missing.reduce((before, projection) => withBuild(before, this.firstBuild(before, projection, begun)), registry);
  }

  /** Where builds are kept although none is served, it has a name of its own. */
  private firstBuild(registry: Registry, projection: Projection, begun: string): Build {
    const { name: readModel, version } = projection;
    const name = nextName(registry, readModel, version);
    return { name, readModel, version, fingerprint: this.fingerprints.of(projection), state: 'current', form: 'fields', begun };
  }

  /** Switches the served build and answers the request in one write. */
  private async switchServed(id: string, what: Extract<Change, { kind: 'switch' | 'rollback' }>, statuses: readonly ProjectionStatus[]): Promise<void> {
    await this.builds.change((registry) => {
      if (!isPending(registry, id)) return registry; // withdrawn, or answered
      const target = what.kind === 'switch' ? what.build : buildBefore(registry, what.readModel);
      this.assertReady(registry, target, what.accepted ?? [], statuses);
      return withRequestOutcome(withServedBuild(registry, target, this.now().toISOString()), id, true, `现在使用 ${target}`);
    });
  }

  /**
   * A build with quarantined documents is served only when the same ones are quarantined in the served build and a person accepts
   * them by key. The same holds for a rollback.
   */
  private assertReady(registry: Registry, target: string, accepted: readonly string[], statuses: readonly ProjectionStatus[]): void {
    const { readModel } = buildNamed(registry, target);
    const status = statuses.find(({ projection }) => nameOf(projection) === target);
    if (!status) throw new BadChange(`${target} 还没有重建完成，或者这个程序没有它的代码`);
    if (status.stopped !== undefined) throw new BadChange(status.stopped);
    const served = statuses.find(({ projection }) => nameOf(projection) === servedBuild(registry, readModel)?.name);
    if (served && served.stopped === undefined && served.checkpoint.position !== status.checkpoint.position) {
      throw new BadChange(`${target} 与正在使用的版本还没有到达同一位置，请再试一次`);
    }
    const unaccepted = [...status.quarantined].filter((key) => !(accepted.includes(key) && served?.quarantined.has(key)));
    if (unaccepted.length > 0) throw new BadChange(`${target} 中有被隔离的文档：${unaccepted.slice(0, 20).join('、')}`, [{ kind: 'retry-all', build: target }]);
  }

  /** Folds again what a quarantined document has missed. */
  private async retry(
    lease: Lease,
    id: ProjectorRequest['id'],
    { build, key }: Extract<Change, { kind: 'retry' }>,
    statuses: readonly ProjectionStatus[],
  ): Promise<void> {
    const status = statuses.find(({ projection }) => nameOf(projection) === build);
    if (!status) throw new BadChange(`没有 ${build}`);
    const { projection, checkpoint } = status;
    const quarantined = (await this.store.quarantined(projection)).get(key);
    if (!quarantined) throw new BadChange(`${build} 中的 ${key} 没有被隔离`);
    const stored = await this.store.load(projection, [key]);
    const folding = new BatchFold([projection]);
    let folded = [{ projection, checkpoint: { position: stored.get(key)?.position ?? '' }, quarantined: new Set<string>() }] as readonly ProjectionStatus[];
    let document = stored.get(key);
    if (document?.unreadable !== undefined) throw new BadChange(document.unreadable, [{ kind: 'repair', build, key }]);
    const routing = new EventRouting([projection]); // finds also events of types that only a newer release knows
    const isOfIt = (event: Recorded) => event.position <= checkpoint.position && routing.projectionsOf(event).length > 0 && keyOf(projection, event) === key;
    // the document has seen all events before the one that failed
    const first = await this.events.at(quarantined.position);
    let page: EventPage = { events: first ? [first] : [], position: quarantined.position, end: false };
    for (;;) {
      const outcome = await folding.fold(folded, { ...page, events: page.events.filter(isOfIt) }, async () => new Map(document ? [[key, document]] : []));
      const fault = outcome.batches[0]?.quarantined[0];
      if (fault) throw new BadChange(`${key} 仍然无法处理 ${fault.position}：${fault.error}`);
      document = outcome.batches[0]?.documents.get(key) ?? document;
      folded = outcome.statuses;
      if (page.position >= checkpoint.position) break;
      page = await this.events.read(page.position, PAGE);
    }
    try {
      await this.store.write(lease, [{ projection, documents: new Map(document ? [[key, document]] : []), quarantined: [], checkpoint }]);
    } catch (error) {
      throw error instanceof UnstorableDocument ? new BadChange(error.message) : error;
    }
    await this.builds.release(projection, key);
    await this.builds.change((registry) => withRequestOutcome(registry, id, true, `${build} 中的 ${key} 已经处理`));
  }
}

const PAGE = 1_000;

function isPending({ requests }: Registry, id: string): boolean {
  return requests.some((request) => request.id === id && !request.outcome);
}
