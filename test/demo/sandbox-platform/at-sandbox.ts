import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox } from '../../../demo/sandbox-platform/sandbox.js';
import { configuredPaymentPlatform } from '../../../src/payments/platform/configured-payment-platform.js';
import type { HttpsPaymentPlatform } from '../../../src/payments/platform/https.payment-platform.js';
import type { Order, RawNotification } from '../../../src/payments/platform/payment-platform.js';
import { SetClock } from '../../centre.js';

/** Where the phone is sent back to; nobody listens there. */
export const RETURN = 'http://127.0.0.1:1/payments/return?bill=20261122000001';

/** A sandbox platform on a folder of its own, the centre's side of it, and a clock for both. */
export class AtSandbox {
  private constructor(
    readonly folder: string,
    readonly clock: SetClock,
    public sandbox: Sandbox,
    public platform: HttpsPaymentPlatform,
  ) {}

  static async open(): Promise<AtSandbox> {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const clock = new SetClock(new Date('2026-11-22T02:00:00.000Z'));
    const sandbox = await Sandbox.start({ folder, now: () => clock.now() });
    return new AtSandbox(folder, clock, sandbox, configuredPaymentPlatform(sandbox.settings, clock) as HttpsPaymentPlatform);
  }

  /** As after a crash: on the same folder, with whatever keys are in it now. The centre's side stays as it was. */
  async restart(): Promise<void> {
    await this.sandbox.close();
    this.sandbox = await Sandbox.start({ folder: this.folder, now: () => this.clock.now() });
  }

  /** A centre that has read its settings anew. */
  newPlatform(): HttpsPaymentPlatform {
    return configuredPaymentPlatform(this.sandbox.settings, this.clock) as HttpsPaymentPlatform;
  }

  /** An order of now for a quarter of an hour. */
  order(given: Partial<Order> = {}): Order {
    const begunAt = this.clock.now().toISOString();
    return { order: '2026112200000101', fen: 9_000, title: '自学考试报考费', begunAt, endsAt: this.later(900), ...given };
  }

  /** The instant so many seconds from now. */
  later(seconds: number): string {
    return new Date(this.clock.now().getTime() + seconds * 1_000).toISOString();
  }

  pass(seconds: number): void {
    this.clock.time = new Date(this.later(seconds));
  }

  /** The phone's GET, or with a button pressed its POST; the answer as it is, redirects not followed. */
  async phone(address: string, button?: string): Promise<{ status: number; location: string | null; text: string }> {
    const form = button === undefined ? {} : { method: 'POST', body: new URLSearchParams({ do: button }) };
    const answer = await fetch(address, { ...form, redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  }

  /** Goes to the platform with an order and presses a button. */
  async press(button: string, given: Partial<Order> = {}) {
    const address = this.platform.create(this.order(given), RETURN);
    await this.phone(address);
    return this.phone(address, button);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Where the centre takes notifications: keeps them all, and answers what it is told to. */
export class Listener {
  readonly heard: RawNotification[] = [];
  /** What is answered, the first first; when there is no more of it, success. */
  readonly answers: { readonly status: number; readonly text: string }[] = [];

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async open(): Promise<Listener> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listener = new Listener(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', async (request, response) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of request) pieces.push(piece as Uint8Array);
      const { status, text } = listener.answers.shift() ?? { status: 200, text: 'success' };
      listener.heard.push({ headers: ownHeaders(request.headers), body: Buffer.concat(pieces) });
      response.writeHead(request.url === '/payments/notify' ? status : 404).end(text);
    });
    return listener;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function ownHeaders(headers: IncomingHttpHeaders): RawNotification['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('payment-')));
}
