import { Reacting, type ReactingPorts } from './reacting.js';
import type { Reactor } from './reactor.js';
import type { LeaderSettings } from './run-as-leader.js';
import type { Timer } from './timer.js';
import { Timing, type TimingPorts } from './timing.js';

/** The reactors and timers of a process. */
export interface Actors {
  readonly reactors: readonly Reactor[];
  readonly timers: readonly Timer[];
}

/** Runs all of them until the signal, each while it holds its lease. @throws what one of them threw, once all have ended */
export async function runActors(
  { reactors, timers }: Actors,
  ports: ReactingPorts & TimingPorts,
  settings: LeaderSettings,
  signal: AbortSignal,
): Promise<void> {
  const engines = [...reactors.map((each) => new Reacting(each, ports, settings)), ...timers.map((each) => new Timing(each, ports, settings))];
  const outcomes = await Promise.allSettled(engines.map((engine) => engine.run(signal)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
