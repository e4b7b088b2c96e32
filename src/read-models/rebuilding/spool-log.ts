import type { Position, Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { checkpointAfter } from '../projecting/batch-fold.js';
import { EventRouting, keyOf, UnknownDocumentKey } from '../projecting/event-routing.js';
import { nameOf, type Projection } from '../projection.js';
import { hashOf } from '../spooling/partitions.js';
import { SpoolWriter } from '../spooling/spool.js';
import { spooledEvent } from '../spooling/spooled-event.js';
import { type Selection, selecting } from '../verifying/selection.js';
import type { Section } from './replay-manifest.js';

/** How a piece of the log is spooled. */
export interface Spooling {
  /** The path of the section's spool file. */
  readonly file: string;
  readonly section: Section;
  /** Event types of this release that none of the projections handles. */
  readonly except: readonly string[];
  /** Events after which this call ends. */
  readonly most: number;
  /** By place of the projection, whether a document's events are wanted; all of them where it is unset. */
  readonly selections?: readonly Selection[];
}

/**
 * Reads on in a section of the log and partitions its events by document key: each event is written once into every partition that
 * holds one of its documents.
 * @returns the section as it is afterwards
 */
export async function spoolLog(
  events: EventStore,
  projections: readonly Projection[],
  { file, section, except, most, selections }: Spooling,
): Promise<Section> {
  const writer = new SpoolWriter({ file, end: section.end });
  try {
    const partitions = new PartitionWriter(projections, section, writer, selections);
    const enough = new AbortController();
    let { read } = section;
    let seen = 0;
    const take = async ({ events: page, position }: { readonly events: readonly Recorded[]; readonly position: Position }) => {
      const within = page.filter((event) => event.position <= section.to);
      for (const event of within) partitions.distribute(event);
      seen += within.length;
      const last = within.at(-1);
      const upTo = position < section.to ? position : section.to;
      read = last?.position === upTo ? checkpointAfter(last) : { position: upTo };
      if (seen >= most || upTo === section.to) enough.abort();
    };
    await events.subscribe(read.position, except.length > 0 ? { except } : undefined, take, enough.signal);
    return { ...section, read, events: section.events + seen, end: writer.flush(), stops: partitions.stops };
  } finally {
    writer.close();
  }
}

class PartitionWriter {
  readonly stops: Section['stops'];
  private readonly routing: EventRouting;
  private readonly partitions: number;
  private readonly isActive: boolean[];
  private readonly selected: readonly ((key: string) => boolean)[];
  private before: Section['read'];

  constructor(
    private readonly projections: readonly Projection[],
    section: Section,
    private readonly writer: SpoolWriter,
    selections: readonly Selection[] = [],
  ) {
    this.selected = projections.map((_, place) => selecting(selections[place]));
    this.routing = new EventRouting(projections);
    this.partitions = section.end.last.length;
    this.before = section.read;
    this.stops = { ...section.stops };
    this.isActive = projections.map((projection) => !(nameOf(projection) in section.stops));
  }

  distribute(event: Recorded): void {
    let entry: string | undefined;
    let lastKey: string | undefined;
    const into: number[] = [];
    for (const place of this.routing.projectionsOf(event)) {
      const key = this.keyFor(place, event);
      if (key === undefined || key === lastKey) continue;
      lastKey = key;
      const partition = hashOf(key) % this.partitions;
      if (into.includes(partition)) continue;
      into.push(partition);
      entry ??= spooledEvent(event);
      this.writer.add(partition, entry);
    }
    this.before = checkpointAfter(event);
  }

  private keyFor(place: number, event: Recorded): string | undefined {
    if (!this.isActive[place]) return undefined;
    const projection = this.projections[place] as Projection;
    try {
      const key = keyOf(projection, event);
      return key !== undefined && this.selected[place]?.(key) ? key : undefined;
    } catch (error) {
      if (!(error instanceof UnknownDocumentKey)) throw error;
      this.stops[nameOf(projection)] = { before: this.before, reason: error.message };
      this.isActive[place] = false;
      return undefined;
    }
  }
}
