import type { Role } from '../../src/office/officers/officers.events.js';
import { told } from './told.js';

/** Adds accounts of the office on the host, by the command line, with a role each. */
export async function addOfficers(environment: Readonly<Record<string, string>>, accounts: Readonly<Record<string, Role>>): Promise<void> {
  for (const [account, role] of Object.entries(accounts)) {
    const { code, stderr } = await told(['office', 'add', account, '--role', role], environment);
    if (code !== 0) throw new Error(`${account} was not added: ${stderr}`);
  }
}
