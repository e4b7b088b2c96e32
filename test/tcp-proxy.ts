import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy between a client and a server that simulates network faults. */
export class TcpProxy {
  private readonly connections = new Set<Connection>();
  private fault: 'none' | 'cut' | 'frozen' | 'answers lost' = 'none';

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Listens on loopback, and forwards everything to the server. */
  static async to(host: string, port: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => proxy.join(client, connect(port, host)));
    return proxy;
  }

  /** Closes all connections, and every new one immediately. */
  cut(): void {
    this.fault = 'cut';
    for (const { client } of this.connections) client.destroy();
  }

  /** Forwards nothing, and closes nothing. */
  freeze(): void {
    this.fault = 'frozen';
    for (const { client, server } of this.connections) for (const socket of [client, server]) socket.pause();
  }

  /** Forwards requests, but no answers. */
  loseAnswers(): void {
    this.fault = 'answers lost';
  }

  /** Ends the fault, and closes connections that lost a part of their streams. */
  mend(): void {
    if (this.fault === 'answers lost') this.cut();
    this.fault = 'none';
    for (const { client, server } of this.connections) for (const socket of [client, server]) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, server: Socket): void {
    const connection = { client, server };
    this.connections.add(connection);
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => this.fault !== 'answers lost' && client.write(bytes));
    const end = () => {
      client.destroy();
      server.destroy();
      this.connections.delete(connection);
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    if (this.fault === 'cut') end();
    if (this.fault === 'frozen') for (const socket of [client, server]) socket.pause();
  }
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
}
