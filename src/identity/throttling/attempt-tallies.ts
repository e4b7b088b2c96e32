import { countFailures, type FailureLevel, isAttackLevel } from './failure-level.js';
import { nextTurn, type Pace, type Turn, type Turns, withoutTurn } from './gcra.js';
import { type Changed, change, type Kept, RANKS, type Steps } from './tally-steps.js';

const FREE_FAILURES = 3;
const LONGEST_DELAY = 60_000;
/** Milliseconds without a failure after which a pair's count is reset. */
const FORGOTTEN_AFTER = 3_600_000;
/** Milliseconds after which an attempt that was delayed by its account's limit is allowed, whatever others do. */
const PROMISED_AFTER = 600_000;

interface Paces {
  readonly address: Pace;
  readonly account: Pace;
}

/**
 * Thousands share an address behind a carrier's NAT, and a few of a hundred logins fail: a burst of 200 failures and one a second
 * afterwards are allowed there.
 */
const NORMALLY: Paces = {
  address: { free: 200, every: 1_000, longestWait: 60_000 },
  account: { free: 30, every: 20_000, longestWait: 120_000 },
};
/** While far more logins fail over all accounts and addresses than usual. */
const UNDER_ATTACK: Paces = {
  address: { free: 20, every: 5_000, longestWait: 60_000 },
  account: { free: 10, every: 20_000, longestWait: 120_000 },
};
const LONGEST_WAIT = Math.max(LONGEST_DELAY, NORMALLY.address.longestWait, NORMALLY.account.longestWait);

/** That an attempt comes too early and must not be made: seconds to wait, and what has been tried too often. */
export interface Delay {
  readonly seconds: number;
  readonly by: 'pair' | 'account' | 'address';
}

/** The keys of an attempt's tallies; and whether the browser has entered with the number before. */
export interface AttemptKeys {
  readonly pair: string;
  readonly account: string;
  readonly address: string;
  readonly known: boolean;
}

/**
 * reserve: counts an attempt as failed before it is made. settle: it was right, or it could not be made. ask: a request about which
 * nothing is checked takes a turn of its address.
 */
export type TallyRequest = {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the caller's last known level is an attack. */
  readonly isUnderAttack: boolean;
  /** Failures that the caller has counted over all accounts since it last reported them. */
  readonly failures: number | undefined;
} & (
  | { readonly kind: 'reserve'; readonly keys: AttemptKeys }
  | { readonly kind: 'settle'; readonly keys: AttemptKeys; readonly outcome: 'right' | 'unmade' }
  | { readonly kind: 'ask'; readonly address: string }
);

/** The answer to a request; without a delay the attempt may be made now. */
export interface Verdict {
  readonly delay: Delay | undefined;
  /** The level over all processes, when the caller reported failures. */
  readonly level: FailureLevel | undefined;
}

/** What a request changes. It knows no clock and no store. */
export function* stepsOf(request: TallyRequest): Steps<Verdict> {
  const { now, failures } = request;
  const level = failures === undefined ? undefined : yield* countFailures(failures, now);
  const paces = (level ? isAttackLevel(level, now) : request.isUnderAttack) ? UNDER_ATTACK : NORMALLY;
  return { delay: yield* decided(request, paces), level };
}

