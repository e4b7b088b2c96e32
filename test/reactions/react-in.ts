import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CommandBus } from '@nestjs/cqrs';
import { knownReactors } from '../../src/composition/known/reactors.js';
import { knownTimers } from '../../src/composition/known/timers.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { abortableDelay } from '../../src/kernel/abortable-delay.js';
import { raiseTaskOnRefusal } from '../../src/office/refused-reaction.js';
import { ReactionHost } from '../../src/reactions/reaction-host.js';
import { initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { runReactions } from '../../src/reactions/run-reactions.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { ReadModels } from '../../src/read-models/read-models.js';
import type { TestCentre } from '../centre.js';
import { inline } from '../inline.js';

/** The longest delay here, in milliseconds, instead of rounds of a second. */
const SOON = 20;

/** Runs reactors and timers of a centre on this event loop, by its clock, for events recorded from now on. */
export async function reactIn(centre: TestCentre): Promise<{ stop(): Promise<void> }> {
  const store = new SqliteReactionStore(join(centre.folder, 'read-models.sqlite'));
  const commands = centre.get(CommandBus);
  const events = centre.get(EventStore);
  await initializeReactors(events, store, knownReactors);
  const ports = { events, store, commands, clock: centre.clock, readModels: centre.get(ReadModels), refused: raiseTaskOnRefusal(commands) };
  const wait = (signal: AbortSignal, ms: number) => abortableDelay(signal, Math.min(ms, SOON));
  const actors = { reactors: knownReactors, timers: knownTimers };
  const host = new ReactionHost(inline((report, signal) => runReactions(actors, ports, { holder: randomUUID(), report, wait }, signal)));
  return {
    async stop() {
      await host.stop();
      await store.close();
    },
  };
}
