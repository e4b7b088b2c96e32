import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { networkOf } from './network.js';
import { SessionKeys } from './session-keys.js';
import { Tallies } from './tallies.js';
import { nextTurn, type Pace, type Turn, type Turns } from './turns.js';
import { Weather } from './weather.js';

const FREE_FAILURES = 3;
const LONGEST_DELAY = 60_000;
/** After so long without a failure a pair begins anew. Milliseconds. */
const FORGOTTEN_AFTER = 3_600_000;
/** Who is turned away without a turn of the account has one after so long, whatever others do. Milliseconds. */
const PROMISED_AFTER = 600_000;

/**
 * Thousands share an address behind a carrier, and a few of a hundred logins fail: 200 failures at once, and one a second on and
 * on, change nothing there.
 */
const ANY_DAY: Paces = {
  address: { free: 200, every: 1_000, longestWait: 60_000 },
  account: { free: 30, every: 20_000, longestWait: 120_000 },
};
/** While over all accounts and addresses many more logins fail than on any day. */
const IN_A_STORM: Paces = {
  address: { free: 20, every: 5_000, longestWait: 60_000 },
  account: { free: 10, every: 20_000, longestWait: 120_000 },
};

interface Paces {
  readonly address: Pace;
  readonly account: Pace;
}

/** What is tried: a number as it was typed, normalised; from where; and whether this browser has entered with that number before. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
  readonly known?: boolean;
}

/** That an attempt comes too early and must not be made: seconds to wait, and what has been tried too often. */
export interface Delay {
  readonly seconds: number;
  readonly by: 'pair' | 'account' | 'address';
}

interface Pair {
  readonly count: number;
  /** Milliseconds since the epoch: no attempt before. */
  readonly waitUntil: number;
  readonly lastAt: number;
  /** The wait was for a turn, which is the pair's own. */
  readonly hasTurn?: boolean;
  /** Milliseconds since the epoch: from then on one attempt waits for no turn of the account. */
  readonly promised?: number | undefined;
}

/** What a pair had when it tried. */
interface Before {
  /** Milliseconds too early. */
  readonly early: number;
  readonly hadTurn: boolean;
  readonly promised: number | undefined;
}

const AT_ONCE: Turn = { wait: 0, kept: true };

/**
 * Slows guessing, at one account from one address (from the fourth failure on 1, 2, 4 … 60 s), at one account from many
 * addresses, and at many accounts from one. Neither an account nor an address is ever locked: who comes too early gets a turn
 * of its own within a minute or two, or is promised one of the account where others keep all of them taken. A browser that has
 * entered with the number before waits for no turn, and for no stranger's failures. An account that does not exist is treated
 * alike. All processes of one installation count together.
 */
@Injectable()
export class LoginDelays {
  constructor(
    private readonly clock: Clock,
    private readonly keys: SessionKeys,
    private readonly tallies: Tallies,
    private readonly weather: Weather,
  ) {}

  /** Counts an attempt as failed until it is known to have succeeded: many at the same time count each. undefined: it may be made. */
  async attempt(attempt: Attempt): Promise<Delay | undefined> {
    const now = this.clock.now().getTime();
    const before = await this.countPair(attempt, now);
    if (before.early > 0) return { seconds: inSeconds(before.early), by: 'pair' };
    if (!before.hadTurn && !attempt.known) {
      const late = await this.takeTurns(attempt, before.promised, now);
      if (late) return late;
    }
    await this.weather.failed(1, now);
    return undefined;
  }

  /** A request about which nothing is checked takes a turn of its address alone. undefined: it may be answered. */
  async ask(address: string): Promise<Delay | undefined> {
    const now = this.clock.now().getTime();
    const { address: pace } = this.weather.isStormy(now) ? IN_A_STORM : ANY_DAY;
    const network = this.network(address);
    const { wait, kept } = await this.takeTurn(network, now, pace);
    if (wait === 0) return undefined;
    if (kept) await this.returnTurn(network, now, pace);
    return { seconds: inSeconds(wait), by: 'address' };
  }

  /** The attempt was right: the pair begins anew, and the turns that it has taken are given back. */
  async succeeded(attempt: Attempt): Promise<void> {
    await this.forgetPair(attempt);
    await this.giveBack(attempt);
  }

  /** The attempt could not be made: it does not count. */
  async notMade(attempt: Attempt): Promise<void> {
    const now = this.clock.now().getTime();
    await this.tallies.change<Pair, void>(this.pair(attempt), now, (before) =>
      kept(before && { ...before, count: Math.max(0, before.count - 1), waitUntil: now, hasTurn: true }),
    );
    await this.weather.failed(-1, now);
  }

