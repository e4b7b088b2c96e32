import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Domain, withDomain } from '../../../composition/domain.js';
import { openRateLimitStore } from '../../../composition/stores.js';
import { causedBy } from '../../../event-store/cause.js';
import { givenAt } from '../../../event-store/given.js';
import { Passwords } from '../../../identity/passwords/passwords.js';
import { SessionKeys } from '../../../identity/sessions/session-keys.js';
import { rateLimited } from '../../../identity/sign-in/sign-in-delay.view.js';
import { FailureRate } from '../../../identity/throttling/failure-rate.js';
import { LoginRateLimiter, type Throttled } from '../../../identity/throttling/login-rate-limiter.js';
import { FactorCheck } from '../../../office/factors/factor-check.js';
import { officerAccount } from '../../../office/officers/officer-account.js';
import type { FactorProof, FailedStep } from '../../../office/officers/officers.events.js';
import { NoteFailedOfficeSignIns } from '../../../office/sign-in/note-failed-office-sign-ins.command.js';
import { SignInOfficer } from '../../../office/sign-in/sign-in-officer.command.js';
import type { PasswordHash } from '../../../registrations/registrations.events.js';
import { Config } from '../../../settings/settings.js';
import type { Sealed } from '../../../vault/vault.js';
import { keepToken, TOKEN_LASTS } from '../../acting/office-token.js';
import { beijing } from '../../program/beijing-time.js';
import type { CommandResult, Context } from '../../program/command.js';
import { CommandRefused } from '../../program/errors.js';
import { readSecrets, type Secrets } from './secrets.js';

interface LoginGiven {
  readonly name: string;
}

/** What attempts on the command line are counted as: they come from this machine. */
const ADDRESS = '127.0.0.1';
const device = () => ({ address: hostname(), userAgent: 'personal-centre' });

/** `office login ACCOUNT`: begins a session of an officer on the command line, which is an open sign-in like any other until it is ended. */
export async function runLogin({ name }: LoginGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const account = name.normalize('NFKC').trim().toLowerCase();
  const secrets = await readSecrets(signal);
  return withDomain(settings, async (domain) => {
    const { password, proof } = await checked(account, secrets, domain);
    const session = randomUUID();
    const cause = { by: `office:${account}`, origin: 'office', correlation: session } as const;
    const command = new SignInOfficer(givenAt(domain.clock.instant()), account, session, device(), password, proof);
    await causedBy(cause, () => domain.commands.execute(command));
    const until = new Date(domain.clock.now().getTime() + TOKEN_LASTS);
    await keepToken({ account, session }, until, domain);
    out.done(`已登录：${account}，到 ${beijing(until.toISOString())}。用完请用 office logout 退出。`);
    return { json: { account, until: beijing(until.toISOString()) } };
  });
}

/**
 * The account's password as recorded and the proof of its factor, throttled and noted as at the page.
 * @throws CommandRefused with the same words whatever is wrong
 */
async function checked(account: string, { password: typed, code }: Secrets, domain: Domain) {
  const keys = new SessionKeys(new Config(domain.settings));
  const store = await openRateLimitStore(domain.settings);
  const awake = setInterval(() => undefined, 60_000); // the store's thread does not keep the process
  try {
    const limiter = new LoginRateLimiter(domain.clock, keys, store, new FailureRate());
    const known = await officerAccount(account, domain.events);
    const right = async (): Promise<Sealed<PasswordHash> | undefined> => {
      const kept = known.password && !known.suspended ? (await domain.vault.officerSafe(account)).open(known.password) : undefined;
      const passwords = new Passwords();
      await passwords.onModuleInit();
      return (await passwords.verify(kept, typed)) === 'wrong' ? undefined : known.password;
    };
    const password = done(await limiter.throttled({ account: `office ${account}`, address: ADDRESS }, right, Boolean));
    if (password === undefined) throw await failed(account, 'password', known.exists, domain);
    const factors = new FactorCheck(limiter, domain.vault, domain.clock);
    if (!factors.isEnrolled(known)) throw new CommandRefused('no_factor', '这个账号还没有第二重验证：请先在 /office 登录一次');
    const { proof, delay } = await factors.check(account, known, code, ADDRESS);
    if (delay) throw new CommandRefused('too_often', rateLimited(delay).message);
    if (!proof) throw await failed(account, 'factor', true, domain);
    return { password, proof } satisfies { readonly password: Sealed<PasswordHash>; readonly proof: FactorProof };
  } finally {
    await store.close();
    clearInterval(awake);
  }
}

/** @throws CommandRefused where it was not looked at, because too many were wrong */
function done<T>({ delay, done: found }: Throttled<T>): T | undefined {
  if (delay) throw new CommandRefused('too_often', rateLimited(delay).message);
  return found;
}

async function failed(account: string, at: FailedStep, exists: boolean, { commands, clock }: Domain): Promise<CommandRefused> {
  const given = givenAt(clock.instant());
  const command = new NoteFailedOfficeSignIns(given, account, at, 1, device());
  if (exists) await causedBy({ by: 'visitor', origin: 'office', correlation: given.id }, () => commands.execute(command));
  return new CommandRefused('not_proved', '账号、密码或验证码不对，或者账号已停用。');
}
