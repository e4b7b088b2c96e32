import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../../src/kernel/error-code.js';
import { type Kept, keep, keptIn } from './kept.js';
import type { KnownPerson } from './persona.js';
import { providerOf } from './provider.js';

const CLIENT = 'personal-centre';

export interface SandboxOptions {
  /** For what it is known by. */
  readonly folder: string;
  readonly host?: string;
  /** Unset: the one that it had before when that is free, else a free one. */
  readonly port?: number | undefined;
  /** The address that phones and the centre reach it by; unset: host and port. */
  readonly url?: string | undefined;
}

/** What the centre needs to be told to use it, as settings. */
export interface SandboxSettings {
  readonly BJT_ISSUER: string;
  readonly BJT_CLIENT_ID: string;
  readonly BJT_CLIENT_SECRET: string;
}

/** 北京通 for demos and tests: an OpenID Connect provider that believes whatever is chosen on its page. */
export class Sandbox {
  /** Whom its page offers. */
  people: () => readonly KnownPerson[] = () => [];
  /** Where phones find the centre, such as `http://127.0.0.1:3000`, as soon as that is known. */
  centre: string | undefined;

  private constructor(
    private readonly server: Server,
    private readonly stopping: AbortController,
    readonly settings: SandboxSettings,
  ) {}

  static async start({ folder, host = '127.0.0.1', port, url }: SandboxOptions): Promise<Sandbox> {
    const kept = keptIn(folder);
    const server = createServer();
    await (port === undefined ? listenAgain(server, kept, host) : listen(server, host, port));
    const { port: at } = server.address() as AddressInfo;
    if (at !== kept.port) keep(folder, { ...kept, port: at });
    const issuer = url?.replace(/\/+$/, '') ?? `http://${reachable(host)}:${at}`;
    const stopping = new AbortController();
    const settings = { BJT_ISSUER: issuer, BJT_CLIENT_ID: CLIENT, BJT_CLIENT_SECRET: kept.clientSecret };
    const sandbox = new Sandbox(server, stopping, settings);
    const provider = providerOf({ issuer, client: CLIENT, kept, people: () => sandbox.people(), centre: () => sandbox.centre, signal: stopping.signal });
    server.on('request', provider.callback());
    return sandbox;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

/** On the port of the last time, since that is in its name; when another has it now, on a free one. */
async function listenAgain(server: Server, kept: Kept, host: string): Promise<void> {
  try {
    await listen(server, host, kept.port);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    await listen(server, host, 0);
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
