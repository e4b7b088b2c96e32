import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { Filter } from '../event-store.js';
import { Empty, StreamIdentifier, streams } from './protocol.js';
import type { Scope } from './scope.js';

const { Options } = streams.ReadReq;
const FORWARDS = Options.ReadDirection.FORWARDS;
const BACKWARDS = Options.ReadDirection.BACKWARDS;

/** Where an event begins in the server's log. */
export interface ServerPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** No limit. */
const ALL = Number.MAX_SAFE_INTEGER;
/** Events that the server examines between two checkpoints of a subscription. */
const CHECKPOINT_INTERVAL = 1_000;

/** Reads a part of a stream, by the server's name. */
export function streamRequest(kept: string, { from = 0, count = ALL }: { readonly from?: number | 'end'; readonly count?: number } = {}): ReadReq {
  const stream = new Options.StreamOptions().setStreamIdentifier(identifierOf(kept));
  if (from === 'end') stream.setEnd(new Empty());
  else stream.setRevision(String(from));
  const direction = from === 'end' ? BACKWARDS : FORWARDS;
  return requestFor(options().setStream(stream).setReadDirection(direction).setCount(String(count)).setNoFilter(new Empty()));
}

/** Reads the log forwards from a position. */
export function forwardsRequest(from: ServerPosition | 'start', count: number, filter?: ReadReq.Options.FilterOptions): ReadReq {
  return allRequest(from, FORWARDS, count, filter);
}

/** Reads the log backwards from a position. */
export function backwardsRequest(from: ServerPosition | 'end', count: number, filter?: ReadReq.Options.FilterOptions): ReadReq {
  return allRequest(from, BACKWARDS, count, filter);
}

/** Subscribes to the log after a position. */
export function subscriptionRequest(after: ServerPosition | 'start', filter: ReadReq.Options.FilterOptions): ReadReq {
  const all = allOptions(after);
  return requestFor(options().setAll(all).setSubscription(new Options.SubscriptionOptions()).setFilter(filter));
}

/**
 * The server's filter, which passes at least the wanted events: by stream prefixes when all types are wanted, otherwise by types, since
 * it accepts only one of the two.
 */
export function serverFilter(scope: Scope, filter: Filter | undefined): ReadReq.Options.FilterOptions {
  const { Expression } = Options.FilterOptions;
  const found = new Options.FilterOptions().setMax(CHECKPOINT_INTERVAL).setCheckpointintervalmultiplier(1);
  if (filter && 'types' in filter) {
    // matches nothing, because no type is empty
    const types = filter.types.length > 0 ? new Expression().setPrefixList([...filter.types]) : new Expression().setRegex('^$');
    return found.setEventType(types);
  }
  if (filter && 'prefix' in filter && filter.prefix) return found.setStreamIdentifier(new Expression().setPrefixList([scope.serverName(filter.prefix)]));
  const { prefixes } = scope;
  if (prefixes) return found.setStreamIdentifier(new Expression().setPrefixList([...prefixes]));
  const excepted = filter && 'except' in filter ? filter.except.map((type) => type.replaceAll(/\W/g, '\\$&')) : [];
  const others = excepted.length > 0 ? `|(?:${excepted.join('|')})$` : '';
  return found.setEventType(new Expression().setRegex(`^(?!\\$${others})`));
}

export function identifierOf(kept: string): InstanceType<typeof StreamIdentifier> {
  return new StreamIdentifier().setStreamName(Buffer.from(kept));
}

function allRequest(
  from: ServerPosition | 'start' | 'end',
  direction: typeof FORWARDS | typeof BACKWARDS,
  count: number,
  filter?: ReadReq.Options.FilterOptions,
): ReadReq {
  const found = options().setAll(allOptions(from)).setReadDirection(direction).setCount(String(count));
  return requestFor(filter ? found.setFilter(filter) : found.setNoFilter(new Empty()));
}

function allOptions(from: ServerPosition | 'start' | 'end'): ReadReq.Options.AllOptions {
  const all = new Options.AllOptions();
  if (from === 'start') return all.setStart(new Empty());
  if (from === 'end') return all.setEnd(new Empty());
  return all.setPosition(new Options.Position().setCommitPosition(String(from.commit)).setPreparePosition(String(from.prepare)));
}

/** Common options. Links are not resolved, because their targets are read where they are. */
function options(): ReadReq.Options {
  return new Options().setUuidOption(new Options.UUIDOption().setString(new Empty())).setResolveLinks(false);
}

function requestFor(found: ReadReq.Options): ReadReq {
  return new streams.ReadReq().setOptions(found);
}
