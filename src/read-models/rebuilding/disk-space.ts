import { statfsSync, statSync } from 'node:fs';
import { type Position, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { errorCode } from '../../kernel/error-code.js';
import { inMegabytes } from '../../kernel/megabytes.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { EventRouting, keyOf, UnknownDocumentKey } from '../projecting/event-routing.js';
import type { Projection } from '../projection.js';
import type { Remedy } from '../remedies.js';
import { spooledEvent } from '../spooling/spooled-event.js';

/** The disk that a folder is on. */
export interface Disk {
  /** The same for folders on one disk. */
  readonly id: number;
  /** Bytes that may still be written. */
  readonly free: number;
  /** Bytes that are left to others, who record what candidates do. */
  readonly margin: number;
}

/** What is to be written into a folder. */
export interface SpaceNeeded {
  readonly folder: string;
  /** For the operator. */
  readonly what: string;
  readonly bytes: number;
}

/** There is not enough room on a disk; nothing is left of the work. */
export class NotEnoughSpace extends Error {
  override readonly name = 'NotEnoughSpace';
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const MB = 1_000_000;
const LEAST_MARGIN = 8 * MB;
const MOST_MARGIN = 256 * MB;
/** Part of a disk that is left to others. */
const MARGIN = 0.02;

export function diskOf(folder: string): Disk {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { id: statSync(folder).dev, free: bavail * bsize, margin: Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, blocks * bsize * MARGIN)) };
}

/**
 * That all of it has room, beside what is left to others.
 * @param otherwise what can be done but making room
 * @throws NotEnoughSpace
 */
export function assertSpace(needed: readonly SpaceNeeded[], otherwise: Remedy, disk: (folder: string) => Disk = diskOf): void {
  for (const those of Map.groupBy(needed, ({ folder }) => disk(folder).id).values()) {
    const folder = those[0]?.folder ?? '';
    const { free, margin } = disk(folder);
    const bytes = those.reduce((total, each) => total + each.bytes, 0);
    if (bytes + margin <= free) continue;
    const parts = those.map(({ what, bytes: part }) => `${what}约 ${inMegabytes(part)} MB`).join('，');
    throw new NotEnoughSpace(
      `${folder} 所在的磁盘空间不够：需要${parts}，另留 ${inMegabytes(margin)} MB 给别的进程，现有 ${inMegabytes(free)} MB。请腾出空间`,
      [otherwise],
    );
  }
}

/** Whether work has come so far that others would lack room. @throws NotEnoughSpace */
export function assertMargin(folders: readonly string[], disk: (folder: string) => Disk = diskOf): void {
  for (const folder of folders) {
    const { free, margin } = disk(folder);
    if (free < margin) throw new NotEnoughSpace(`${folder} 所在的磁盘只剩 ${inMegabytes(free)} MB，已停止，以免影响别的进程`);
  }
}

/** Whether it failed because a disk is full. */
export function isOutOfSpace(error: unknown): boolean {
  if (error instanceof NotEnoughSpace || ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) return true;
  return (
    (error instanceof StoreUnavailable && error.message.includes('disk is full')) || (error instanceof Error && /is the disk full\?|ENOSPC/.test(error.message))
  );
}

/** Places of the log that are looked at, and events at each. */
const PLACES = 16;
const EVENTS = 100;

/** About how many bytes the events of the log take once they are spooled for these projections, by some of them. */
export async function spoolSize(events: EventStore, projections: readonly Projection[]): Promise<number> {
  const head = await events.head();
  const places: readonly Position[] = [START, ...(await events.splitRange(START, head, PLACES))];
  const routing = new EventRouting(projections);
  let [seen, bytes] = [0, 0];
  for (const place of places) {
    const page = await events.read(place, EVENTS);
    for (const event of page.events) {
      const keys = new Set(routing.projectionsOf(event).map((at) => keyIfKnown(projections[at] as Projection, event)));
      keys.delete(undefined);
      bytes += keys.size === 0 ? 0 : keys.size * spooledEvent(event).length;
    }
    seen += page.events.length;
  }
  return seen === 0 ? 0 : Math.ceil((bytes / seen) * events.distance(START, head));
}

function keyIfKnown(projection: Projection, event: Parameters<typeof keyOf>[1]): string | undefined {
  try {
    return keyOf(projection, event);
  } catch (error) {
    if (!(error instanceof UnknownDocumentKey)) throw error;
    return undefined; // the rebuild stops there, and says so
  }
}
