import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Candidate, candidate as candidates } from '../../../projections/candidate.js';
import { EventStore } from '../../event-store/event-store.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import { type PasswordInForce, passwordInForce } from '../../registrations/passwords/password-in-force.js';
import { openedPerson } from '../../registrations/person.js';
import { isSameName } from '../../vault/names.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { type Safe, Vault } from '../../vault/vault.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import type { Device } from '../identity.events.js';
import { PasswordUpgrades } from '../passwords/password-upgrades.js';
import { Passwords } from '../passwords/passwords.js';
import { assertCandidatesCaughtUp } from './assert-caught-up.js';
import { FailedSignIns } from './failed-sign-ins.js';

/** A candidate's account. */
export interface Account {
  readonly id: string;
  readonly candidate: Candidate;
  readonly safe: Safe;
}

/** An account whose password was right. */
export interface AuthenticatedAccount extends Account {
  /** The event by which the password was set (`PasswordInForce.passwordEvent`). */
  readonly password: string;
}

/** The person whose number is tried. */
export interface NumberHolder {
  /** Under which attempts are counted. */
  readonly name: string;
  /** The candidates whose successful sign-in shows that it was the right person. */
  readonly ids: readonly string[];
}

/** The accounts whose password was right. */
interface Authentication {
  readonly accounts: readonly AuthenticatedAccount[];
  /** Seconds after which to retry: no password was right, and another number of the person has one that is not read yet. */
  readonly seconds?: number;
}

/** Each number costs a check of the password. Of a person with more numbers the oldest are tried, those that are not closed first. */
const MAX_NUMBERS = 5;
/** Shorter than the number of any document. */
const MIN_NUMBER_LENGTH = 5;

function isClosed({ candidate: { accountState } }: Account): boolean {
  return accountState === 'closed';
}

/** Whether a person who has proved to be the owner otherwise than by the password may enter. */
export function mayEnter(account: Account): boolean {
  return account.candidate.confirmed && !isClosed(account);
}

function hasPassword({ candidate }: Account): boolean {
  return candidate.password !== undefined;
}

function isCalled({ candidate, safe }: Account, name: string): boolean {
  return isSameName(name, openedPerson(candidate, safe)?.name ?? '');
}

/** Whether the number is somebody's and all its candidates are read. */
function areAll(accounts: readonly Account[], ids: readonly string[]): boolean {
  return ids.length > 0 && accounts.length === ids.length;
}

/** A password is recorded after its candidate, in an import after all candidates: it may be read for some of them only. */
function canBeChecked(accounts: readonly Account[], ids: readonly string[]): boolean {
  return areAll(accounts, ids) && accounts.some(hasPassword);
}

/** Finds accounts by numbers as people type them. */
@Injectable()
export class Accounts {
  constructor(
    private readonly vault: Vault,
    private readonly readModels: ReadModels,
    private readonly passwords: Passwords,
    private readonly upgrades: PasswordUpgrades,
    private readonly failures: FailedSignIns,
    private readonly lag: ReadModelLag,
    private readonly events: EventStore,
  ) {}

  /** To be called before anything is checked or counted. @throws StillUpdating when a candidate of the number is not read yet */
  async assertRead(number: string): Promise<void> {
    const seconds = this.lag.behind([candidates]);
    if (seconds === undefined) return;
    const ids = await this.ids(number);
    if (!areAll(await this.existing(ids), ids)) throw new StillUpdating(seconds);
  }

  /** The same for the passwords of the number's candidates. @throws StillUpdating */
  async assertPasswordRead(number: string): Promise<void> {
    const seconds = this.lag.behind([candidates]);
    if (seconds === undefined) return;
    const ids = await this.ids(number);
    if (!canBeChecked(await this.existing(ids), ids)) throw new StillUpdating(seconds);
  }

