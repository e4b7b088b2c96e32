import type { Recorded } from '../../event-store/event.js';
import { bySubject, nameOf, type Projection } from '../projection.js';

/** Tells for which of some projections an event may be; they are named by their places. */
export class Concerned {
  /** By event type, the places of the projections that handle it. */
  private readonly wanting = new Map<string, number[]>();
  private readonly everyone: readonly number[];
  private readonly ofSubjects: readonly number[];

  constructor(projections: readonly Projection[]) {
    this.everyone = [...projections.keys()];
    this.ofSubjects = this.everyone.filter((place) => projections[place]?.key === bySubject);
    projections.forEach(({ on }, place) => {
      for (const type of Object.keys(on)) this.wanting.set(type, [...(this.wanting.get(type) ?? []), place]);
    });
  }

  /** Every event type that some projection handles. */
  get types(): readonly string[] {
    return [...this.wanting.keys()];
  }

  /**
   * The projections that an event may be for. One of a type unknown to this release may be for every projection of
   * candidates when it is about a candidate, and for any at all when it is about none.
   */
  by({ type, unknown, subject }: Recorded): readonly number[] {
    return this.wanting.get(type) ?? (unknown ? (subject === undefined ? this.everyone : this.ofSubjects) : []);
  }
}

/** Whose an event is cannot be told: the projection goes no further. */
export class NobodyKnowsWhose extends Error {
  override readonly name = 'NobodyKnowsWhose';
}

/**
 * The document that an event is of. The data of an unknown event cannot be asked, only whose it is.
 * @throws NobodyKnowsWhose
 */
export function keyOf(projection: Projection, event: Recorded): string | undefined {
  try {
    if (!event.unknown) return projection.key(event);
    if (projection.key === bySubject && event.subject !== undefined) return event.subject;
    throw new Error('a newer release recorded it');
  } catch (error) {
    throw new NobodyKnowsWhose(`${nameOf(projection)} cannot tell whose event ${event.id} (${event.type} at ${event.position}) is: ${messageOf(error)}`);
  }
}

/** An error's message alone: what a stack or a cause shows may hold more of the data. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'something that is no error was thrown';
}
