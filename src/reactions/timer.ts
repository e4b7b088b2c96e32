import type { Command } from '@nestjs/cqrs';
import type { Given } from '../event-store/decider.js';
import type { ReadModel } from '../read-models/projection.js';

/** One thing that has fallen due. */
export interface Due {
  /** Tells it from all else that ever falls due of its document: the same at every look, another for each new asking. */
  readonly name: string;
  make(given: Given): Command<unknown>;
}

/** What the centre does by itself when its time has come. Pure: no store, no clock; the command's decider checks again. */
export interface Timer<Document = unknown> {
  /** Never changed: what was done is known by it. */
  readonly name: string;
  /**
   * What falls due: its index `at` says when for the first time, as `Date.toISOString` writes it (it is compared as text),
   * undefined where nothing does.
   */
  readonly due: ReadModel<Document>;
  /** What has fallen due by now, in its order. */
  readonly commands: { commands(key: string, document: Document, now: string): readonly Due[] }['commands'];
}

/** Declares a timer; what it makes of a document is checked against the document's type. @throws Error without an index `at` */
export function timer<Document>(definition: Timer<Document>): Timer<Document> {
  if (definition.due.indexes?.at === undefined) throw new Error(`timer ${definition.name}: ${definition.due.name} has no index at`);
  return definition;
}
