import { Catalogue } from '../../../catalogue/catalogue.js';
import { CommandDispatcher, type Commands } from '../../../event-store/commands.js';
import { EventStore } from '../../../event-store/event-store.js';
import type { HandlerClass } from '../../../event-store/handler.js';
import { Safes } from '../../../vault/vault.js';

/** Executes those commands whose handlers need no more than the log, the candidates' keys and the catalogue: those of corrections do. */
export function correctionCommands(handlers: readonly HandlerClass[], events: EventStore, safes: Safes, catalogue: Catalogue): Commands {
  const instances = new Map<unknown, object>([
    [EventStore, events],
    [Safes, safes],
    [Catalogue, catalogue],
  ]);
  const able = handlers.filter(({ needs }) => needs.every((type) => instances.has(type)));
  return new CommandDispatcher(able, (type) => {
    const found = instances.get(type);
    if (found instanceof type) return found;
    throw new Error(`a correction has no ${type.name}`);
  });
}