  /** The candidates of a number as people type it. @throws StillUpdating when one is not read yet */
  async readIds(number: string): Promise<readonly string[]> {
    return (await this.readAll(() => this.ids(number), areAll)).map(({ id }) => id);
  }

  /**
   * The accounts with this number (准考证号, or 身份证号 for all admission numbers of the person) and this password; none when either is
   * wrong, after the same work.
   * @throws TooBusy, or StillUpdating
   */
  async authenticate(number: string, password: string, device: Device): Promise<Authentication> {
    const existing = await this.readAll(() => this.ids(number), canBeChecked);
    const accounts = await this.checkPasswords(existing, password, device);
    if (accounts.length > 0 || existing.every(hasPassword)) return { accounts };
    const seconds = await this.secondsUntilRead();
    if (seconds !== undefined) return { accounts, seconds };
    const late = (await this.existing(existing.filter((account) => !hasPassword(account)).map(({ id }) => id))).filter(hasPassword);
    return { accounts: late.length === 0 ? accounts : await this.checkPasswords(late, password, device) };
  }

  /** Checks against the passwords in force: a newer one of another number of the person counts before it is recorded at this one. */
  private async checkPasswords(existing: readonly Account[], password: string, device: Device): Promise<readonly AuthenticatedAccount[]> {
    if (existing.length === 0) {
      await this.passwords.verifyDummy(password);
      return [];
    }
    const kept = await Promise.all(existing.map((account) => this.inForce(account)));
    const verdicts = await Promise.all(kept.map((each) => this.passwords.verify(each?.safe.open(each.password), password)));
    const accounts = existing.flatMap((account, at) => {
      const each = kept[at];
      if (!each || verdicts[at] === 'wrong') return [];
      if (verdicts[at] === 'outdated' && each.safe.id === account.id) this.upgrades.begin(account.id, each.password, password);
      return [{ ...account, password: each.passwordEvent }];
    });
    if (accounts.length === 0) for (const { id } of existing) this.failures.note(id, device);
    return accounts;
  }

  /**
   * The password in force of an account. The account's own counts only once it is read; one that was set at another number of the person
   * counts at once.
   * @throws StoreUnavailable
   */
  async inForce(account: Account): Promise<PasswordInForce | undefined> {
    const inForce = await passwordInForce(account.id, this.events, this.vault);
    return hasPassword(account) || inForce?.safe.id !== account.id ? inForce : undefined;
  }

  /**
   * All accounts of a citizen number, and those of them with this name. Number and name as people write them.
   * @throws StillUpdating
   */
  async ofPerson(citizenNo: string, name: string): Promise<{ readonly all: readonly Account[]; readonly named: readonly Account[] }> {
    const number = normalisedNumber(citizenNo);
    const all = await this.readAll(
      () => this.idsOfPerson(number),
      (accounts, ids) => areAll(accounts, ids) && accounts.some((account) => isCalled(account, name) && mayEnter(account)),
    );
    return { all, named: all.filter((account) => isCalled(account, name)) };
  }

  /** The person's other admission numbers that may be entered, as far as they are read. */
  async others(account: Account): Promise<readonly Account[]> {
    return (await this.existing(await this.otherIds(account))).filter(mayEnter);
  }

  /**
   * The person's other admission numbers that are not closed: a new password and signing out apply to them too. None unless the person was
   * confirmed on site.
   * @throws StillUpdating when one is not read yet
   */
  async linkedIds(id: string): Promise<readonly string[]> {
    const account = await this.accountIf(id, ({ candidate }) => candidate.confirmed);
    if (!account?.candidate.confirmed) return [];
    const others = await this.readAll(
      () => this.otherIds(account),
      (accounts, ids) => accounts.length === ids.length,
    );
    return others.filter((other) => !isClosed(other)).map((other) => other.id);
  }

