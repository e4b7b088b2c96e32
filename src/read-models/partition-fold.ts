import { type Position, type Recorded, START } from '../event-store/event.js';
import { Concerned, keyOf } from './concerned.js';
import { foldDocument } from './fold-document.js';
import type { Projection } from './projection.js';
import type { Quarantined, Stored } from './read-models.js';

/** Which documents are folded, and how far. */
export interface Part {
  isMine(key: string): boolean;
  /** By place of the projection, the last position that it sees; undefined: all there is. */
  readonly bounds: readonly (Position | undefined)[];
  /** The last position that a document sees, where that is earlier. */
  upTo?(place: number, key: string): Position | undefined;
  /** By place, up to where every document must have seen the log. */
  readonly seen?: readonly Position[];
}

/** Some documents of some projections, folded from nothing; holds the documents, not the events. */
export class PartitionFold {
  private readonly concerned: Concerned;
  private readonly documents: readonly Map<string, Stored>[];
  private readonly faults: readonly Map<string, Omit<Quarantined, 'key'>>[];
  private readonly late: readonly Set<string>[];

  constructor(
    private readonly projections: readonly Projection[],
    private readonly part: Part,
  ) {
    this.concerned = new Concerned(projections);
    this.documents = projections.map(() => new Map());
    this.faults = projections.map(() => new Map());
    this.late = projections.map(() => new Set());
  }

  /** Events come in the log's order. @throws NobodyKnowsWhose within a projection's bound */
  take(event: Recorded): void {
    for (const place of this.concerned.by(event)) this.fold(place, this.projections[place] as Projection, event);
  }

  /** The documents of the projection at a place, tombstones included. */
  of(place: number): ReadonlyMap<string, Stored> {
    return this.documents[place] as ReadonlyMap<string, Stored>;
  }

  /** Those that could not take an event within their bound. */
  quarantined(place: number): readonly Quarantined[] {
    return Array.from(this.faults[place] ?? [], ([key, fault]) => ({ key, ...fault }));
  }

  /** Keys of documents that see less than they must have seen. */
  behind(place: number): ReadonlySet<string> {
    return this.late[place] as ReadonlySet<string>;
  }

  private fold(place: number, projection: Projection, event: Recorded): void {
    const bound = this.part.bounds[place];
    if (bound !== undefined && event.position > bound) return;
    const key = keyOf(projection, event);
    if (key === undefined || !this.part.isMine(key)) return;
    const [documents, faults] = [this.documents[place] as Map<string, Stored>, this.faults[place] as Map<string, Omit<Quarantined, 'key'>>];
    if (faults.has(key)) return;
    const upTo = this.part.upTo?.(place, key);
    if (upTo !== undefined && event.position > upTo) {
      if (event.position <= (this.part.seen?.[place] ?? START)) this.late[place]?.add(key);
      return;
    }
    const { after, fault } = foldDocument(projection, documents.get(key), [event]);
    if (after) documents.set(key, after);
    if (fault) faults.set(key, fault);
  }
}
