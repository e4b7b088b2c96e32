import type { BuildStore } from '../build-store.js';
import type { Projection } from '../projection.js';
import type { Listing } from '../read-models.js';
import { hashOf } from '../spooling/partitions.js';
import { type Spool, type SpoolEnd, SpoolWriter } from '../spooling/spool.js';
import { type Selection, selecting } from './selection.js';

/** A stored document as it is spooled; null is a tombstone, or what cannot be read. */
export type SpooledDocument = readonly [key: string, position: string, document: unknown, listed: Listing | null, fault: 'unreadable' | 'types' | null];

/** How far the documents of a build are spooled. */
export interface Scanned {
  readonly end: SpoolEnd;
  /** The last key; undefined before the first. */
  readonly after: string | undefined;
  readonly documents: number;
  readonly done: boolean;
}

/** Where it goes on, and after how many documents it is enough for now. */
export interface Scanning extends Pick<Spool, 'file'> {
  readonly from: Scanned;
  readonly most: number;
  readonly selection: Selection;
}

/** Documents that are read at a time. */
const PAGE = 1_000;

/** Partitions stored documents by their keys, so that they can be compared with a fold of the log partition by partition. */
export async function spoolDocuments(builds: Pick<BuildStore, 'scan'>, projection: Projection, { file, from, most, selection }: Scanning): Promise<Scanned> {
  const writer = new SpoolWriter({ file, end: from.end });
  try {
    let { after, documents } = from;
    let done = false;
    const isSelected = selecting(selection);
    while (!done && documents - from.documents < most) {
      const page = await builds.scan(projection, after, PAGE);
      for (const { key, position, document, listed, unreadable, isStoredOtherwise } of page) {
        if (!isSelected(key)) continue;
        const entry: SpooledDocument = [
          key,
          position,
          document,
          listed ?? null,
          unreadable === undefined ? (isStoredOtherwise ? 'types' : null) : 'unreadable',
        ];
        writer.add(hashOf(key) % from.end.last.length, JSON.stringify(entry));
      }
      documents += page.length;
      after = page.at(-1)?.key ?? after;
      done = page.length < PAGE;
    }
    return { end: writer.flush(), after, documents, done };
  } finally {
    writer.close();
  }
}
