import { START } from '../../event-store/event.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isServedMissing } from '../build-condition.js';
import type { BuildStore } from '../build-store.js';
import { nameOf, type Projection, projectionOf, type ReadModel } from '../projection.js';
import { type Checkpoint, type Listed, type ReadModelSnapshot, ReadModels } from '../read-models.js';
import { isStillThere, type Registry, servedBuild } from '../registry.js';
import { UnservedReadModel } from '../unserved-read-model.js';
import { currentRegistrySnapshot } from './registry-snapshot.js';

/** The build that is read for a read model, and the conversion of its documents to the version asked for. */
interface Served {
  readonly projection: Projection;
  lifted<Document>(document: unknown): Document;
}

/** The read models as pages see them: each from the build that is served, in this release's shape, by one registry snapshot per request. */
export class ServedReadModels extends ReadModels {
  constructor(
    private readonly stored: ReadModels,
    private readonly builds: Pick<BuildStore, 'registry'>,
    private readonly code: readonly Projection[],
  ) {
    super();
  }

  override async get<Document>(readModel: ReadModel<Document>, key: string): Promise<Document> {
    return this.reading(readModel, async ({ projection, lifted }) => {
      const document = await this.stored.get(projection, key);
      return { value: document === projection.empty ? readModel.empty : lifted<Document>(document), believed: document !== projection.empty };
    });
  }

  override async list<Document>(readModel: ReadModel<Document>, index: string, after: string | undefined, limit: number): Promise<readonly Listed<Document>[]> {
    return this.reading(readModel, async ({ projection, lifted }) => {
      const listed = await this.stored.list(projection, index, after, limit);
      return { value: listed.map((each) => ({ ...each, document: lifted<Document>(each.document) })), believed: listed.length > 0 };
    });
  }

  override async lookUp<Document>(
    readModel: ReadModel<Document>,
    lookup: string,
    value: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Listed<Document>[]> {
    return this.reading(readModel, async ({ projection, lifted }) => {
      if (!projection.lookups?.[lookup])
        throw new UnservedReadModel(`${nameOf(projection)} 还不能按 ${lookup} 查找，要换到第 ${readModel.version} 版`, [
          { kind: 'switch-newest', readModel: readModel.name },
        ]);
      const found = await this.stored.lookUp(projection, lookup, value, after, limit);
      return { value: found.map((each) => ({ ...each, document: lifted<Document>(each.document) })), believed: found.length > 0 };
    });
  }

  override async all<Document>(readModel: ReadModel<Document>): Promise<ReadModelSnapshot<Document>> {
    return this.reading(readModel, async ({ projection, lifted }) => {
      const whole = await this.stored.all(projection);
      const documents = new Map([...whole.documents].map(([key, document]) => [key, lifted<Document>(document)]));
      return { value: { ...whole, documents }, believed: documents.size > 0 };
    });
  }

  override async isQuarantined(readModel: ReadModel<unknown>, key: string): Promise<boolean> {
    return this.stored.isQuarantined(this.served(await this.registry(), readModel).projection, key);
  }

  override async checkpoint(projections: readonly Projection[]): Promise<Checkpoint> {
    const registry = await this.registry();
    return this.stored.checkpoint([...new Set(projections.map((projection) => this.served(registry, projection).projection))]);
  }

  override async withoutPlace<P extends ReadModel<unknown>>(readModels: readonly P[]): Promise<readonly P[]> {
    const registry = await this.registry();
    const served = new Map(readModels.map((readModel) => [this.served(registry, readModel).projection, readModel]));
    return (await this.stored.withoutPlace([...served.keys()])).flatMap((projection) => served.get(projection) ?? []);
  }

  override async servedBuilds(projections: readonly Projection[]): Promise<string> {
    const { serving } = await this.builds.registry();
    return projections.map(({ name }) => serving[name]).join();
  }

  override close(): Promise<void> {
    return this.stored.close();
  }

  /**
   * An empty answer or an error counts only while the build still exists; otherwise the read is repeated with a new registry snapshot.
   * As long as the build exists the request keeps its snapshot, whatever was switched meanwhile.
   */
  private async reading<T>(readModel: ReadModel<unknown>, read: (served: Served) => Promise<{ readonly value: T; readonly believed: boolean }>): Promise<T> {
    const registry = await this.registry();
    const served = this.served(registry, readModel);
    const answer = await settled(read(served));
    if ('value' in answer && answer.believed) return answer.value;
    const [build, newest] = [servedBuild(registry, readModel.name), await this.builds.registry()];
    const isThere = build ? isStillThere(newest, build) : !servedBuild(newest, readModel.name);
    if (isThere) {
      await this.assertHasPlace(served.projection);
      if ('fault' in answer) throw answer.fault;
      return answer.value;
    }
    currentRegistrySnapshot().registry = Promise.resolve(newest);
    return (await read(this.served(newest, readModel))).value;
  }

  /** One that has seen events has a place for their documents, unless that was lost: nothing is known of them then. */
  private async assertHasPlace(projection: Projection): Promise<void> {
    const [lost] = await this.stored.withoutPlace([projection]);
    if (!lost || (await this.stored.position([lost])) === START) return;
    throw new UnservedReadModel(`正在使用的 ${nameOf(lost)} 的文档表不存在，或者与程序不符`, [{ kind: 'status' }]);
  }

  private registry(): Promise<Registry> {
    const view = currentRegistrySnapshot();
    view.registry ??= this.builds.registry();
    return view.registry;
  }

  private served(registry: Registry, readModel: ReadModel<unknown>): Served {
    if (isServedMissing(registry, readModel.name)) throw new UnservedReadModel(`正在使用的 ${readModel.name} 没有登记`, [{ kind: 'status' }]);
    const build = servedBuild(registry, readModel.name) ?? { readModel: readModel.name, version: readModel.version, name: '' };
    const projection = projectionOf(this.code, build) ?? (build.version === readModel.version ? (readModel as Projection) : undefined);
    if (!projection) throw new StoreUnavailable(`${build.name} 是另一个版本的程序的读模型，这个程序读不了：请使用那个版本`);
    return { projection, lifted: <Document>(document: unknown) => this.lift(projection, readModel.version, document) as Document };
  }

  private lift(from: Projection, to: number, document: unknown): unknown {
    if (from.version === to) return document;
    const next = this.code.find(({ name, version }) => name === from.name && version === from.version + 1);
    if (!from.lift || !next || from.version > to) {
      throw new UnservedReadModel(`${from.name}@${from.version} 不能按第 ${to} 版显示`, [{ kind: 'switch-newest', readModel: from.name }]);
    }
    return this.lift(next, to, from.lift(document));
  }
}

async function settled<T extends object>(promise: Promise<T>): Promise<T | { readonly fault: unknown }> {
  try {
    return await promise;
  } catch (fault) {
    return { fault };
  }
}
