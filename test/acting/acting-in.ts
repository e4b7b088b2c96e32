import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CommandBus } from '@nestjs/cqrs';
import { act } from '../../src/acting/acting.js';
import { ActingHost } from '../../src/acting/acting-host.js';
import { refusedToOffice } from '../../src/acting/refused-reaction.js';
import { SqliteActingStore } from '../../src/acting/sqlite.acting-store.js';
import { beginReactors } from '../../src/acting/standing.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { knownReactors } from '../../src/known-reactors.js';
import { knownTimers } from '../../src/known-timers.js';
import { inline } from '../../src/processes/kept-at-work.js';
import { pauseUnless } from '../../src/read-models/pause.js';
import { ReadModels } from '../../src/read-models/read-models.js';
import type { TestCentre } from '../centre.js';

/** The longest that anything waits here, in milliseconds: rounds are of a second otherwise. */
const SOON = 20;

/** Lets reactors and timers act in a centre, by its clock, on this event loop; what is recorded from now on is reacted to. */
export async function actingIn(centre: TestCentre): Promise<{ stop(): Promise<void> }> {
  const store = new SqliteActingStore(join(centre.folder, 'read-models.sqlite'));
  const commands = centre.get(CommandBus);
  const events = centre.get(EventStore);
  await beginReactors(events, store, knownReactors);
  const ports = { events, store, commands, clock: centre.clock, readModels: centre.get(ReadModels), refused: refusedToOffice(commands) };
  const wait = (signal: AbortSignal, ms: number) => pauseUnless(signal, Math.min(ms, SOON));
  const actors = { reactors: knownReactors, timers: knownTimers };
  const host = new ActingHost(inline((report, signal) => act(actors, ports, { holder: randomUUID(), report, wait }, signal)));
  return {
    async stop() {
      await host.stop();
      await store.close();
    },
  };
}
