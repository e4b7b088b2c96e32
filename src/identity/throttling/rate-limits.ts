import { countFailures, type FailureLevel, isAttackLevel } from './failure-level.js';
import { type Rate, type Reservation, type Reserved, releaseOne, reserveNext } from './gcra.js';
import { type Changed, change, type Entry, type EntryChanges, RANKS } from './store-changes.js';

const FREE_FAILURES = 3;
const MAX_DELAY = 60_000;
/** Milliseconds without a failure after which the count of a pair (of number and address) is reset. */
const EXPIRES_AFTER = 3_600_000;
/** Milliseconds after which an attempt that was delayed by its account's limit is allowed, whatever others do. */
const PROMISED_AFTER = 600_000;

interface Rates {
  readonly address: Rate;
  readonly account: Rate;
}

/** Thousands share an address behind a carrier's NAT, and a few of a hundred logins fail, so an address has a large burst. */
const USUAL_RATES: Rates = {
  address: { burst: 200, interval: 1_000, maxWait: 60_000 },
  account: { burst: 30, interval: 20_000, maxWait: 120_000 },
};
/** While far more logins fail than usual, over all accounts and addresses. */
const RATES_UNDER_ATTACK: Rates = {
  address: { burst: 20, interval: 5_000, maxWait: 60_000 },
  account: { burst: 10, interval: 20_000, maxWait: 120_000 },
};
const MAX_WAIT = Math.max(MAX_DELAY, USUAL_RATES.address.maxWait, USUAL_RATES.account.maxWait);

/** An attempt comes too early and must not be made: seconds to wait, and the limit that was exceeded. */
export interface Delay {
  readonly seconds: number;
  readonly by: 'pair' | 'account' | 'address';
}

/** The keys of an attempt's entries; `known`: whether the browser has signed in with the number before. */
export interface AttemptKeys {
  readonly pair: string;
  readonly account: string;
  readonly address: string;
  readonly known: boolean;
}

/**
 * reserve: counts an attempt as failed before it is made. settle: it was right, or could not be made. ask: a request that checks nothing
 * counts for its address alone.
 */
