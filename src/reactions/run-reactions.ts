import type { Reactor } from './reactor.js';
import { type ReactorPorts, ReactorRunner } from './reactor-runner.js';
import type { LeaderSettings } from './run-as-leader.js';
import type { Timer } from './timer.js';
import { type TimerPorts, TimerRunner } from './timer-runner.js';

/** The reactors and timers of a process. */
export interface Reactions {
  readonly reactors: readonly Reactor[];
  readonly timers: readonly Timer[];
}

/** Runs all of them until the signal, each while it holds its lease. @throws the error of one of them, after all have ended */
export async function runReactions(
  { reactors, timers }: Reactions,
  ports: ReactorPorts & TimerPorts,
  settings: LeaderSettings,
  signal: AbortSignal,
): Promise<void> {
  const runners = [...reactors.map((each) => new ReactorRunner(each, ports, settings)), ...timers.map((each) => new TimerRunner(each, ports, settings))];
  const outcomes = await Promise.allSettled(runners.map((runner) => runner.run(signal)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
