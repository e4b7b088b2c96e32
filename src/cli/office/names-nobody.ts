import type { Domain } from '../../composition/domain.js';
import { noteProblem } from '../../office/note-problem.js';
import { candidateName } from '../../registrations/candidate-name.js';
import { WrongUse } from '../program/errors.js';

/** What an officer writes about a candidate, by the options. */
interface Notes {
  readonly reason: string;
  readonly ticket?: string | undefined;
}

/** That the candidate's own name is in none of them. @param districts of the officer; undefined: all of them @throws WrongUse */
export async function assertNamesNobody({ reason, ticket }: Notes, id: string, domain: Domain, districts?: readonly string[]): Promise<void> {
  const names = await candidateName(id, districts, domain);
  const problems = { '--reason': noteProblem(reason, names), '--ticket': ticket === undefined ? undefined : noteProblem(ticket, names) };
  for (const [option, problem] of Object.entries(problems)) if (problem !== undefined) throw new WrongUse('bad_value', `${option} ${problem}`);
}
