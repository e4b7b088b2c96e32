import { status } from '@grpc/grpc-js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { LogReplaced, UnusableStream } from '../append.js';

/** The server has kept silent for longer than it may: what became of the call is not known. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
  constructor(ms: number) {
    super(`no answer within ${Math.round(ms)} ms`);
  }
}

/** What was asked for could not be done now; nothing is known to be wrong with it. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** The server says that it cannot read from a place: it may know no event there, or have a fault that it calls the same. */
export class PositionNotFound extends TransientError {}

/** The node is not the leader. */
export class NotLeader extends TransientError {
  constructor(readonly leader: Endpoint | undefined) {
    super('the node is not the leader');
  }
}

/** The leader that the cluster names cannot be reached from here. */
export class LeaderUnreachable extends TransientError {
  constructor(
    readonly leader: Endpoint,
    cause: unknown,
  ) {
    super(`the leader ${leader.address}:${leader.port}, which the cluster names, cannot be reached from here: look at its advertised address`, { cause });
  }
}

/** The user is not known, or may not do this: trying again at once is no use. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
  constructor(readonly why: 'user' | 'right' | 'write') {
    super(why === 'user' ? 'the user or its password is refused' : 'the user has no right to do this');
  }
}

/** Somebody has deleted or truncated a stream of ours in EventStoreDB, or set its `$maxCount` or `$maxAge`: what is left of it decides nothing. */
export class TruncatedStream extends UnusableStream {
  override readonly name = 'TruncatedStream';
  /** @param first the number of the first event that is left; undefined when none is */
  constructor(stream: string, first: number | undefined) {
    const left = first === undefined ? 'has no event left' : `begins with its event ${first}`;
    super(`stream ${stream} ${left}: those before were deleted or truncated in EventStoreDB`);
  }
}

/** The stream was deleted for good (a tombstone): nothing can be read of it or written to it. */
export class StreamDeleted extends UnusableStream {
  override readonly name = 'StreamDeleted';
  constructor(stream = 'a stream') {
    super(`${stream} was deleted in EventStoreDB for good: nothing can be recorded there`);
  }
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The server was too slow for a consumer, or the other way round; it says no more than that. */
const SLOW_CONSUMER = status.ABORTED;
/** Codes that say nothing about what was asked for. A server that is starting says UNKNOWN ("Server Is Not Ready"). */
const TRANSIENT_CODES = new Set<number>([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
]);

/** An error of a gRPC call, as far as it is known here. */
interface CallError extends Error {
  readonly code: number;
  readonly details?: string;
  readonly metadata?: { getMap(): Readonly<Record<string, unknown>> };
}

/** An error of a call in the words used here; another stays as it is. */
export function translateCallError(error: unknown): unknown {
  if (!isCallError(error)) return error;
  const told = error.metadata?.getMap() ?? {};
  const text = (key: string) => (told[key] === undefined ? undefined : String(told[key]));
  switch (text('exception')) {
    case 'not-leader':
      return new NotLeader(endpointOf(text('leader-endpoint-host'), text('leader-endpoint-port')));
    case 'access-denied':
      return new AccessDenied(error.code === status.UNAUTHENTICATED ? 'user' : 'right');
    case 'stream-deleted':
      return new StreamDeleted(text('stream-name'));
  }
  if (error.code === status.NOT_FOUND && /leader/i.test(error.details ?? '')) return new NotLeader(undefined); // during an election
  if (isPositionNotFound(error)) return new PositionNotFound(`the server cannot read from there: ${describeError(error)}`, { cause: error });
  if (error.code === status.UNAUTHENTICATED) return new AccessDenied('user');
  if (error.code === status.PERMISSION_DENIED) return new AccessDenied('right');
  return error;
}

function endpointOf(address: string | undefined, port: string | undefined): Endpoint | undefined {
  return address && port ? { address, port: Number(port) } : undefined;
}

/** Whether an error says nothing about the call itself: the server was not reached, or could not do it now. */
export function isTransient(error: unknown): boolean {
  if (error instanceof LogReplaced || error instanceof UnusableStream) return false;
  if (error instanceof CallTimeout || error instanceof TransientError || error instanceof StoreUnavailable || error instanceof AccessDenied) return true;
  return isCallError(error) && TRANSIENT_CODES.has(error.code);
}

/** Whether the server has dropped a subscription that took too long: no fault of the connection. */
export function isSlowConsumer(error: unknown): boolean {
  return isCallError(error) && error.code === SLOW_CONSUMER;
}

/** Whether the server says that it cannot read from a place; a read that has expired says nothing of that. */
function isPositionNotFound(error: CallError): boolean {
  return /ReadAllResult: (?:Error|InvalidPosition)|invalid ?position/i.test(error.details ?? error.message);
}

/** Whether a node says that it is starting, or waits for its cluster. */
export function isNotReady(error: unknown): boolean {
  return /not ready/i.test(describeError(error));
}

/** An error in words for the log; the server's may name a stream, so only what is said of the connection is taken over. */
export function describeError(error: unknown): string {
  if (!isCallError(error)) return error instanceof Error ? error.message : 'something that is no error was thrown';
  const name = status[error.code]?.toLowerCase().replaceAll('_', ' ') ?? `code ${error.code}`;
  return error.code === status.UNAVAILABLE || error.code === status.UNKNOWN ? `${name}: ${error.details}` : name;
}

function isCallError(error: unknown): error is CallError {
  return error instanceof Error && typeof (error as { readonly code?: unknown }).code === 'number';
}
