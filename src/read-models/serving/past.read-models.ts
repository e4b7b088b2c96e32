import DataLoader from 'dataloader';
import type { Position } from '../../event-store/event.js';
import type { Projection, ReadModel } from '../projection.js';
import { type Checkpoint, type ReadModelSnapshot, ReadModels } from '../read-models.js';
import { type DocumentEvents, isFoundBySubject, readEventsOf } from '../rebuilding/document-events.js';
import { PartitionFold } from '../rebuilding/partition-fold.js';

/** Events that are read at a time. */
const PAGE = 2_000;

/** The documents as they were when the log ended at a position, folded from the events up to there by the code of this release. */
export class PastReadModels extends ReadModels {
  /** Read models that are asked for together are folded in one pass. */
  private readonly snapshots = new DataLoader((names: readonly string[]) => this.foldAll(names));
  private readonly documents = new Map<string, Promise<unknown>>();

  /** @param log ends at `end` */
  constructor(
    private readonly log: DocumentEvents,
    private readonly end: Position,
    private readonly code: readonly Projection[],
  ) {
    super();
  }

  override get<Document>({ name, empty }: ReadModel<Document>, key: string): Promise<Document> {
    const place = `${name} ${key}`;
    const known = this.documents.get(place) ?? this.fold(this.projectionOf(name), key);
    this.documents.set(place, known);
    return known.then((document) => (document ?? empty) as Document);
  }

  override async all<Document>({ name }: ReadModel<Document>): Promise<ReadModelSnapshot<Document>> {
    return (await this.snapshots.load(name)) as ReadModelSnapshot<Document>;
  }

  override async list(): Promise<never> {
    throw new Error('the past has no indexes');
  }

  override async lookUp(): Promise<never> {
    throw new Error('the past has no lookups');
  }

  override async checkpoint(): Promise<Checkpoint> {
    const eventId = (await this.log.events.at(this.end))?.id;
    return { position: this.end, ...(eventId !== undefined && { eventId }) };
  }

  override async isQuarantined(): Promise<boolean> {
    return false;
  }

  override async close(): Promise<void> {}

  /** The document before the first event that it cannot take; undefined where there is none. */
  private async fold(projection: Projection, key: string): Promise<unknown> {
    const fold = new PartitionFold([projection], { isIncluded: (each) => each === key, bounds: [this.end] });
    const reading = { keys: [key], bySubject: await isFoundBySubject(projection, key, this.log), upTo: this.end };
    await readEventsOf(projection, this.log, reading, (event) => fold.take(event));
    return fold.of(0).get(key)?.document;
  }

  private async foldAll(names: readonly string[]): Promise<readonly ReadModelSnapshot<unknown>[]> {
    const projections = names.map((name) => this.projectionOf(name));
    const fold = new PartitionFold(projections, { isIncluded: () => true, bounds: projections.map(() => this.end) });
    const types = [...new Set(projections.flatMap(({ on }) => Object.keys(on)))];
    let isEnd = false;
    for (let position = ''; !isEnd; ) {
      const page = await this.log.events.read(position, PAGE, { types });
      for (const event of page.events) fold.take(event);
      ({ position, end: isEnd } = page);
    }
    return projections.map((_, place) => ({
      position: this.end,
      documents: new Map([...fold.of(place)].flatMap(([key, { document }]) => (document === null ? [] : [[key, document] as const]))),
      quarantined: new Set(fold.quarantined(place).map(({ key }) => key)),
    }));
  }

  private projectionOf(name: string): Projection {
    const projection = this.code.find((each) => each.name === name);
    if (!projection) throw new Error(`this release has no read model ${name}`);
    return projection;
  }
}
