import { causedBy } from '../src/event-store/cause.js';
import type { Commands } from '../src/event-store/commands.js';
import { evolved } from '../src/event-store/decider.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { givenAt } from '../src/event-store/given.js';
import { readableEvents } from '../src/event-store/reading/fold-history.js';
import { AddOfficer } from '../src/office/officers/add-officer.command.js';
import { officer } from '../src/office/officers/officer.decider.js';
import type { OfficerEvent, Role } from '../src/office/officers/officers.events.js';
import { officerStream } from '../src/office/officers/officers.streams.js';
import { newSetupCode } from '../src/office/officers/one-time-codes.js';
import { ResetOfficer } from '../src/office/officers/reset-officer.command.js';
import { isRole, roleNames } from '../src/office/officers/role-names.js';
import type { Settings } from '../src/settings/settings.js';
import { demoStateIn, type SandboxCode, saveDemoState } from './demo-state.js';

/** An officer to try, and the code that sets the password; none once it is set. */
export interface DemoOfficer {
  readonly account: string;
  readonly role: string;
  readonly code?: string | undefined;
}

interface Ports {
  readonly commands: Commands;
  readonly events: EventStore;
  readonly settings: Pick<Settings, 'DATA_DIR'>;
}

const DISTRICT = '西城区';

/**
 * One account of the office for each role of the recorded demo. A code that was not used is the same at each start until it expires;
 * then the account is given another.
 */
export async function demoOfficers(ports: Ports, now: Date): Promise<readonly DemoOfficer[]> {
  const state = demoStateIn(ports.settings.DATA_DIR);
  if (!state?.recorded) return [];
  const known = state.officers ?? [];
  const officers: DemoOfficer[] = [];
  const codes: SandboxCode[] = [];
  for (const role of Object.keys(roleNames).filter(isRole)) {
    const account = `${role}-demo`;
    const code = await codeFor(
      role,
      account,
      known.find((each) => each.account === account),
      ports,
      now,
    );
    officers.push({ account, role: roleNames[role], ...(code && { code: code.code }) });
    if (code) codes.push(code);
  }
  if (JSON.stringify(codes) !== JSON.stringify(known)) saveDemoState(ports.settings.DATA_DIR, { ...state, officers: codes });
  return officers;
}

/** The code of an account that has no password yet; undefined where it has one. */
async function codeFor(role: Role, account: string, known: SandboxCode | undefined, { commands, events }: Ports, now: Date): Promise<SandboxCode | undefined> {
  const [history = []] = await events.streams([officerStream(account).name]);
  const { exists, password } = evolved(officer, readableEvents<OfficerEvent>(history));
  if (password) return undefined;
  if (exists && known && known.until > now.toISOString()) return known;
  const code = newSetupCode(now);
  const given = givenAt(now.toISOString());
  const duties = { roles: [role], districts: role === 'district' ? [DISTRICT] : [] };
  const command = exists ? new ResetOfficer(given, account, code) : new AddOfficer(given, account, duties, code);
  await causedBy({ by: 'demo', origin: 'office', correlation: given.id }, () => commands.execute(command));
  return { account, code: code.text, until: code.until };
}