export type RateLimitRequest = {
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
export interface RateLimitAnswer {
  readonly delay: Delay | undefined;
  /** The level over all processes, when the caller reported failures. */
  readonly level: FailureLevel | undefined;
}

/** The changes that a request makes, without a clock or a store. */
export function* changesFor(request: RateLimitRequest): EntryChanges<RateLimitAnswer> {
  const { now, failures } = request;
  const level = failures === undefined ? undefined : yield* countFailures(failures, now);
  const rates = (level ? isAttackLevel(level, now) : request.isUnderAttack) ? RATES_UNDER_ATTACK : USUAL_RATES;
  return { delay: yield* decided(request, rates), level };
}

function* decided(request: RateLimitRequest, rates: Rates): EntryChanges<Delay | undefined> {
  const { now } = request;
  switch (request.kind) {
    case 'reserve':
      return yield* reserve(request.keys, rates, now);
    case 'settle':
      if (request.outcome === 'right') yield* forget(request.keys, rates, now);
      else yield* uncount(request.keys.pair, now);
      return undefined;
    case 'ask':
      return yield* ask(request.address, rates, now);
  }
}

interface Pair {
  readonly count: number;
  /** Milliseconds since the epoch: no attempt is allowed before. */
  readonly waitUntil: number;
  readonly lastAt: number;
  /** Whether the wait was for a reserved attempt. */
  readonly hasReservation: boolean;
  /** Milliseconds since the epoch: from then on one attempt is allowed whatever the account's limit says. */
  readonly promised?: number | undefined;
}

/** A pair as it is stored: a reservation is called `hasTurn` there since the first release. */
interface StoredPair extends Omit<Pair, 'hasReservation'> {
  readonly hasTurn?: boolean;
}

/** The state of a pair before an attempt. */
interface Before {
  /** Milliseconds too early. */
  readonly early: number;
  readonly hadReservation: boolean;
  readonly promised: number | undefined;
}

const AT_ONCE: Reservation = { wait: 0, kept: true };

function* reserve(keys: AttemptKeys, rates: Rates, now: number): EntryChanges<Delay | undefined> {
  const { early, hadReservation, promised } = yield* countPair(keys.pair, now);
  if (early > 0) return { seconds: inSeconds(early), by: 'pair' };
  return hadReservation || keys.known ? undefined : yield* reserveBoth(keys, promised, rates, now);
}

function countPair(key: string, now: number): EntryChanges<Before> {
  return change<StoredPair, Before>(key, (stored) => {
    const before = capped(stored, now);
    const promised = before?.promised;
    if (before && now < before.waitUntil) {
      const answer = { early: before.waitUntil - now, hadReservation: false, promised };
      return { after: isAsStored(before, stored) ? 'as it was' : entryOf(before), answer };
    }
    const count = (before?.count ?? 0) + 1;
    // the promise is used up here, so that only one of several concurrent attempts has it
    const left = hasCome(promised, now) ? undefined : promised;
    const after = { count, waitUntil: now + delayAfter(count), lastAt: now, hasReservation: false, promised: left };
    return { after: entryOf(after), answer: { early: 0, hadReservation: before?.hasReservation ?? false, promised } };
  });
}

function* reserveBoth(keys: AttemptKeys, promised: number | undefined, rates: Rates, now: number): EntryChanges<Delay | undefined> {
  const isPromised = hasCome(promised, now);
  // the address's limit is never promised: otherwise an address that tries many accounts would be promised a guess at each
  const ofAccount = isPromised ? AT_ONCE : yield* reserveOne(keys.account, 'account', rates, now);
  const ofAddress = yield* reserveOne(keys.address, 'address', rates, now);
  const waitForAccount = promised === undefined || isPromised ? ofAccount.wait : Math.min(ofAccount.wait, promised - now);
  const wait = Math.max(waitForAccount, ofAddress.wait);
  if (wait === 0) return undefined;
  const hasReservation = ofAccount.kept && ofAddress.kept;
  if (!hasReservation && ofAccount.kept && !isPromised) yield* release(keys.account, 'account', rates, now);
  if (!hasReservation && ofAddress.kept) yield* release(keys.address, 'address', rates, now);
  const next = ofAccount.kept ? undefined : now + PROMISED_AFTER;
  // no attempt was made; one with a reservation is allowed after the wait
  yield* change<StoredPair, undefined>(keys.pair, (before) =>
    unlessEmpty({
      count: Math.max(0, (before?.count ?? 1) - 1),
      waitUntil: hasReservation ? now + wait : now,
      lastAt: now,
      hasReservation,
      promised: hasReservation ? before?.promised : (promised ?? before?.promised ?? next),
    }),
  );
  return { seconds: inSeconds(wait), by: waitForAccount >= ofAddress.wait ? 'account' : 'address' };
}

/** Resets the pair and gives its reservations back. */
function* forget({ pair, account, address, known }: AttemptKeys, rates: Rates, now: number): EntryChanges<void> {
  yield* change<StoredPair, undefined>(pair, () => ({ after: 'nothing', answer: undefined }));
  if (known) return;
  yield* release(account, 'account', rates, now);
  yield* release(address, 'address', rates, now);
}

function uncount(key: string, now: number): EntryChanges<undefined> {
  return change<StoredPair, undefined>(key, (stored) => {
    const before = capped(stored, now);
    if (!before) return { after: 'nothing', answer: undefined };
    return { after: entryOf({ ...before, count: Math.max(0, before.count - 1), waitUntil: now, hasReservation: true }), answer: undefined };
  });
}

function* ask(address: string, rates: Rates, now: number): EntryChanges<Delay | undefined> {
  const next = yield* reserveOne(address, 'address', rates, now);
  if (next.wait === 0) return undefined;
  if (next.kept) yield* release(address, 'address', rates, now);
  return { seconds: inSeconds(next.wait), by: 'address' };
}

function reserveOne(key: string, of: keyof Rates, rates: Rates, now: number): EntryChanges<Reservation> {
  return change<Reserved, Reservation>(key, (before) => {
    const { reserved, next } = reserveNext(before, now, rates[of], USUAL_RATES[of]);
    return { after: { state: reserved, until: reserved.taken, rank: RANKS.limit }, answer: next };
  });
}

function release(key: string, of: keyof Rates, rates: Rates, now: number): EntryChanges<undefined> {
  return change<Reserved, undefined>(key, (before) => {
    const reserved = releaseOne(before, now, rates[of], USUAL_RATES[of]);
    return { after: reserved ? { state: reserved, until: reserved.taken, rank: RANKS.limit } : 'nothing', answer: undefined };
  });
}

/** Times that a clock stored before it was set back are further ahead than any wait: they are capped at the maximum from now. */
function capped(stored: StoredPair | undefined, now: number): Pair | undefined {
  if (!stored) return undefined;
  const { hasTurn: hasReservation = false, ...pair } = stored;
  const waitUntil = Math.min(pair.waitUntil, now + (hasReservation ? MAX_WAIT : MAX_DELAY));
  const promised = pair.promised === undefined ? undefined : Math.min(pair.promised, now + PROMISED_AFTER);
  return { ...pair, waitUntil, promised, lastAt: Math.min(pair.lastAt, now), hasReservation };
}

function isAsStored(pair: Pair, stored: StoredPair | undefined): boolean {
  return pair.waitUntil === stored?.waitUntil && pair.promised === stored.promised && pair.lastAt === stored.lastAt;
}

function entryOf({ hasReservation, ...pair }: Pair): Entry<StoredPair> {
  const state = hasReservation ? { ...pair, hasTurn: true } : pair;
  return { state, until: pair.lastAt + EXPIRES_AFTER, rank: pair.count > 0 || hasReservation ? RANKS.pair : RANKS.promise };
}

/** A delayed pair without failures, reservation or promise is not stored. */
function unlessEmpty(pair: Pair): Changed<StoredPair, undefined> {
  const isEmpty = pair.count === 0 && !pair.hasReservation && pair.promised === undefined;
  return { after: isEmpty ? 'nothing' : entryOf(pair), answer: undefined };
}

function hasCome(promised: number | undefined, now: number): boolean {
  return promised !== undefined && promised <= now;
}

function delayAfter(failures: number): number {
  return failures <= FREE_FAILURES ? 0 : Math.min(1000 * 2 ** (failures - FREE_FAILURES - 1), MAX_DELAY);
}

function inSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