  private async otherIds({ id, candidate, safe }: Account): Promise<readonly string[]> {
    const person = openedPerson(candidate, safe);
    if (!person) return [];
    const own = await this.vault.findByCitizenNo(normalisedNumber(person.idNo), person.name);
    return own.filter((each) => each.sameName && each.id !== id).map((each) => each.id);
  }

  /**
   * The person under whose name attempts with a number are counted: one for all numbers of a person that were confirmed on site. An unknown
   * number is looked up in the same way.
   */
  async holder(typed: string): Promise<NumberHolder> {
    const number = normalisedNumber(typed);
    const found = await this.ids(number);
    const first = await this.account(found[0] ?? randomUUID());
    const citizenNo = normalisedNumber((first && openedPerson(first.candidate, first.safe)?.idNo) ?? number);
    const ofPerson = await this.existing((await this.vault.findByCitizenNo(citizenNo)).map(({ id }) => id));
    const confirmed = ofPerson.filter(({ candidate }) => candidate.confirmed).map(({ id }) => id);
    const ids = found.some((id) => confirmed.includes(id)) ? confirmed : found;
    return { name: found.length === 0 ? `nobody ${number}` : (ids.toSorted()[0] ?? ''), ids };
  }

  /** As `account`. @throws StillUpdating when the candidate may not be read yet */
  readAccount(id: string): Promise<Account | undefined> {
    return this.accountIf(id, () => true);
  }

  /** As `readAccount`. @throws StillUpdating when its password may not be read yet */
  accountWithPassword(id: string): Promise<Account | undefined> {
    return this.accountIf(id, hasPassword);
  }

  /** The account if it is read far enough, otherwise once all events are read. @throws StillUpdating */
  private async accountIf(id: string, isEnough: (account: Account) => boolean): Promise<Account | undefined> {
    const known = await this.account(id);
    if (known && isEnough(known)) return known;
    await assertCandidatesCaughtUp(this.lag);
    return this.account(id);
  }

  /** Seconds until all recorded candidates are read; undefined where they are. */
  async secondsUntilRead(): Promise<number | undefined> {
    try {
      await assertCandidatesCaughtUp(this.lag);
      return undefined;
    } catch (error) {
      if (error instanceof StillUpdating) return error.seconds;
      throw error;
    }
  }

  /** undefined when there is no such candidate, or it was forgotten. */
  async account(id: string): Promise<Account | undefined> {
    const [candidate, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    return openedPerson(candidate, safe) ? { id, candidate, safe } : undefined;
  }

  /** The candidates of a number as people type it: one for an admission number, all of a person for a citizen number. */
  async ids(typed: string): Promise<readonly string[]> {
    const number = normalisedNumber(typed);
    if (isAdmissionNo(number)) return (await this.vault.find([number])).filter((id) => id !== undefined);
    return this.idsOfPerson(number);
  }

  private async idsOfPerson(number: string): Promise<readonly string[]> {
    if (number.length < MIN_NUMBER_LENGTH) return [];
    const found = (await this.vault.findByCitizenNo(number)).map(({ id }) => id);
    if (found.length <= MAX_NUMBERS) return found;
    const closed = new Set((await this.existing(found)).filter(isClosed).map(({ id }) => id));
    return [...found.filter((id) => !closed.has(id)), ...found.filter((id) => closed.has(id))].slice(0, MAX_NUMBERS);
  }

  /** The accounts of some ids. An incomplete answer is given only after all events are read. @throws StillUpdating */
  private async readAll(
    ids: () => Promise<readonly string[]>,
    isComplete: (accounts: readonly Account[], ids: readonly string[]) => boolean,
  ): Promise<readonly Account[]> {
    const known = await ids();
    const existing = await this.existing(known);
    if (isComplete(existing, known)) return existing;
    await assertCandidatesCaughtUp(this.lag);
    return this.existing(await ids());
  }

  private async existing(ids: readonly string[]): Promise<readonly Account[]> {
    return (await Promise.all(ids.map((id) => this.account(id)))).filter((account) => account !== undefined);
  }
}