  private countPair(attempt: Attempt, now: number): Promise<Before> {
    return this.tallies.change<Pair, Before>(this.pair(attempt), now, (before) => {
      const promised = before?.promised;
      if (before && now < before.waitUntil) return { ...kept(before), answer: { early: before.waitUntil - now, hadTurn: false, promised } };
      const count = (before?.count ?? 0) + 1;
      // a promise that has come is used here, by one of many at the same time
      const after = { count, waitUntil: now + delayAfter(count), lastAt: now, promised: hasCome(promised, now) ? undefined : promised };
      return { ...kept(after), answer: { early: 0, hadTurn: before?.hasTurn ?? false, promised } };
    });
  }

  private async takeTurns(attempt: Attempt, promised: number | undefined, now: number): Promise<Delay | undefined> {
    const paces = this.weather.isStormy(now) ? IN_A_STORM : ANY_DAY;
    const account = this.account(attempt.account);
    const network = this.network(attempt.address);
    const isPromised = hasCome(promised, now);
    // only the account's turn is promised: else who tries many accounts from one address would be promised a guess at each
    const [ofAccount, ofAddress] = await Promise.all([
      isPromised ? AT_ONCE : this.takeTurn(account, now, paces.account),
      this.takeTurn(network, now, paces.address),
    ]);
    const waitForAccount = promised === undefined || isPromised ? ofAccount.wait : Math.min(ofAccount.wait, promised - now);
    const wait = Math.max(waitForAccount, ofAddress.wait);
    if (wait === 0) return undefined;
    const hasTurn = ofAccount.kept && ofAddress.kept;
    if (!hasTurn && ofAccount.kept && !isPromised) await this.returnTurn(account, now, paces.account);
    if (!hasTurn && ofAddress.kept) await this.returnTurn(network, now, paces.address);
    const next = ofAccount.kept ? undefined : now + PROMISED_AFTER;
    // it was no attempt; with a turn, whoever comes back in time is let through
    await this.tallies.change<Pair, void>(this.pair(attempt), now, (before) =>
      kept({
        count: Math.max(0, (before?.count ?? 1) - 1),
        waitUntil: hasTurn ? now + wait : now,
        lastAt: now,
        hasTurn,
        promised: hasTurn ? before?.promised : (promised ?? before?.promised ?? next),
      }),
    );
    return { seconds: inSeconds(wait), by: waitForAccount >= ofAddress.wait ? 'account' : 'address' };
  }

  private takeTurn(key: string, now: number, pace: Pace): Promise<Turn> {
    return this.tallies.change<Turns, Turn>(key, now, (before) => {
      const { turns, turn } = nextTurn(before, now, pace);
      return { after: turns, until: turns.taken, answer: turn };
    });
  }

  private returnTurn(key: string, now: number, { every }: Pace): Promise<void> {
    return this.tallies.change<Turns, void>(key, now, (before) => {
      const taken = (before?.taken ?? now) - every;
      return { after: taken > now ? { taken } : undefined, until: taken, answer: undefined };
    });
  }

  private async forgetPair(attempt: Attempt): Promise<void> {
    const now = this.clock.now().getTime();
    await this.tallies.change<Pair, void>(this.pair(attempt), now, () => ({ after: undefined, until: now, answer: undefined }));
  }

  private async giveBack({ account, address, known = false }: Attempt): Promise<void> {
    const now = this.clock.now().getTime();
    await this.weather.failed(-1, now);
    if (known) return;
    const paces = this.weather.isStormy(now) ? IN_A_STORM : ANY_DAY;
    await Promise.all([this.returnTurn(this.account(account), now, paces.account), this.returnTurn(this.network(address), now, paces.address)]);
  }

  /** Known browsers have a pair of their own, or strangers behind the same address could keep them waiting. */
  private pair({ account, address, known = false }: Attempt): string {
    return this.key(`${account}\n${networkOf(address)}${known ? '\nknown' : ''}`);
  }

  private account(account: string): string {
    return `account ${this.key(account)}`;
  }

  private network(address: string): string {
    return `address ${this.key(networkOf(address))}`;
  }

  /** Kept nowhere as people have typed it. */
  private key(text: string): string {
    return createHmac('sha256', this.keys.delays).update(text).digest('base64url');
  }
}

function kept(after: Pair | undefined) {
  return { after, until: (after?.lastAt ?? 0) + FORGOTTEN_AFTER, answer: undefined };
}

function hasCome(promised: number | undefined, now: number): boolean {
  return promised !== undefined && promised <= now;
}

function delayAfter(failures: number): number {
  return failures <= FREE_FAILURES ? 0 : Math.min(1000 * 2 ** (failures - FREE_FAILURES - 1), LONGEST_DELAY);
}

function inSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
