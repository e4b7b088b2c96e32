import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, type ClientOptions, connectivityState, credentials, Metadata } from '@grpc/grpc-js';
import { type Endpoint, TransientError } from '../errors.js';
import { type AppendCall, type ReadCall, type ReadReq, StreamsClient } from '../protocol.js';
import type { ServerAddress } from '../url.js';
import { BatchAppender } from './batch-appender.js';

const KEEP_ALIVE = 10_000;
/** The server may hold events of 16 MB that did not come through this protocol. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/**
 * One node of EventStoreDB and the one connection to it. Calls begin as soon as they are asked for, and the channel is closed
 * only when the node was left and its last call is over: none can meet a channel that is closed in between.
 */
export class Node {
  readonly appender: BatchAppender;
  /** Whether its connection is not the one over which its log was looked at last. */
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

  /** Aborted when the node was left. */
  get retired(): AbortSignal {
    return this.retirement.signal;
  }

  /** @throws Passing when the node was left */
  read(request: ReadReq): ReadCall {
    if (this.retired.aborted) throw new TransientError('the node was left');
    return this.track(this.client.read(request, this.metadata));
  }

  /** Begins nothing more; what is under way goes on, and `done` is called when it has ended. */
  retire(done = () => {}): void {
    if (this.retired.aborted) return;
    this.whenDone = done;
    this.retirement.abort();
    this.appender.end();
    this.closeWhenDone();
  }

  /** Ends what is under way, too. */
  close(): void {
    this.retire();
    for (const call of this.calls) call.cancel();
  }

  private track<Call extends ReadCall | AppendCall>(call: Call): Call {
    this.calls.add(call);
    call.on('error', () => undefined); // one that is cancelled has nobody who listens any more, and an unheard error ends the process
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

  /** A channel connects again by itself, to whatever is at the address by then. */
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

/** Who asks. Without TLS nobody is told the password. */
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
    // otherwise channels with the same settings share one connection, also one that is dead
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // a server cannot be asked for by an address (RFC 6066); whom the certificate must name is checked by itself
    ...(tls && isIP(address) !== 0 && { 'grpc.ssl_target_name_override': 'eventstoredb' }),
  };
}
