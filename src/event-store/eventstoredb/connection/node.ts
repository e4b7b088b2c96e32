import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, type ClientOptions, connectivityState, credentials, Metadata } from '@grpc/grpc-js';
import { type Endpoint, TransientError } from '../errors.js';
import { type AppendCall, type ReadCall, type ReadReq, StreamsClient } from '../protocol.js';
import type { ServerAddress } from '../url.js';
import { BatchAppender } from './batch-appender.js';

const KEEP_ALIVE = 10_000;
/** The server may hold events of up to 16 MB that other programs have written. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/**
 * One node of EventStoreDB with its own connection. Its channel is closed only after the node was retired and its last call has ended,
 * so no call can begin on a closed channel.
 */
export class Node {
  readonly appender: BatchAppender;
  /** Whether its log was not verified over the present connection. */
  isUnverified = true;
  private readonly client: InstanceType<typeof StreamsClient>;
  private readonly metadata: Metadata;
  private readonly calls = new Set<ReadCall | AppendCall>();
  private readonly retirement = new AbortController();
  private whenDone = () => {};
  private isClosed = false;

  constructor(
    address: ServerAddress,
    readonly endpoint: Endpoint,
  ) {
    this.client = new StreamsClient(targetOf(endpoint), channelCredentials(address, endpoint), channelOptions(address, endpoint));
    this.metadata = metadataFor(address);
    this.metadata.set('requires-leader', 'true');
    this.appender = new BatchAppender(() => this.track(this.client.batchAppend(this.metadata)));
    this.watch();
  }

  /** Aborted when the node was retired. */
  get retired(): AbortSignal {
    return this.retirement.signal;
  }

  /** @throws TransientError when the node was retired */
  read(request: ReadReq): ReadCall {
    if (this.retired.aborted) throw new TransientError('已离开这个节点');
    return this.track(this.client.read(request, this.metadata));
  }

  /** Starts no more calls. Calls `done` when the running ones have ended. */
  retire(done = () => {}): void {
    if (this.retired.aborted) return;
    this.whenDone = done;
    this.retirement.abort();
    this.appender.end();
    this.closeWhenDone();
  }

  /** Retires the node and cancels its calls. */
  close(): void {
    this.retire();
    for (const call of this.calls) call.cancel();
  }

  private track<Call extends ReadCall | AppendCall>(call: Call): Call {
    this.calls.add(call);
    call.on('error', () => undefined); // a cancelled call may have no other listener, and an unhandled error event would end the process
    call.once('status', () => {
      this.calls.delete(call);
      this.closeWhenDone();
    });
    return call;
  }

  private closeWhenDone(): void {
    if (!this.retired.aborted || this.calls.size > 0 || this.isClosed) return;
    this.isClosed = true;
    this.client.close();
    this.whenDone();
  }

  /** Marks the node as unverified when its connection is lost, because the channel reconnects by itself, possibly to another server. */
  private watch(): void {
    const channel = this.client.getChannel();
    const state = channel.getConnectivityState(false);
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      if (this.isClosed) return;
      if (state === connectivityState.READY) this.isUnverified = true;
      this.watch();
    });
  }
}

export function targetOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** The metadata of calls. The password is sent only over TLS. */
export function metadataFor({ tls, credentials: user, settings }: ServerAddress): Metadata {
  const metadata = new Metadata();
  metadata.set('connection-name', settings.connectionName ?? 'personal-centre');
  if (user && tls) metadata.set('authorization', `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`);
  return metadata;
}

export function channelCredentials({ tls, certificates }: ServerAddress, { address }: Endpoint, name = address): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const { authority = null, user } = certificates;
  return credentials.createSsl(authority, user?.key ?? null, user?.certificate ?? null, {
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  });
}

export function channelOptions({ tls, settings }: ServerAddress, { address }: Endpoint): Partial<ClientOptions> {
  return {
    'grpc.keepalive_time_ms': settings.keepAliveInterval ?? KEEP_ALIVE,
    'grpc.keepalive_timeout_ms': settings.keepAliveTimeout ?? KEEP_ALIVE,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // otherwise channels with the same settings would share one connection, even a dead one
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // SNI does not allow an IP address (RFC 6066); the certificate's name is checked by checkServerIdentity
    ...(tls && isIP(address) !== 0 && { 'grpc.ssl_target_name_override': 'eventstoredb' }),
  };
}
