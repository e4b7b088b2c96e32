import type { Commands } from '../../event-store/commands.js';
import type { EventStore } from '../../event-store/event-store.js';
import { passwordOf } from '../../registrations/candidates.import.js';
import { SetPassword } from '../../registrations/passwords/set-password.command.js';
import type { Vault } from '../../vault/vault.js';
import type { StagedFile } from '../staging/staged-file.js';
import { candidatesWithoutPassword } from './candidates-without-password.js';
import { importGiven } from './execute-rows.js';

/** Hashes a password, which takes about 10 ms of CPU time on a thread of the pool. */
export type HashPassword = (password: string) => Promise<string>;

type CandidateRow = Parameters<typeof passwordOf>[0];

/** Passwords hashed concurrently: more than there are threads, but few enough that a kill loses little work. */
const AT_A_TIME = 64;

/** Sets the passwords of recorded candidates who have none. Returns the number of events. */
export async function setPasswords(
  file: StagedFile,
  commands: Commands,
  events: EventStore,
  vault: Vault,
  hash: HashPassword,
  progress: (seen: number) => void,
): Promise<number> {
  let recorded = 0;
  let seen = 0;
  for (const page of file.pages()) {
    const given = page.flatMap(({ text }) => {
      const row = JSON.parse(text) as CandidateRow;
      const password = passwordOf(row);
      return password ? [{ number: row.admission_no, password }] : [];
    });
    const without = await candidatesWithoutPassword(given, events, vault);
    for (let at = 0; at < without.length; at += AT_A_TIME) {
      const outcomes = await Promise.all(
        without.slice(at, at + AT_A_TIME).map(async ({ id, password }) => {
          const hashed = password.hash ?? (await hash(password.plain ?? ''));
          return commands.execute(new SetPassword(importGiven(`password\n${id}`, new Date().toISOString()), id, hashed));
        }),
      );
      for (const outcome of outcomes) recorded += outcome.recorded;
      progress(seen + Math.floor((page.length * (at + outcomes.length)) / without.length));
    }
    seen += page.length;
    progress(seen);
  }
  return recorded;
}
