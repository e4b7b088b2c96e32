import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Candidate, candidate as candidates } from '../../projections/candidate.js';
import { ReadModelLag } from '../read-models/lag.js';
import { ReadModels } from '../read-models/read-models.js';
import { isSameName } from '../vault/names.js';
import { isAdmissionNo, normalisedNumber } from '../vault/numbers.js';
import { type Safe, Vault } from '../vault/vault.js';
import { StillUpdating } from '../web/still-updating.js';
import { assertAllRead } from './all-read.js';
import { FailedSignIns } from './failed-sign-ins.js';
import type { Device } from './identity.events.js';
import { PasswordUpgrades } from './password-upgrades.js';
import { Passwords } from './passwords.js';

/** A candidate's account, as its owner may see it. */
export interface Account {
  readonly id: string;
  readonly candidate: Candidate;
  readonly safe: Safe;
}

/** Whose number is tried: a name for counting, and the candidates whose entering shows that the right person was there. */
export interface Holder {
  readonly name: string;
  readonly ids: readonly string[];
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

function isCalled({ candidate, safe }: Account, name: string): boolean {
  return isSameName(name, (candidate.person && safe.open(candidate.person)?.name) ?? '');
}

/** Whether these are all candidates of a number that somebody has. */
function areAll(accounts: readonly Account[], ids: readonly string[]): boolean {
  return ids.length > 0 && accounts.length === ids.length;
}

/** A password is recorded after its candidate, in an import after all candidates. */
function canBeChecked(accounts: readonly Account[], ids: readonly string[]): boolean {
  return areAll(accounts, ids) && accounts.some(({ candidate }) => candidate.password !== undefined);
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
  async opening(number: string, password: string, device: Device): Promise<readonly Account[]> {
    const existing = await this.read(() => this.ids(number), canBeChecked);
    if (existing.length === 0) {
      await this.passwords.verifyNothing(password);
      return [];
    }
    const verdicts = await Promise.all(
      existing.map(({ candidate, safe }) => this.passwords.verify(candidate.password && safe.open(candidate.password), password)),
    );
    existing.forEach(({ id, candidate }, at) => {
      if (verdicts[at] === 'outdated' && candidate.password) this.upgrades.begin(id, candidate.password, password);
    });
    const opened = existing.filter((_, at) => verdicts[at] !== 'wrong');
    if (opened.length === 0) for (const { id } of existing) this.failures.note(id, device);
    return opened;
  }

  /**
   * All accounts of a citizen number, and of them those in which the person is called so. Numbers and names as people write them.
   * @throws StillUpdating
   */
  async of(citizenNo: string, name: string): Promise<{ readonly all: readonly Account[]; readonly named: readonly Account[] }> {
    const number = normalisedNumber(citizenNo);
    const all = await this.read(
      () => this.idsOfPerson(number),
      (accounts) => accounts.some((account) => isCalled(account, name) && mayEnter(account)),
    );
    return { all, named: all.filter((account) => isCalled(account, name)) };
  }

  /** The person's other admission numbers that may be entered: confirmed on site, and not closed. */
  async others(account: Account): Promise<readonly Account[]> {
    return (await this.alsoOf(account)).filter(mayEnter);
  }

  /** The person's other admission numbers that are not closed, confirmed on site or not. */
  async alsoOf({ id, candidate, safe }: Account): Promise<readonly Account[]> {
    const person = candidate.person && safe.open(candidate.person);
    if (!person) return [];
    const own = await this.vault.findByCitizenNo(normalisedNumber(person.idNo), person.name);
    const ids = own.filter((each) => each.sameName && each.id !== id).map((each) => each.id);
    const accounts = await Promise.all(ids.map((each) => this.account(each)));
    return accounts.filter((account) => account !== undefined).filter((account) => !isClosed(account));
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
