import type { Commands } from '../event-store/commands.js';
import type { OnRefused } from '../reactions/reactor-runner.js';
import { RaiseTask } from './raise-task.command.js';

/** Raises a task of the office when a rule refuses the command of a reactor, which is then not repeated. */
export function raiseTaskOnRefusal(commands: Commands): OnRefused {
  return (given, reactor, { id: event, type, stream, subject }, { code }) =>
    commands.execute(
      new RaiseTask(given, {
        task: given.id,
        kind: 'refused_reaction',
        proposal: 'look',
        candidateId: subject,
        about: { reactor, event, type, stream, code },
      }),
    );
}
