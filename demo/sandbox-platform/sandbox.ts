import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { z } from 'zod';
import { errorCode } from '../../src/kernel/error-code.js';
import { LARGEST_BODY } from '../../src/payments/platform/platform-protocol.js';
import { dailyFile } from './daily-file.js';
import { type SandboxKeys, sandboxKeys } from './keys.js';
import { Notifier } from './notifier.js';
import { showPhone } from './phone.js';
import { Platform } from './platform.js';
import { PlatformStore } from './platform-store.js';
import { answerServerCalls } from './server-calls.js';

const MERCHANT = 'SANDBOX';

export interface SandboxOptions {
  /** For its stored keys and data. */
  readonly folder: string;
  readonly host?: string;
  /** Unset: the port of the last time if it is free, otherwise any free one. */
  readonly port?: number | undefined;
  /** The sandbox's address for phones and the centre; unset: host and port. */
  readonly url?: string | undefined;
  readonly now?: () => Date;
}

/** The settings with which the centre uses it. */
export interface SandboxSettings {
  readonly PAYMENT_PLATFORM_URL: string;
  readonly PAYMENT_MERCHANT: string;
  readonly PAYMENT_KEY_FILE: string;
  readonly PAYMENT_PLATFORM_KEY_FILE: string;
}

/** A payment platform for demos and tests that speaks docs/payment-platform.md and takes nobody's money. */
export class Sandbox {
  /** The centre's address for phones, such as `http://127.0.0.1:3000`, once it is known. */
  centre: string | undefined;

  private constructor(
    private readonly server: FastifyInstance,
    private readonly store: PlatformStore,
    private readonly notifier: Notifier,
    /** For tests without a phone. */
    readonly platform: Platform,
    readonly settings: SandboxSettings,
  ) {}

  static async start({ folder, host = '127.0.0.1', port, url, now = () => new Date() }: SandboxOptions): Promise<Sandbox> {
    const keys = sandboxKeys(folder);
    const store = new PlatformStore(join(folder, 'book.sqlite'));
    const platform = new Platform(store, MERCHANT, now);
    try {
      const known: { sandbox?: Sandbox } = {};
      const make = () => createServer({ store, platform, keys, now, centre: () => known.sandbox?.centre });
      const server = await (port === undefined ? listenAgain(make, store, host) : listen(make, host, port));
      const { port: at } = server.server.address() as AddressInfo;
      if (store.value('port') !== String(at)) store.setValue('port', String(at));
      const settings: SandboxSettings = {
        PAYMENT_PLATFORM_URL: url ?? `http://${reachable(host)}:${at}`,
        PAYMENT_MERCHANT: MERCHANT,
        PAYMENT_KEY_FILE: keys.merchantFile,
        PAYMENT_PLATFORM_KEY_FILE: keys.platformPublicFile,
      };
      known.sandbox = new Sandbox(server, store, new Notifier(store, platform, keys.platform, now), platform, settings);
      return known.sandbox;
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Starts notifying the centre, also about earlier payments. @param centre such as `http://127.0.0.1:3000` */
  notify(centre: string): void {
    this.notifier.address = `${centre.replace(/\/+$/, '')}/payments/notify`;
  }

  async close(): Promise<void> {
    await this.notifier.stop();
    await this.server.close();
    this.store.close();
  }
}

interface ServerPorts {
  readonly store: PlatformStore;
  readonly platform: Platform;
  readonly keys: SandboxKeys;
  readonly now: () => Date;
  readonly centre: () => string | undefined;
}

function createServer({ store, platform, keys, now, centre }: ServerPorts): FastifyInstance {
  const server = fastify({ bodyLimit: LARGEST_BODY, forceCloseConnections: true, requestTimeout: 30_000 });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  const shared = { platform, merchant: MERCHANT, merchantKeys: keys.merchantPublic, now };
  showPhone(server, { ...shared, centre });
  answerServerCalls(server, { ...shared, keys: keys.platform });
  server.get('/days/:file', async (request, reply) => {
    const { file } = request.params as { file: string };
    const day = z.iso.date().safeParse(file.replace(/\.csv$/, ''));
    if (platform.isDown) return reply.code(503).send();
    if (!day.success || !file.endsWith('.csv')) return reply.code(404).send();
    return reply.type('text/csv; charset=utf-8').send(dailyFile(store, day.data, now()));
  });
  return server;
}

async function listen(make: () => FastifyInstance, host: string, port: number): Promise<FastifyInstance> {
  const server = make();
  await server.listen({ host, port });
  return server;
}

/** Listens on the port of the last time, since phones may have its pages open; if that is taken, on a free one. */
async function listenAgain(make: () => FastifyInstance, store: PlatformStore, host: string): Promise<FastifyInstance> {
  try {
    return await listen(make, host, Number(store.value('port') ?? 0));
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    return listen(make, host, 0);
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
