import type { EventStore } from '../event-store/event-store.js';
import type { Metrics } from '../kernel/metrics.js';
import { COMMAND_OUTCOMES, REACTION_STATES, type ReactionProgress } from '../reactions/progress.js';
import type { ReactionHost } from '../reactions/reaction-host.js';
import type { ReactionStore } from '../reactions/reaction-store.js';
import type { Reactor } from '../reactions/reactor.js';
import { savedCheckpoint } from '../reactions/reactor-checkpoint.js';

/**
 * Exposes the lag and the held streams of reactors, read from the log and the saved checkpoints so that a dead or hanging reactor is
 * seen too; and the states of this process's reactors and timers.
 * @returns a handler for their progress reports
 */
export function exposeReactionMetrics(
  metrics: Metrics,
  events: EventStore,
  store: ReactionStore,
  reactors: readonly Reactor[],
  host: () => Pick<ReactionHost, 'state'> | undefined,
): (progress: ReactionProgress) => void {
  const lag = metrics.gauge('reactor_lag_events', 'Events after the checkpoint of the reactor; 10,000 on EventStoreDB means at least so many', ['reactor']);
  const streams = metrics.gauge('reactor_held_streams', 'Streams whose reaction has failed and is retried', ['reactor']);
  metrics.collectWith([lag, streams], async () => {
    const head = await events.head();
    for (const reactor of reactors) {
      const checkpoint = await savedCheckpoint(store, reactor);
      if (!checkpoint) continue;
      lag.set({ reactor: reactor.name }, await events.count(checkpoint.position, head));
      streams.set({ reactor: reactor.name }, checkpoint.held.length);
    }
  });

  const states = metrics.gauge('acting_state', '1 for the state of a reactor or timer of this process', ['kind', 'name', 'state']);
  const held = metrics.gauge('acting_held', 'Streams or documents that a reactor or timer of this process will retry', ['kind', 'name']);
  metrics.collectWith([states, held], () => {
    for (const gauge of [states, held]) gauge.reset();
    for (const { kind, name, state: now, held: count } of host()?.state() ?? []) {
      for (const state of REACTION_STATES) states.set({ kind, name, state }, state === now ? 1 : 0);
      held.set({ kind, name }, count);
    }
  });

  const commands = metrics.counter('acting_commands_total', 'Commands of reactors and timers by outcome', ['kind', 'name', 'outcome']);
  return ({ kind, name, commands: counted }) => {
    for (const outcome of COMMAND_OUTCOMES) commands.inc({ kind, name, outcome }, counted[outcome]);
  };
}
