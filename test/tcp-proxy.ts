import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and does to their connections what networks do. */
export class TcpProxy {
  /** How many connections there have been. */
  connected = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private server: Server | undefined;
  private isHanging = false;
  private losesAnswers = false;

  private constructor(
    /** Where new connections lead. */
    public target: number,
    private readonly host: string,
    private bound = 0,
  ) {}

  static async to(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
    const proxy = new TcpProxy(port, host);
    await proxy.open();
    return proxy;
  }

  get port(): number {
    return this.bound;
  }

  /** Takes connections, as before it was closed. */
  async open(): Promise<void> {
    const server = createServer({ noDelay: true }, (client) => this.connect(client));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.bound, '127.0.0.1', resolve));
    const address = server.address();
    this.bound = typeof address === 'object' && address ? address.port : 0;
    this.server = server;
  }

  /** Ends all connections at once; others may follow. */
  cut(): void {
    for (const [client, upstream] of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** The connections that there are stay open and carry nothing any more; others are as they should be. */
  freeze(): void {
    for (const [client, upstream] of this.pairs) {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    }
  }

  /** As a process that is stopped: connections are taken and stay open, and nothing comes through until it goes on. */
  hang(): void {
    this.isHanging = true;
    this.freeze();
  }

  /** All that waited comes through now. */
  goOn(): void {
    this.isHanging = false;
    for (const [client, upstream] of this.pairs) client.pipe(upstream).pipe(client);
  }

  /** Forwards requests, but no answers, also of connections that come. */
  loseAnswers(): void {
    this.losesAnswers = true;
    for (const [client, upstream] of this.pairs) upstream.unpipe(client).resume();
  }

  /** Forwards answers again; connections that have lost some are ended. */
  answerAgain(): void {
    this.losesAnswers = false;
    this.cut();
  }

  /** Ends all connections and takes no others. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.cut();
    await closed;
  }

  private connect(client: Socket): void {
    this.connected += 1;
    const upstream = createConnection({ port: this.target, host: this.host, noDelay: true });
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    if (!this.isHanging) client.pipe(upstream);
    if (this.losesAnswers) upstream.resume();
    else if (!this.isHanging) upstream.pipe(client);
    for (const [one, other] of [pair, [upstream, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.pairs.delete(pair);
        other.destroy();
      });
    }
  }
}
