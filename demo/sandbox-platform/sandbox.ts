import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { z } from 'zod';
import { errorCode } from '../../src/kernel/error-code.js';
import { LARGEST_BODY } from '../../src/payments/platform/platform-protocol.js';
import { Book } from './book.js';
import { dailyFile } from './daily-file.js';
import { type SandboxKeys, sandboxKeys } from './keys.js';
import { Notifier } from './notifier.js';
import { showPhone } from './phone.js';
import { Platform } from './platform.js';
import { answerServerCalls } from './server-calls.js';

const MERCHANT = 'SANDBOX';

export interface SandboxOptions {
  /** For its keys and its book. */
  readonly folder: string;
  readonly host?: string;
  /** Unset: the one that it had before when that is free, else a free one. */
  readonly port?: number | undefined;
  /** The address that phones and the centre reach it by; unset: host and port. */
  readonly url?: string | undefined;
  readonly now?: () => Date;
}

/** What the centre needs to be told to use it, as settings. */
export interface SandboxSettings {
  readonly PAYMENT_PLATFORM_URL: string;
  readonly PAYMENT_MERCHANT: string;
  readonly PAYMENT_KEY_FILE: string;
  readonly PAYMENT_PLATFORM_KEY_FILE: string;
}

/** A payment platform for demos and tests that speaks docs/payment-platform.md and takes nobody's money. */
export class Sandbox {
  /** Where phones find the centre, such as `http://127.0.0.1:3000`, as soon as that is known. */
  centre: string | undefined;

  private constructor(
    private readonly server: FastifyInstance,
    private readonly book: Book,
    private readonly notifier: Notifier,
    /** What is done at the platform, for tests that have no phone. */
    readonly platform: Platform,
    readonly settings: SandboxSettings,
  ) {}

  static async start({ folder, host = '127.0.0.1', port, url, now = () => new Date() }: SandboxOptions): Promise<Sandbox> {
    const keys = sandboxKeys(folder);
    const book = new Book(join(folder, 'book.sqlite'));
    const platform = new Platform(book, MERCHANT, now);
    try {
      const known: { sandbox?: Sandbox } = {};
      const make = () => createServer({ book, platform, keys, now, centre: () => known.sandbox?.centre });
      const server = await (port === undefined ? listenAgain(make, book, host) : listen(make, host, port));
      const { port: at } = server.server.address() as AddressInfo;
      if (book.kept('port') !== String(at)) book.keep('port', String(at));
      const settings: SandboxSettings = {
        PAYMENT_PLATFORM_URL: url ?? `http://${reachable(host)}:${at}`,
        PAYMENT_MERCHANT: MERCHANT,
        PAYMENT_KEY_FILE: keys.merchantFile,
        PAYMENT_PLATFORM_KEY_FILE: keys.platformPublicFile,
      };
      known.sandbox = new Sandbox(server, book, new Notifier(book, platform, keys.platform, now), platform, settings);
      return known.sandbox;
    } catch (error) {
      book.close();
      throw error;
    }
  }

  /** From now on the centre is told what happens, what happened before included. @param centre such as `http://127.0.0.1:3000` */
  notify(centre: string): void {
    this.notifier.address = `${centre.replace(/\/+$/, '')}/payments/notify`;
  }

  async close(): Promise<void> {
    await this.notifier.stop();
    await this.server.close();
    this.book.close();
  }
}

interface ServerPorts {
  readonly book: Book;
  readonly platform: Platform;
  readonly keys: SandboxKeys;
  readonly now: () => Date;
  readonly centre: () => string | undefined;
}

function createServer({ book, platform, keys, now, centre }: ServerPorts): FastifyInstance {
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
    return reply.type('text/csv; charset=utf-8').send(dailyFile(book, day.data, now()));
  });
  return server;
}

async function listen(make: () => FastifyInstance, host: string, port: number): Promise<FastifyInstance> {
  const server = make();
  await server.listen({ host, port });
  return server;
}

/** On the port of the last time, since phones may have an address with it open; when another has it now, on a free one. */
async function listenAgain(make: () => FastifyInstance, book: Book, host: string): Promise<FastifyInstance> {
  try {
    return await listen(make, host, Number(book.kept('port') ?? 0));
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    return listen(make, host, 0);
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
