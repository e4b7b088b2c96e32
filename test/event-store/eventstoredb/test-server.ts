import type { IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Metadata, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { AppendingService } from './appending-service.js';
import { features, GossipService, gossip, ServerFeaturesService, StreamsService, shared, streams } from './generated.js';
import { MemoryLog } from './memory-log.js';
import { faults, textOf } from './messages.js';
import { ReadingService } from './reading-service.js';

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
  /** Where the leader is, when this node is a follower. */
  leader: TestServer | undefined;
  /** How often it was asked for anything. */
  asked = 0;
  private readonly server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  private bound = 0;
  private nodes: readonly TestServer[] = [this];

  private constructor(readonly log: MemoryLog) {
    this.reading = new ReadingService(log);
    this.appending = new AppendingService(log);
  }

  /** @param port 0 for any that is free */
  static async start(log = new MemoryLog(), port = 0): Promise<TestServer> {
    const started = new TestServer(log);
    started.addServices();
    started.bound = await new Promise((resolve, reject) =>
      started.server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    return started;
  }

  /** Three nodes that hold the same log; the first is the leader. */
  static async cluster(): Promise<readonly [TestServer, TestServer, TestServer]> {
    const log = new MemoryLog();
    const nodes = [await TestServer.start(log), await TestServer.start(log), await TestServer.start(log)] as const;
    for (const node of nodes) {
      node.nodes = nodes;
      if (node !== nodes[0]) node.leader = nodes[0];
    }
    return nodes;
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
          () => this.appending.batchAppend(call),
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
    if (this.frozen) return;
    try {
      if (this.notReady) throw faults.notReady();
      if (this.denied) throw faults.denied();
      if (this.leader && metadata.get('requires-leader').includes('true')) throw faults.notLeader('127.0.0.1', this.leader.port);
      await work();
    } catch (error) {
      fail(error as ServiceError);
    }
  }

  private clusterInfo() {
    const members = this.nodes.map((node) =>
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
        .setTimeStamp(String(Date.now()))
        .setState(node.leader ? FOLLOWER : LEADER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(node.port)),
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
