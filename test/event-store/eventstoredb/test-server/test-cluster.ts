import { TcpProxy } from '../../../tcp-proxy.js';
import { MemoryLog } from './memory-log.js';
import { TestServer } from './test-server.js';

/** Three nodes of EventStoreDB that hold one log: what one has acknowledged, all have. The first leads until another is elected. */
export class TestCluster {
  readonly log = new MemoryLog();
  private led: ClusterNode | undefined;
  private constructor(readonly nodes: readonly ClusterNode[]) {}

  static async start(): Promise<TestCluster> {
    const nodes = await Promise.all([0, 1, 2].map(() => ClusterNode.at()));
    const cluster = new TestCluster(nodes);
    for (const node of nodes) await node.join(cluster);
    cluster.led = nodes[0];
    return cluster;
  }

  /** Undefined during an election. */
  get leader(): ClusterNode | undefined {
    return this.led;
  }

  get followers(): readonly ClusterNode[] {
    return this.nodes.filter((node) => node !== this.led);
  }

  /** The URL that names all nodes. */
  get url(): string {
    return `esdb://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`;
  }

  /** Another leads from now on; undefined: nobody does. */
  elect(leader: ClusterNode | undefined): void {
    this.led = leader;
  }

  /** Appends that came in at any node. */
  get received(): number {
    return this.nodes.reduce((sum, { server }) => sum + server.appending.received.length, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

/** A node behind a port of its own, which stays when it dies and comes back. */
export class ClusterNode {
  private running: TestServer | undefined;
  private cluster: TestCluster | undefined;

  private constructor(private readonly proxy: TcpProxy) {}

  static async at(): Promise<ClusterNode> {
    return new ClusterNode(await TcpProxy.to(0));
  }

  get port(): number {
    return this.proxy.port;
  }

  get server(): TestServer {
    if (!this.running) throw new Error('the node is not running');
    return this.running;
  }

  async join(cluster: TestCluster): Promise<void> {
    this.cluster = cluster;
    await this.run();
  }

  /** As SIGKILL does it. */
  async kill(): Promise<void> {
    await this.proxy.close();
    await this.running?.stop();
  }

  async restart(): Promise<void> {
    await this.run();
    await this.proxy.open();
  }

  /** As SIGSTOP and SIGCONT do it. */
  freeze(): void {
    this.proxy.hang();
  }

  thaw(): void {
    this.proxy.goOn();
  }

  /** Its connections are reset; others may follow. */
  cut(): void {
    this.proxy.cut();
  }

  async close(): Promise<void> {
    await this.kill();
  }

  private async run(): Promise<void> {
    const { cluster } = this;
    if (!cluster) throw new Error('the node is in no cluster');
    this.running = await TestServer.start(cluster.log, 0, {
      leads: () => cluster.leader === this,
      leader: () => cluster.leader?.port,
      nodes: () => cluster.nodes.map(({ port }, at) => ({ port, leads: cluster.nodes[at] === cluster.leader })),
    });
    this.proxy.target = this.running.port;
  }
}