function* decided(request: TallyRequest, paces: Paces): Steps<Delay | undefined> {
  const { now } = request;
  switch (request.kind) {
    case 'reserve':
      return yield* reserve(request.keys, paces, now);
    case 'settle':
      if (request.outcome === 'right') yield* forget(request.keys, paces, now);
      else yield* uncount(request.keys.pair, now);
      return undefined;
    case 'ask':
      return yield* ask(request.address, paces, now);
  }
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

function* reserve(keys: AttemptKeys, paces: Paces, now: number): Steps<Delay | undefined> {
  const { early, hadTurn, promised } = yield* countPair(keys.pair, now);
  if (early > 0) return { seconds: inSeconds(early), by: 'pair' };
  return hadTurn || keys.known ? undefined : yield* takeTurns(keys, promised, paces, now);
}

function countPair(key: string, now: number): Steps<Before> {
  return change<Pair, Before>(key, (stored) => {
    const before = capped(stored, now);
    const promised = before?.promised;
    if (before && now < before.waitUntil) {
      const answer = { early: before.waitUntil - now, hadTurn: false, promised };
      return { after: before === stored ? 'as it was' : kept(before), answer };
    }
    const count = (before?.count ?? 0) + 1;
    // a promise that has come is used here, by one of many at the same time
    const after = { count, waitUntil: now + delayAfter(count), lastAt: now, promised: hasCome(promised, now) ? undefined : promised };
    return { after: kept(after), answer: { early: 0, hadTurn: before?.hasTurn ?? false, promised } };
  });
}

function* takeTurns(keys: AttemptKeys, promised: number | undefined, paces: Paces, now: number): Steps<Delay | undefined> {
  const isPromised = hasCome(promised, now);
  // only the account's turn is promised: else who tries many accounts from one address would be promised a guess at each
  const ofAccount = isPromised ? AT_ONCE : yield* takeTurn(keys.account, 'account', paces, now);
  const ofAddress = yield* takeTurn(keys.address, 'address', paces, now);
  const waitForAccount = promised === undefined || isPromised ? ofAccount.wait : Math.min(ofAccount.wait, promised - now);
  const wait = Math.max(waitForAccount, ofAddress.wait);
  if (wait === 0) return undefined;
  const hasTurn = ofAccount.kept && ofAddress.kept;
  if (!hasTurn && ofAccount.kept && !isPromised) yield* returnTurn(keys.account, 'account', paces, now);
  if (!hasTurn && ofAddress.kept) yield* returnTurn(keys.address, 'address', paces, now);
  const next = ofAccount.kept ? undefined : now + PROMISED_AFTER;
  // it was no attempt; with a turn, whoever comes back in time is let through
  yield* change<Pair, undefined>(keys.pair, (before) =>
    unlessEmpty({
      count: Math.max(0, (before?.count ?? 1) - 1),
      waitUntil: hasTurn ? now + wait : now,
      lastAt: now,
      hasTurn,
      promised: hasTurn ? before?.promised : (promised ?? before?.promised ?? next),
    }),
  );
  return { seconds: inSeconds(wait), by: waitForAccount >= ofAddress.wait ? 'account' : 'address' };
}

/** The pair begins anew, and the turns that it has taken are given back. */
function* forget({ pair, account, address, known }: AttemptKeys, paces: Paces, now: number): Steps<void> {
  yield* change<Pair, undefined>(pair, () => ({ after: 'nothing', answer: undefined }));
  if (known) return;
  yield* returnTurn(account, 'account', paces, now);
  yield* returnTurn(address, 'address', paces, now);
}

function uncount(key: string, now: number): Steps<undefined> {
  return change<Pair, undefined>(key, (stored) => {
    const before = capped(stored, now);
    if (!before) return { after: 'nothing', answer: undefined };
    return { after: kept({ ...before, count: Math.max(0, before.count - 1), waitUntil: now, hasTurn: true }), answer: undefined };
  });
}

function* ask(address: string, paces: Paces, now: number): Steps<Delay | undefined> {
  const turn = yield* takeTurn(address, 'address', paces, now);
  if (turn.wait === 0) return undefined;
  if (turn.kept) yield* returnTurn(address, 'address', paces, now);
  return { seconds: inSeconds(turn.wait), by: 'address' };
}

function takeTurn(key: string, of: keyof Paces, paces: Paces, now: number): Steps<Turn> {
  return change<Turns, Turn>(key, (before) => {
    const { turns, turn } = nextTurn(before, now, paces[of], NORMALLY[of]);
    return { after: { state: turns, until: turns.taken, rank: RANKS.limit }, answer: turn };
  });
}

function returnTurn(key: string, of: keyof Paces, paces: Paces, now: number): Steps<undefined> {
  return change<Turns, undefined>(key, (before) => {
    const turns = withoutTurn(before, now, paces[of], NORMALLY[of]);
    return { after: turns ? { state: turns, until: turns.taken, rank: RANKS.limit } : 'nothing', answer: undefined };
  });
}

/** What a clock that has been set back since has stored is further off than any wait of ours: then the longest holds, from now on. */
function capped(pair: Pair | undefined, now: number): Pair | undefined {
  if (!pair) return undefined;
  const waitUntil = Math.min(pair.waitUntil, now + (pair.hasTurn ? LONGEST_WAIT : LONGEST_DELAY));
  const promised = pair.promised === undefined ? undefined : Math.min(pair.promised, now + PROMISED_AFTER);
  const lastAt = Math.min(pair.lastAt, now);
  const isAsStored = waitUntil === pair.waitUntil && promised === pair.promised && lastAt === pair.lastAt;
  return isAsStored ? pair : { ...pair, waitUntil, promised, lastAt };
}

function kept(pair: Pair): Kept<Pair> {
  return { state: pair, until: pair.lastAt + FORGOTTEN_AFTER, rank: pair.count > 0 || pair.hasTurn ? RANKS.pair : RANKS.promise };
}

/** Who is turned away and has neither failed before nor a turn leaves nothing. */
function unlessEmpty(pair: Pair): Changed<Pair, undefined> {
  const isEmpty = pair.count === 0 && !pair.hasTurn && pair.promised === undefined;
  return { after: isEmpty ? 'nothing' : kept(pair), answer: undefined };
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
