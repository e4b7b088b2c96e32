import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from '../../src/kernel/error-code.js';
import type { KnownPerson } from './persona.js';
import { providerOf } from './provider.js';
import { type SandboxState, sandboxStateIn, saveSandboxState } from './sandbox-state.js';

const CLIENT = 'personal-centre';

export interface SandboxOptions {
  /** For its stored state. */
  readonly folder: string;
  readonly host?: string;
  /** Unset: the port of the last time if it is free, otherwise any free one. */
  readonly port?: number | undefined;
  /** The sandbox's address for phones and the centre; unset: host and port. */
  readonly url?: string | undefined;
}

/** The settings with which the centre uses it. */
export interface SandboxSettings {
  readonly BJT_ISSUER: string;
  readonly BJT_CLIENT_ID: string;
  readonly BJT_CLIENT_SECRET: string;
}

/** 北京通 for demos and tests: an OpenID Connect provider that reports whatever is chosen on its page. */
export class Sandbox {
  /** The people whom its page offers. */
  people: () => readonly KnownPerson[] = () => [];
  /** The centre's address for phones, such as `http://127.0.0.1:3000`, once it is known. */
  centre: string | undefined;

  private constructor(
    private readonly server: Server,
    private readonly stopping: AbortController,
    readonly settings: SandboxSettings,
  ) {}

  static async start({ folder, host = '127.0.0.1', port, url }: SandboxOptions): Promise<Sandbox> {
    const kept = sandboxStateIn(folder);
    const server = createServer();
    await (port === undefined ? listenAgain(server, kept, host) : listen(server, host, port));
    const { port: at } = server.address() as AddressInfo;
    if (at !== kept.port) saveSandboxState(folder, { ...kept, port: at });
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

/** Listens on the port of the last time, which is part of its issuer; if that is taken, on a free one. */
async function listenAgain(server: Server, kept: SandboxState, host: string): Promise<void> {
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
