import { knownCommandHandlers } from '../../composition/known/command-handlers.js';
import { CommandDispatcher } from '../../event-store/commands.js';
import { EventStore } from '../../event-store/event-store.js';
import { PhotoDigests, PhotoIntake } from '../../vault/photos.js';
import { Safes } from '../../vault/vault.js';

/** Executes those commands on overlays whose handlers need no more than a preview has. */
export function previewCommands(events: EventStore, safes: Safes): CommandDispatcher {
  const instances = new Map<unknown, object>([
    [EventStore, events],
    [Safes, safes],
    [PhotoIntake, new PhotoDigests()],
  ]);
  const handlers = knownCommandHandlers.filter(({ needs }) => needs.every((type) => instances.has(type)));
  return new CommandDispatcher(handlers, (type) => {
    const found = instances.get(type);
    if (found instanceof type) return found;
    throw new Error(`a preview has no ${type.name}`);
  });
}
