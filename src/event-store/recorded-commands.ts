import type { Given } from './decider.js';
import type { Position } from './event.js';

/** By which commands the events of a stream were recorded, event by event. */
export interface RecordedCommands {
  readonly commands: readonly string[];
  /** Of the last event, START where there is none. */
  readonly position: Position;
}

/**
 * Whether commands of one stream that were given together (`Given.together`) are recorded in it, and nothing has replaced what they state:
 * from the first event of any of those together on, the stream holds events of these alone. Each states another part of what the stream
 * is about, so deciding them again would record nothing (test/imports/rows-stated-again.property.test.ts).
 */
export function areRecorded(given: readonly { readonly given: Pick<Given, 'id' | 'together'> }[], { commands }: RecordedCommands): boolean {
  const together = given[0]?.given.together ?? new Set();
  const first = commands.findIndex((command) => together.has(command));
  if (first < 0) return false;
  const since = commands.slice(first);
  return since.every((command) => together.has(command)) && given.every(({ given: { id } }) => since.includes(id));
}
