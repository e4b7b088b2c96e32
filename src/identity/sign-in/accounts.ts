import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Candidate, candidate as candidates } from '../../../projections/candidate.js';
import { EventStore } from '../../event-store/event-store.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import { type PasswordInForce, passwordInForce } from '../../registrations/passwords/password-in-force.js';
import { isSameName } from '../../vault/names.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { type Safe, Vault } from '../../vault/vault.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import type { Device } from '../identity.events.js';
import { PasswordUpgrades } from '../passwords/password-upgrades.js';
import { Passwords } from '../passwords/passwords.js';
import { assertAllRead } from './all-read.js';
import { FailedSignIns } from './failed-sign-ins.js';

/** A candidate's account, as its owner may see it. */
export interface Account {
  readonly id: string;
  readonly candidate: Candidate;
  readonly safe: Safe;
}

/** An account that a password has opened. */
export interface OpenedAccount extends Account {
  /** The event by which the password was set (`PasswordInForce.passwordEvent`). */
  readonly password: string;
}

/** Whose number is tried: a name for counting, and the candidates whose entering shows that the right person was there. */
export interface Holder {
  readonly name: string;
  readonly ids: readonly string[];
}

/** What a number and a password came to. */
interface Opening {
  readonly opened: readonly OpenedAccount[];
  /** Nothing has opened, and another number of the person has a password that is not read yet: for so many seconds it is not known. */
  readonly seconds?: number;
}

/** Of a person with more admission numbers than this only the oldest are asked, those that are not closed first: each costs a password's check. */
const MOST_NUMBERS = 5;
/** Shorter than any document's number, so that an empty field asks for nobody. */
const SHORTEST_NUMBER = 5;

function isClosed({ candidate: { accountState } }: Account): boolean {
  return accountState === 'closed';
}

/** Whether an account can be entered by who has shown to be its owner otherwise than by its password. */
export function mayEnter(account: Account): boolean {
  return account.candidate.confirmed && !isClosed(account);
}

function hasPassword({ candidate }: Account): boolean {
  return candidate.password !== undefined;
}

function isCalled({ candidate, safe }: Account, name: string): boolean {
  return isSameName(name, (candidate.person && safe.open(candidate.person)?.name) ?? '');
}

/** Whether these are all candidates of a number that somebody has. */
function areAll(accounts: readonly Account[], ids: readonly string[]): boolean {
  return ids.length > 0 && accounts.length === ids.length;
}

/** A password is recorded after its candidate, in an import after all candidates: that some have one shows nothing of the others. */
function canBeChecked(accounts: readonly Account[], ids: readonly string[]): boolean {
  return areAll(accounts, ids) && accounts.some(hasPassword);
}

