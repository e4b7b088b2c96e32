import type { Commands } from '../event-store/commands.js';
import type { OnRefused } from '../reactions/reacting.js';
import { RaiseTask } from './raise-task.command.js';

/** Makes a refused reaction a task of the office: a rule says no, and what should have followed has not. */
export function refusedToOffice(commands: Commands): OnRefused {
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
