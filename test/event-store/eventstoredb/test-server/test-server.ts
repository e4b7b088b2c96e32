import type { IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Metadata, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { AppendingService } from './appending-service.js';
import { MemoryLog } from './memory-log.js';
import { faults, textOf } from './messages.js';
import { features, GossipService, gossip, ServerFeaturesService, StreamsService, shared, streams } from './protocol-messages.js';
import { ReadingService } from './reading-service.js';

/** What a node of a cluster knows of it: ports are those at which the nodes are reached. */
export interface Membership {
  /** Whether it is the leader itself. */
  leads(): boolean;
  /** Where it takes the leader to be; undefined during an election. */
  leader(): number | undefined;
  nodes(): readonly { readonly port: number; readonly leads: boolean }[];
}

const LEADER = 8;
const FOLLOWER = 6;

/**
 * Stands for EventStoreDB 22.10.5 over the real protocol: gives the answers that a real one gave
 * (test/fixtures/eventstoredb-answers.json), and fails as one can.
 */
export class TestServer {
  readonly reading: ReadingService;
  readonly appending: AppendingService;
  /** Every call is answered that it is too early. */
  notReady = false;
  /** Calls are taken and never answered. */
  frozen = false;
  /** The credentials are wrong. */
  denied = false;
  /** How often it was asked for anything. */
  asked = 0;
  private readonly server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  private bound = 0;

  /** Who may call, by `user:password`, and whether that one may read all and write, read all alone, or no more than its own; unset: everybody. */
  users: Readonly<Record<string, 'all' | 'read' | 'own'>> | undefined;

  private constructor(
    readonly log: MemoryLog,
    private readonly cluster: Membership | undefined,
  ) {
    this.reading = new ReadingService(log);
    this.appending = new AppendingService(log);
  }

  /** @param port 0 for any that is free */
  static async start(log = new MemoryLog(), port = 0, cluster?: Membership, credentials = ServerCredentials.createInsecure()): Promise<TestServer> {
    const started = new TestServer(log, cluster);
    started.addServices();
    started.bound = await new Promise((resolve, reject) =>
      started.server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    return started;
  }

  get port(): number {
    return this.bound;
  }

  /** Takes no more calls and ends those under way. */
  async stop(): Promise<void> {
    this.server.forceShutdown();
  }

  private addServices(): void {
    const streaming: IStreamsServer = {
      read: (call) =>
        this.answering(
          call.metadata,
          (error) => call.emit('error', error),
          () => this.reading.read(call),
        ),
      append: (call, callback) => this.answering(call.metadata, callback, async () => callback(null, await this.appending.append(call))),
      batchAppend: (call) =>
        this.answering(
          call.metadata,
          (error) => call.emit('error', error),
          () =>
            this.appending.batchAppend(
              call,
              () => this.refuse(call.metadata),
              () => this.mayWrite(call.metadata),
            ),
        ),
      delete: (call, callback) =>
        this.answering(call.metadata, callback, async () => {
          this.log.softDelete(textOf(call.request.getOptions()?.getStreamIdentifier()));
          callback(null, new streams.DeleteResp().setNoPosition(new shared.Empty()));
        }),
      tombstone: (call, callback) =>
        this.answering(call.metadata, callback, async () => {
          this.log.tombstone(textOf(call.request.getOptions()?.getStreamIdentifier()));
          callback(null, new streams.TombstoneResp().setNoPosition(new shared.Empty()));
        }),
    };
    const asked: IServerFeaturesServer = {
      getSupportedMethods: (call, callback) => this.answering(call.metadata, callback, async () => callback(null, supportedMethods())),
    };
    const gossiping: IGossipServer = {
      read: (call, callback) => this.answering(call.metadata, callback, async () => callback(null, this.clusterInfo())),
    };
    this.server.addService(StreamsService, streaming);
    this.server.addService(ServerFeaturesService, asked);
    this.server.addService(GossipService, gossiping);
  }

  /** Does what a call asks for, unless the node is as it should not be. */
  private async answering(metadata: Metadata, fail: (error: ServiceError) => void, work: () => Promise<unknown>): Promise<void> {
    this.asked += 1;
    try {
      if (this.refuse(metadata)) return;
      await work();
    } catch (error) {
      fail(error as ServiceError);
    }
  }

  /** Throws when the node refuses what it is asked; true when it is frozen. */
  private refuse(metadata: Metadata): boolean {
    if (this.frozen) return true;
    if (this.notReady) throw faults.notReady();
    if (this.denied) throw faults.denied();
    this.admit(metadata);
    const needsLeader = metadata.get('requires-leader').includes('true');
    if (needsLeader && this.cluster && !this.cluster.leads()) throw faults.notLeader(this.cluster.leader());
    return false;
  }

  private mayWrite(metadata: Metadata): boolean {
    return !this.users || this.rightOf(metadata) === 'all';
  }

  private rightOf(metadata: Metadata): 'all' | 'read' | 'own' | undefined {
    const [given] = metadata.get('authorization');
    if (given === undefined) throw faults.denied();
    return this.users?.[Buffer.from(String(given).replace('Basic ', ''), 'base64').toString()];
  }

  private admit(metadata: Metadata): void {
    if (!this.users) return;
    const right = this.rightOf(metadata);
    if (right === undefined) throw faults.unauthenticated();
    if (right === 'own') throw faults.denied();
  }

  private clusterInfo() {
    const nodes = this.cluster?.nodes() ?? [{ port: this.port, leads: true }];
    const members = nodes.map(({ port, leads }) =>
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
        .setTimeStamp(String(Date.now()))
        .setState(leads ? LEADER : FOLLOWER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port)),
    );
    return new gossip.ClusterInfo().setMembersList(members);
  }
}

/** What the client asks to know whether it may append in batches. */
function supportedMethods() {
  const service = 'event_store.client.streams.streams';
  const methods = ['read', 'append', 'delete', 'tombstone', 'batchappend'].map((name) =>
    new features.SupportedMethod().setServiceName(service).setMethodName(name),
  );
  return new features.SupportedMethods().setEventStoreServerVersion('22.10.5.0').setMethodsList(methods);
}
