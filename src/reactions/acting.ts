import { Reacting, type ReactingPorts } from './reacting.js';
import type { Reactor } from './reactor.js';
import type { ActingSettings } from './run-as-leader.js';
import type { Timer } from './timer.js';
import { Timing, type TimingPorts } from './timing.js';

/** What acts by itself. */
export interface Actors {
  readonly reactors: readonly Reactor[];
  readonly timers: readonly Timer[];
}

/** Lets all of them act until the signal, each whenever it is its turn. @throws what one of them threw, when all have ended */
export async function act({ reactors, timers }: Actors, ports: ReactingPorts & TimingPorts, settings: ActingSettings, signal: AbortSignal): Promise<void> {
  const engines = [...reactors.map((each) => new Reacting(each, ports, settings)), ...timers.map((each) => new Timing(each, ports, settings))];
  const outcomes = await Promise.allSettled(engines.map((engine) => engine.run(signal)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
