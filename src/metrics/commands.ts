import type { CommandBus } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import { Refusal } from '../event-store/refusal.js';
import type { Metrics } from '../kernel/metrics.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** recorded; nothing (no event was needed); refused (by a rule: its code); unavailable (a store did not answer); failed (any other error). */
type Outcome = 'recorded' | 'nothing' | 'refused' | 'unavailable' | 'failed';

/** Counts the outcomes of all commands that a bus executes from now on. */
export function countCommandOutcomes(metrics: Metrics, bus: CommandBus): void {
  const commands = metrics.counter('commands_total', 'Commands by type and outcome; code: of the refusal', ['command', 'outcome', 'code']);
  const appended = metrics.counter('events_appended_total', 'Events recorded by commands of this process');
  const execute = bus.execute.bind(bus) as (...given: readonly unknown[]) => Promise<Partial<Appended> | undefined>;

  const counting = async (command: object, ...given: readonly unknown[]) => {
    const count = (outcome: Outcome, code = '') => commands.inc({ command: command.constructor.name, outcome, code });
    try {
      const result = await execute(command, ...given);
      count(result?.recorded === 0 ? 'nothing' : 'recorded');
      appended.inc(result?.recorded ?? 0);
      return result;
    } catch (error) {
      if (error instanceof Refusal) count('refused', error.code);
      else count(error instanceof StoreUnavailable ? 'unavailable' : 'failed');
      throw error;
    }
  };
  bus.execute = counting as CommandBus['execute'];
}
