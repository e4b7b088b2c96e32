import { type Position, type Recorded, START } from '../../event-store/event.js';
import { EventRouting, keyOf } from '../projecting/event-routing.js';
import { type AssertStorable, DocumentFold } from '../projecting/fold-document.js';
import type { Projection } from '../projection.js';
import type { Quarantined, Stored } from '../read-models.js';

/** Which documents are folded, and how far. */
export interface Part {
  isIncluded(key: string, place: number): boolean;
  /** By place of the projection, the last position that it sees; undefined: all there is. */
  readonly bounds: readonly (Position | undefined)[];
  /** The last position that a document sees, where that is earlier. */
  upTo?(place: number, key: string): Position | undefined;
  readonly assertStorable?: AssertStorable;
  /** By place, up to where every document must have seen the log. */
  readonly seen?: readonly Position[];
}

/** What the documents of one projection came to. */
interface Outcome {
  readonly documents: ReadonlyMap<string, Stored>;
  readonly quarantined: readonly Quarantined[];
}

/** Some documents of some projections, folded from nothing; holds the documents, not the events. */
export class PartitionFold {
  private readonly routing: EventRouting;
  private readonly folds: readonly Map<string, DocumentFold>[];
  private readonly late: readonly Set<string>[];
  private readonly outcomes: (Outcome | undefined)[] = [];

  constructor(
    private readonly projections: readonly Projection[],
    private readonly part: Part,
  ) {
    this.routing = new EventRouting(projections);
    this.folds = projections.map(() => new Map());
    this.late = projections.map(() => new Set());
  }

  /** Events come in the log's order, before anybody asks what they came to. @throws UnknownDocumentKey within a projection's bound */
  take(event: Recorded): void {
    for (const place of this.routing.projectionsOf(event)) this.fold(place, this.projections[place] as Projection, event);
  }

  /** The documents of the projection at a place, tombstones included. */
  of(place: number): ReadonlyMap<string, Stored> {
    return this.outcome(place).documents;
  }

  /** Those that could not take an event within their bound. */
  quarantined(place: number): readonly Quarantined[] {
    return this.outcome(place).quarantined;
  }

  /** Keys of documents that see less than they must have seen. */
  behind(place: number): ReadonlySet<string> {
    return this.late[place] as ReadonlySet<string>;
  }

  private fold(place: number, projection: Projection, event: Recorded): void {
    const bound = this.part.bounds[place];
    if (bound !== undefined && event.position > bound) return;
    const key = keyOf(projection, event);
    if (key === undefined || !this.part.isIncluded(key, place)) return;
    const folds = this.folds[place] as Map<string, DocumentFold>;
    const known = folds.get(key);
    if (known?.fault) return;
    const upTo = this.part.upTo?.(place, key);
    if (upTo !== undefined && event.position > upTo) {
      if (event.position <= (this.part.seen?.[place] ?? START)) this.late[place]?.add(key);
      return;
    }
    const fold = known ?? new DocumentFold(projection, undefined);
    if (!known) folds.set(key, fold);
    fold.apply(event);
  }

  private outcome(place: number): Outcome {
    const known = this.outcomes[place];
    if (known) return known;
    const documents = new Map<string, Stored>();
    const quarantined: Quarantined[] = [];
    const folds = this.folds[place] as Map<string, DocumentFold>;
    for (const [key, fold] of folds) {
      const { after, fault } = fold.close(this.part.assertStorable);
      if (after) documents.set(key, after);
      if (fault) quarantined.push({ key, ...fault });
      folds.delete(key); // what it was folded in is not kept beside the document
    }
    const outcome: Outcome = { documents, quarantined };
    this.outcomes[place] = outcome;
    return outcome;
  }
}
