import { type EventTypes, isReadable } from '../event-types.js';
import type { RecordedCommands } from '../recorded-commands.js';
import { positionOf } from './event-rows.js';

/** The events of a stream without their data. Metadata that are not JSON have no command: reading them as events names the damage. */
export const COMMANDS_OF_STREAM = `
  SELECT position, type, version, CASE WHEN json_valid(metadata) THEN metadata ->> '$.command' END
  FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?) ORDER BY revision`;

export type CommandRow = readonly [position: number, type: string, version: number, command: string | null];

/** Undefined where an event has to be read to tell. */
export function commandsIn(rows: readonly CommandRow[], types: EventTypes): RecordedCommands | undefined {
  const commands: string[] = [];
  for (const [, type, version, command] of rows) {
    if (command === null || !isReadable(types, type, version)) return undefined;
    commands.push(command);
  }
  return { commands, position: positionOf(rows.at(-1)?.[0] ?? 0) };
}
