import { randomUUID } from 'node:crypto';
import { log } from '../../src/kernel/log.js';
import type { PlatformKeys } from '../../src/payments/platform/platform-keys.js';
import { KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER } from '../../src/payments/platform/platform-protocol.js';
import { signatureOf, signedBytes } from '../../src/payments/platform/platform-signature.js';
import type { Platform } from './platform.js';
import type { PendingNotification, PlatformStore } from './platform-store.js';

/** Milliseconds. */
const LOOK = 100;
const TIME_LIMIT = 5_000;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 3_600_000;
const GIVEN_UP = 24 * 3_600_000;

/** Notifies the merchant until it answers success: again after 2 s, 4 s, 8 s … up to an hour, for a day. */
export class Notifier {
  private readonly timer: NodeJS.Timeout;
  private readonly stopping = new AbortController();
  private round: Promise<void> | undefined;
  /** The merchant's address for notifications; they wait until it is known. */
  address: string | undefined;

  constructor(
    private readonly store: PlatformStore,
    private readonly platform: Platform,
    private readonly keys: PlatformKeys,
    private readonly now: () => Date,
  ) {
    this.timer = setInterval(() => this.look(), LOOK);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.round;
  }

  private look(): void {
    this.round ??= this.tell()
      .catch((error: unknown) => log.error({ err: error }, 'the sandbox platform could not notify'))
      .finally(() => {
        this.round = undefined;
      });
  }

  private async tell(): Promise<void> {
    this.platform.closeOverdue();
    if (!this.address || this.platform.isDown) return;
    for (const waiting of this.store.dueNotifications(this.now().toISOString())) {
      if (this.stopping.signal.aborted) return;
      const isTold = await this.send(this.address, waiting.body);
      if (this.stopping.signal.aborted) return; // repeated after the next start
      if (isTold || this.isGivenUp(waiting)) this.store.endNotification(waiting.id);
      else this.store.postponeNotification(waiting.id, this.nextTry(waiting));
    }
  }

  private async send(address: string, text: string): Promise<boolean> {
    const [key] = this.keys;
    const body = Buffer.from(text);
    const time = String(this.now().getTime());
    const nonce = randomUUID();
    const signature = signatureOf(key, signedBytes('notification', [time, nonce], body));
    const headers = { 'content-type': 'application/json', [KEY_HEADER]: key.id, [TIME_HEADER]: time, [NONCE_HEADER]: nonce, [SIGNATURE_HEADER]: signature };
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(TIME_LIMIT)]);
      const answer = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'error' });
      const reply = await answer.text();
      return answer.status === 200 && reply === 'success';
    } catch (error) {
      log.debug({ err: error }, 'the centre did not take a notification of the sandbox platform');
      return false;
    }
  }

  private isGivenUp({ firstDue }: PendingNotification): boolean {
    return this.now().getTime() > Date.parse(firstDue) + GIVEN_UP;
  }

  private nextTry({ tries }: PendingNotification): string {
    return new Date(this.now().getTime() + Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE)).toISOString();
  }
}
