import { generateSync } from 'otplib';
import { causedBy } from '../../src/event-store/cause.js';
import type { Commands } from '../../src/event-store/commands.js';
import { givenAt } from '../../src/event-store/given.js';
import { hashPassword } from '../../src/identity/passwords/password-hash.js';
import { newTotpSecret } from '../../src/office/factors/totp.js';
import { officerAccount } from '../../src/office/officers/officer-account.js';
import type { Role } from '../../src/office/officers/officers.events.js';
import { newRecoveryCodes, newSetupCode } from '../../src/office/officers/one-time-codes.js';
import { ResetOfficer } from '../../src/office/officers/reset-officer.command.js';
import { SetOfficerPassword } from '../../src/office/officers/set-officer-password.command.js';
import { EnrolFactor } from '../../src/office/sign-in/enrol-factor.command.js';
import { centreOn } from '../imports/centre.js';
import { type Ended, run } from './run.js';
import { told } from './told.js';

type Environment = Readonly<Record<string, string>> & { readonly DATA_DIR: string };

export const PASSWORD = '四郎探母 坐宫一折';

/** Adds accounts of the office on the host, by the command line, with a role each. */
export async function addOfficers(environment: Environment, accounts: Readonly<Record<string, Role>>): Promise<void> {
  for (const [account, role] of Object.entries(accounts)) {
    const { code, stderr } = await told(['office', 'add', account, '--role', role], environment);
    if (code !== 0) throw new Error(`${account} was not added: ${stderr}`);
  }
}

/** The app of an officer who has set the password and enrolled it, beside the centre. */
export class OfficerApp {
  private constructor(
    private readonly environment: Environment,
    readonly account: string,
    private readonly secret: string,
    readonly recoveryCodes: readonly string[],
  ) {}

  /** Of an account that was added: its password is set and its factor enrolled, as at /office. */
  static async of(environment: Environment, account: string): Promise<OfficerApp> {
    const { DATA_DIR, ...rest } = environment;
    const centre = await centreOn(DATA_DIR, rest);
    try {
      const app = new OfficerApp(environment, account, newTotpSecret(), newRecoveryCodes());
      await causedBy({ by: 'test', origin: 'office', correlation: 'test' }, () => app.enrol(centre));
      return app;
    } finally {
      await centre.close();
    }
  }

  /** Signs in on the command line, where the token of `environment` is kept. */
  signIn({ password = PASSWORD, code = this.code() }: { readonly password?: string; readonly code?: string } = {}): Promise<Ended> {
    const { child, ended } = run(['office', 'login', this.account, '--json'], this.environment);
    child.stdin?.end(`${password}\n${code}\n`);
    return ended;
  }

  code(): string {
    return generateSync({ secret: this.secret });
  }

  private async enrol({ commands, events }: { readonly commands: Commands; readonly events: Parameters<typeof officerAccount>[1] }): Promise<void> {
    const { account } = this;
    const given = () => givenAt(new Date().toISOString());
    const code = newSetupCode(new Date());
    await commands.execute(new ResetOfficer(given(), account, code));
    await commands.execute(new SetOfficerPassword(given(), account, code.text, await hashPassword(PASSWORD)));
    const { password } = await officerAccount(account, events);
    if (password === undefined) throw new Error(`${account} has no password`);
    const step = Math.floor(Date.now() / 30_000) - 100; // long before the code of now
    const device = { address: '203.0.113.1', userAgent: 'test' };
    const factor = { secret: this.secret, step };
    await commands.execute(new EnrolFactor(given(), account, '7c1b4a52-2f0e-4d43-9a58-5b8f4c3c3b11', device, password, factor, this.recoveryCodes));
  }
}

/** Adds an officer and signs in on the command line. */
export async function signedInOfficer(environment: Environment, account: string, role: Role): Promise<OfficerApp> {
  await addOfficers(environment, { [account]: role });
  const app = await OfficerApp.of(environment, account);
  const { code, stderr } = await app.signIn();
  if (code !== 0) throw new Error(`${account} did not sign in: ${stderr}`);
  return app;
}
