import { status } from '@grpc/grpc-js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { LogReplaced, UnusableStream } from '../append.js';

/** The server sent nothing for too long. The outcome of the call is unknown. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
  constructor(ms: number) {
    super(`${Math.round(ms)} 毫秒内没有应答`);
  }
}

/** The call failed for now; nothing is known to be wrong with it. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** The server cannot read from a position. It may have no event there, or another fault that it reports in the same way. */
export class PositionNotFound extends TransientError {}

/** The node is not the leader. */
export class NotLeader extends TransientError {
  constructor(readonly leader: Endpoint | undefined) {
    super('这个节点不是主节点');
  }
}

/** The cluster has no leader: fewer than a majority of its nodes are there. */
export class NoLeader extends TransientError {
  constructor() {
    super('集群没有主节点：要有半数以上的节点在运行');
  }
}

/** The leader that the cluster names cannot be reached from here. */
export class LeaderUnreachable extends TransientError {
  constructor(
    readonly leader: Endpoint,
    cause: unknown,
  ) {
    super(`集群所说的主节点 ${leader.address}:${leader.port} 从这里连接不上：请检查它公布的地址`, { cause });
  }
}

/** The user is unknown or lacks the right. Retrying at once does not help. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
  constructor(readonly why: 'user' | 'right' | 'write') {
    super(why === 'user' ? '用户名或密码被拒绝' : '用户没有权限');
  }
}

/** A stream was deleted or truncated in EventStoreDB, or has `$maxCount` or `$maxAge`. Nothing is decided on the remaining events. */
export class TruncatedStream extends UnusableStream {
  override readonly name = 'TruncatedStream';
  /** @param first the revision of the first remaining event; undefined when there is none */
  constructor(stream: string, first: number | undefined) {
    const left = first === undefined ? '没有事件了' : `从第 ${first} 个事件开始`;
    super(`事件流 ${stream} ${left}：之前的事件在 EventStoreDB 中被删除或截断，请管理员恢复`);
  }
}

/** The stream was deleted for good (a tombstone), so it can be neither read nor written. */
export class StreamDeleted extends UnusableStream {
  override readonly name = 'StreamDeleted';
  constructor(stream = '一个事件流') {
    super(`${stream} 在 EventStoreDB 中被永久删除，不能再记录`);
  }
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The code with which the server drops a slow consumer, without further details. */
const SLOW_CONSUMER = status.ABORTED;
/** Codes of transient errors. A server that is starting returns UNKNOWN ("Server Is Not Ready"). */
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

/** The part of a gRPC error that is used here. */
interface CallError extends Error {
  readonly code: number;
  readonly details?: string;
  readonly metadata?: { getMap(): Readonly<Record<string, unknown>> };
}

/** Translates an error of a call to the classes above; returns other errors unchanged. */
export function translateCallError(error: unknown): unknown {
  if (!isCallError(error)) return error;
  const metadata = error.metadata?.getMap() ?? {};
  const text = (key: string) => (metadata[key] === undefined ? undefined : String(metadata[key]));
  switch (text('exception')) {
    case 'not-leader':
      return new NotLeader(endpointOf(text('leader-endpoint-host'), text('leader-endpoint-port')));
    case 'access-denied':
      return new AccessDenied(error.code === status.UNAUTHENTICATED ? 'user' : 'right');
    case 'stream-deleted':
      return new StreamDeleted(text('stream-name'));
  }
  if (error.code === status.NOT_FOUND && /leader/i.test(error.details ?? '')) return new NotLeader(undefined); // during an election
  if (isPositionNotFound(error)) return new PositionNotFound(`服务器不能从那里读取：${describeError(error)}`, { cause: error });
  if (error.code === status.UNAUTHENTICATED) return new AccessDenied('user');
  if (error.code === status.PERMISSION_DENIED) return new AccessDenied('right');
  return error;
}

function endpointOf(address: string | undefined, port: string | undefined): Endpoint | undefined {
  return address && port ? { address, port: Number(port) } : undefined;
}

/** Whether an error is transient: the server was not reached, or could not do it now. */
export function isTransient(error: unknown): boolean {
  if (error instanceof LogReplaced || error instanceof UnusableStream) return false;
  if (error instanceof CallTimeout || error instanceof TransientError || error instanceof StoreUnavailable || error instanceof AccessDenied) return true;
  return isCallError(error) && TRANSIENT_CODES.has(error.code);
}

/** Whether the server dropped a slow subscription, which is no fault of the connection. */
export function isSlowConsumer(error: unknown): boolean {
  return isCallError(error) && error.code === SLOW_CONSUMER;
}

/** Whether the server cannot read from a position; an expired read does not count. */
function isPositionNotFound(error: CallError): boolean {
  return /ReadAllResult: (?:Error|InvalidPosition)|invalid ?position/i.test(error.details ?? error.message);
}

/** Whether a node says that it is starting or waits for its cluster. */
export function isNotReady(error: unknown): boolean {
  return /not ready/i.test(describeError(error));
}

/** An error in words for the log. The server's text may name a stream, so it is used only for connection errors. */
export function describeError(error: unknown): string {
  if (!isCallError(error)) return error instanceof Error ? error.message : '抛出的不是错误';
  const name = status[error.code]?.toLowerCase().replaceAll('_', ' ') ?? `code ${error.code}`;
  return error.code === status.UNAVAILABLE || error.code === status.UNKNOWN ? `${name}: ${error.details}` : name;
}

function isCallError(error: unknown): error is CallError {
  return error instanceof Error && typeof (error as { readonly code?: unknown }).code === 'number';
}