/** Accounts by what people type. */
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

  /** That all candidates of a number are read, where it is known that some are not; to be asked before anything is checked or counted. @throws StillUpdating */
  async assertRead(number: string): Promise<void> {
    const seconds = this.lag.behind([candidates]);
    if (seconds === undefined) return;
    const ids = await this.ids(number);
    if (!areAll(await this.existing(ids), ids)) throw new StillUpdating(seconds);
  }

  /** As `assertRead`, and each has a password that can be checked. @throws StillUpdating */
  async assertPasswordRead(number: string): Promise<void> {
    const seconds = this.lag.behind([candidates]);
    if (seconds === undefined) return;
    const ids = await this.ids(number);
    if (!canBeChecked(await this.existing(ids), ids)) throw new StillUpdating(seconds);
  }

  /** The candidates of a number as people type it, all of them read. @throws StillUpdating */
  async readIds(number: string): Promise<readonly string[]> {
    return (await this.read(() => this.ids(number), areAll)).map(({ id }) => id);
  }

  /**
   * The accounts that open with this number (准考证号, or 身份证号 and with it all admission numbers of one person) and this
   * password; none when either is wrong, after as much work.
   * @throws TooBusy, or StillUpdating
   */
  async opening(number: string, password: string, device: Device): Promise<Opening> {
    const existing = await this.read(() => this.ids(number), canBeChecked);
    const opened = await this.openedOf(existing, password, device);
    if (opened.length > 0 || existing.every(hasPassword)) return { opened };
    const seconds = await this.secondsUntilRead();
    if (seconds !== undefined) return { opened, seconds };
    const late = (await this.existing(existing.filter((account) => !hasPassword(account)).map(({ id }) => id))).filter(hasPassword);
    return { opened: late.length === 0 ? opened : await this.openedOf(late, password, device) };
  }

  /** By the passwords that are in force: one that was set at another number of the person since counts before it is recorded at this one. */
  private async openedOf(existing: readonly Account[], password: string, device: Device): Promise<readonly OpenedAccount[]> {
    if (existing.length === 0) {
      await this.passwords.verifyNothing(password);
      return [];
    }
    const kept = await Promise.all(existing.map((account) => this.inForce(account)));
    const verdicts = await Promise.all(kept.map((each) => this.passwords.verify(each?.safe.open(each.password), password)));
    const opened = existing.flatMap((account, at) => {
      const each = kept[at];
      if (!each || verdicts[at] === 'wrong') return [];
      if (verdicts[at] === 'outdated' && each.safe.id === account.id) this.upgrades.begin(account.id, each.password, password);
      return [{ ...account, password: each.passwordEvent }];
    });
    if (opened.length === 0) for (const { id } of existing) this.failures.note(id, device);
    return opened;
  }

  /**
   * The password that opens an account: of the account's own only one that is read, of those that were set at the person's other
   * numbers each.
   * @throws StoreUnavailable
   */
  async inForce(account: Account): Promise<PasswordInForce | undefined> {
    const inForce = await passwordInForce(account.id, this.events, this.vault);
    return hasPassword(account) || inForce?.safe.id !== account.id ? inForce : undefined;
  }

  /**
   * All accounts of a citizen number, and of them those in which the person is called so. Numbers and names as people write them.
   * @throws StillUpdating
   */
  async of(citizenNo: string, name: string): Promise<{ readonly all: readonly Account[]; readonly named: readonly Account[] }> {
    const number = normalisedNumber(citizenNo);
    const all = await this.read(
      () => this.idsOfPerson(number),
      (accounts, ids) => areAll(accounts, ids) && accounts.some((account) => isCalled(account, name) && mayEnter(account)),
    );
    return { all, named: all.filter((account) => isCalled(account, name)) };
  }

  /** The person's other admission numbers that may be entered: confirmed on site, and not closed. */
  async others(account: Account): Promise<readonly Account[]> {
    return (await this.alsoOf(account)).filter(mayEnter);
  }

  /** The person's other admission numbers that are not closed, confirmed on site or not; of those that are not read yet nothing is said. */
  private async alsoOf(account: Account): Promise<readonly Account[]> {
    return (await this.existing(await this.otherIds(account))).filter((other) => !isClosed(other));
  }

  /**
   * All admission numbers at which what is done to this one is done as well: the person's others that are not closed, where it has been
   * checked that it is the same person.
   * @throws StillUpdating where that cannot be told, before anything is done
   */
  async sharing(id: string): Promise<readonly string[]> {
    const account = await this.accountIf(id, ({ candidate }) => candidate.confirmed);
    if (!account?.candidate.confirmed) return [];
    const others = await this.read(
      () => this.otherIds(account),
      (accounts, ids) => accounts.length === ids.length,
    );
    return others.filter((other) => !isClosed(other)).map((other) => other.id);
  }

  private async otherIds({ id, candidate, safe }: Account): Promise<readonly string[]> {
    const person = candidate.person && safe.open(candidate.person);
    if (!person) return [];
    const own = await this.vault.findByCitizenNo(normalisedNumber(person.idNo), person.name);
    return own.filter((each) => each.sameName && each.id !== id).map((each) => each.id);
  }

  /**
   * Under whose name attempts with a number are counted, the same for all numbers of one person as far as anybody has checked that it
   * is one. A number that nobody has is looked up as any other.
   */
  async holder(typed: string): Promise<Holder> {
    const number = normalisedNumber(typed);
    const found = await this.ids(number);
    const first = await this.account(found[0] ?? randomUUID());
    const citizenNo = normalisedNumber((first?.candidate.person && first.safe.open(first.candidate.person)?.idNo) ?? number);
    const ofPerson = await this.existing((await this.vault.findByCitizenNo(citizenNo)).map(({ id }) => id));
    const confirmed = ofPerson.filter(({ candidate }) => candidate.confirmed).map(({ id }) => id);
    const ids = found.some((id) => confirmed.includes(id)) ? confirmed : found;
    return { name: found.length === 0 ? `nobody ${number}` : (ids.toSorted()[0] ?? ''), ids };
  }

  /** As `account`; a candidate that is not read yet is not said to be none. @throws StillUpdating */
  readAccount(id: string): Promise<Account | undefined> {
    return this.accountIf(id, () => true);
  }

  /** As `readAccount`, with the password where there is one. @throws StillUpdating */
  accountWithPassword(id: string): Promise<Account | undefined> {
    return this.accountIf(id, hasPassword);
  }

  /** The account as it is read, where that is enough; else as it is once all is read. @throws StillUpdating */
  private async accountIf(id: string, isEnough: (account: Account) => boolean): Promise<Account | undefined> {
    const known = await this.account(id);
    if (known && isEnough(known)) return known;
    await assertAllRead(this.lag);
    return this.account(id);
  }

  /** In how many seconds the candidates are read as far as they are recorded now; undefined where they are. */
  async secondsUntilRead(): Promise<number | undefined> {
    try {
      await assertAllRead(this.lag);
      return undefined;
    } catch (error) {
      if (error instanceof StillUpdating) return error.seconds;
      throw error;
    }
  }

  /** undefined when nobody has the id, or not any more. */
  async account(id: string): Promise<Account | undefined> {
    const [candidate, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    return candidate.person && safe.open(candidate.person) ? { id, candidate, safe } : undefined;
  }

  /** The candidates of a number as people type it: one of an admission number, all of a person's of a citizen number. */
  async ids(typed: string): Promise<readonly string[]> {
    const number = normalisedNumber(typed);
    if (isAdmissionNo(number)) return (await this.vault.find([number])).filter((id) => id !== undefined);
    return this.idsOfPerson(number);
  }

  private async idsOfPerson(number: string): Promise<readonly string[]> {
    if (number.length < SHORTEST_NUMBER) return [];
    const found = (await this.vault.findByCitizenNo(number)).map(({ id }) => id);
    if (found.length <= MOST_NUMBERS) return found;
    const closed = new Set((await this.existing(found)).filter(isClosed).map(({ id }) => id));
    return [...found.filter((id) => !closed.has(id)), ...found.filter((id) => closed.has(id))].slice(0, MOST_NUMBERS);
  }

  /** Those of some ids, which lack something only when all that was recorded until now is read. @throws StillUpdating */
  private async read(
    ids: () => Promise<readonly string[]>,
    isComplete: (accounts: readonly Account[], ids: readonly string[]) => boolean,
  ): Promise<readonly Account[]> {
    const known = await ids();
    const existing = await this.existing(known);
    if (isComplete(existing, known)) return existing;
    await assertAllRead(this.lag);
    return this.existing(await ids());
  }

  private async existing(ids: readonly string[]): Promise<readonly Account[]> {
    return (await Promise.all(ids.map((id) => this.account(id)))).filter((account) => account !== undefined);
  }
}
