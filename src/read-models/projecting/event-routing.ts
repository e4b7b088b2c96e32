import type { Recorded } from '../../event-store/event.js';
import { bySubject, nameOf, type Projection } from '../projection.js';

/** Finds the projections that an event may concern, by their indexes in the given list. */
export class EventRouting {
  /** By event type, the indexes of the projections that handle it. */
  private readonly byType = new Map<string, number[]>();
  private readonly all: readonly number[];
  private readonly keyedBySubject: readonly number[];

  constructor(projections: readonly Projection[]) {
    this.all = [...projections.keys()];
    this.keyedBySubject = this.all.filter((place) => projections[place]?.key === bySubject);
    projections.forEach(({ on }, place) => {
      for (const type of Object.keys(on)) this.byType.set(type, [...(this.byType.get(type) ?? []), place]);
    });
  }

  /** Every event type that some projection handles. */
  get types(): readonly string[] {
    return [...this.byType.keys()];
  }

  /**
   * An event of a type unknown to this release may concern every projection keyed by subject when it has a subject, and any
   * projection otherwise.
   */
  projectionsOf({ type, unknown, subject }: Recorded): readonly number[] {
    return this.byType.get(type) ?? (unknown ? (subject === undefined ? this.all : this.keyedBySubject) : []);
  }
}

/** The document that an event belongs to cannot be told: the projection stops before it. */
export class UnknownDocumentKey extends Error {
  override readonly name = 'UnknownDocumentKey';
}

/**
 * The key of the document that an event belongs to. Of an unknown event only the subject can be used.
 * @throws UnknownDocumentKey
 */
export function keyOf(projection: Projection, event: Recorded): string | undefined {
  try {
    if (!event.unknown) return projection.key(event);
    if (projection.key === bySubject && event.subject !== undefined) return event.subject;
    throw new Error('由更新的版本记录，这个版本不认识');
  } catch (error) {
    throw new UnknownDocumentKey(`${nameOf(projection)} 无法确定事件 ${event.id}（${event.type}，位置 ${event.position}）属于哪个文档：${errorMessage(error)}`);
  }
}

/** The message alone: a stack or a cause may hold personal data. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : '抛出的不是错误';
}
