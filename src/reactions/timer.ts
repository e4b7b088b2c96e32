import type { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import type { ReadModel } from '../read-models/projection.js';

/** Something that is due. */
export interface Due {
  /** Identifies it among everything that is ever due for its document. The command's id follows from it, so a new request needs a new name. */
  readonly name: string;
  makeCommand(given: Given): Command<unknown>;
}

/** Turns documents into the commands that are due. Pure: no store, no clock. The command's decider checks again. */
export interface Timer<Document = unknown> {
  /** Must never change: the commands' ids depend on it. */
  readonly name: string;
  /**
   * The read model of what falls due. Its index `at` says when a document is first due, as `Date.toISOString` writes it because it is
   * compared as text; undefined when it never is.
   */
  readonly due: ReadModel<Document>;
  /** What is due by now, in the order in which to do it. */
  readonly commands: { commands(key: string, document: Document, now: string): readonly Due[] }['commands'];
}

/** Declares a timer, type-checked against its documents. @throws Error without an index `at` */
export function timer<Document>(definition: Timer<Document>): Timer<Document> {
  if (definition.due.indexes?.at === undefined) throw new Error(`timer ${definition.name}: ${definition.due.name} has no index at`);
  return definition;
}
