import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { START } from '../src/event-store/event.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { inheritOwner } from '../src/kernel/file-owner.js';
import { candidateStream } from '../src/registrations/registrations.streams.js';
import type { Vault } from '../src/vault/vault.js';
import type { DemoAccount } from './accounts.js';
import { readJson } from './json-file.js';
import type { KnownPerson } from './sandbox-bjt/persona.js';

/** A code by which an officer's password is set: the account, the code, and until when (ISO 8601, UTC). */
export interface SandboxCode {
  readonly account: string;
  readonly code: string;
  readonly until: string;
}

/** The stored state of a demo cohort: when it was begun, and whether it is recorded completely. */
export interface DemoState {
  readonly begun: string;
  readonly recorded: boolean;
  readonly accounts: readonly DemoAccount[];
  readonly people?: readonly KnownPerson[];
  /** Of officers who have not set a password. */
  readonly officers?: readonly SandboxCode[];
}

/** Older releases may have stored the accounts in another form. */
const demoState = z.object({
  begun: z.string(),
  recorded: z.boolean(),
  accounts: z.array(z.custom<DemoAccount>((account) => z.looseObject({ admissionNo: z.string() }).safeParse(account).success)),
  people: z.array(z.custom<KnownPerson>((person) => z.looseObject({ idNo: z.string() }).safeParse(person).success)).exactOptional(),
  officers: z.array(z.object({ account: z.string(), code: z.string(), until: z.string() })).exactOptional(),
});

/** The state of the demo in DATA_DIR; undefined when none was begun there. */
export function demoStateIn(folder: string): DemoState | undefined {
  const file = fileIn(folder);
  return existsSync(file) ? readJson(file, demoState) : undefined;
}

export function saveDemoState(folder: string, state: DemoState): void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  inheritOwner(`${file}.new`);
  renameSync(`${file}.new`, file);
}

/**
 * Whether the folder's demo was recorded in this log: a backup or a setting may have put another log in its place. The demo's log holds
 * a candidate of the demo, or none at all if recording was interrupted.
 */
export async function holdsDemo(folder: string, events: EventStore, vault: Vault): Promise<boolean> {
  const state = demoStateIn(folder);
  if (!state) return false;
  const ids = await vault.find(state.accounts.map(({ admissionNo }) => admissionNo));
  const streams = ids.filter((id) => id !== undefined).map((id) => candidateStream(id).name);
  if ((await events.streams(streams)).some((recorded) => recorded.length > 0)) return true;
  return !state.recorded && !(await hasCandidates(events));
}

async function hasCandidates(events: EventStore): Promise<boolean> {
  for (let position = START; ; ) {
    const page = await events.read(position, 1, { types: ['CandidateRegistered'] });
    if (page.events.length > 0) return true;
    if (page.end) return false;
    ({ position } = page);
  }
}

function fileIn(folder: string): string {
  return join(folder, 'demo.json');
}
