import { Injectable } from '@nestjs/common';
import { type Candidate, candidate as candidates } from '../../projections/candidate.js';
import { ReadModels } from '../read-models/read-models.js';
import { isAdmissionNo, normalisedNumber } from '../vault/numbers.js';
import { type Safe, Vault } from '../vault/vault.js';
import { PasswordUpgrades } from './password-upgrades.js';
import { Passwords } from './passwords.js';

/** A candidate's account, as its owner may see it. */
export interface Account {
  readonly id: string;
  readonly candidate: Candidate;
  readonly safe: Safe;
}

/** Of a person with more admission numbers than this only the oldest are asked: each costs a password's check. */
const MOST_NUMBERS = 5;
/** Shorter than any document's number, so that an empty field asks for nobody. */
const SHORTEST_NUMBER = 5;

/** Accounts by what people type. */
@Injectable()
export class Accounts {
  constructor(
    private readonly vault: Vault,
    private readonly readModels: ReadModels,
    private readonly passwords: Passwords,
    private readonly upgrades: PasswordUpgrades,
  ) {}

  /**
   * The accounts that open with this number (准考证号, or 身份证号 and with it all admission numbers of one person) and this
   * password; none when either is wrong, after as much work.
   * @throws TooBusy
   */
  async opening(number: string, password: string): Promise<readonly Account[]> {
    const accounts = await Promise.all((await this.ids(number)).map((id) => this.account(id)));
    const existing = accounts.filter((account) => account !== undefined);
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
    return existing.filter((_, at) => verdicts[at] !== 'wrong');
  }

  /** undefined when nobody has the id, or not any more. */
  async account(id: string): Promise<Account | undefined> {
    const [candidate, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    return candidate.person && safe.open(candidate.person) ? { id, candidate, safe } : undefined;
  }

  private async ids(typed: string): Promise<readonly string[]> {
    const number = normalisedNumber(typed);
    if (isAdmissionNo(number)) return (await this.vault.find([number])).filter((id) => id !== undefined);
    if (number.length < SHORTEST_NUMBER) return [];
    return (await this.vault.findByCitizenNo(number)).slice(0, MOST_NUMBERS).map(({ id }) => id);
  }
}
