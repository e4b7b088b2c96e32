import { createConnection, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, and then its thread sleeps: nobody accepts a connection any more. */
const LISTENING = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;
/** More than the system keeps in the queue of one that listens with a backlog of 1. */
const QUEUED = 4;

/** A host that drops whatever comes, as one that is powered off or behind a firewall: a connection to it is neither made nor refused. */
export class SilentHost {
  private constructor(
    readonly port: number,
    private readonly thread: Worker,
    private readonly queued: readonly Socket[],
  ) {}

  static async start(): Promise<SilentHost> {
    const thread = new Worker(LISTENING, { eval: true });
    const port = await new Promise<number>((resolve, reject) => thread.once('message', resolve).once('error', reject));
    const queued = Array.from({ length: QUEUED }, () => createConnection({ port, host: '127.0.0.1' }).on('error', () => undefined));
    // the first are taken by the queue, and when it is full, nothing is answered to the next
    await new Promise((resolve) => queued[0]?.once('connect', resolve));
    return new SilentHost(port, thread, queued);
  }

  async stop(): Promise<void> {
    for (const socket of this.queued) socket.destroy();
    await this.thread.terminate();
  }
}
