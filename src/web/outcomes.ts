import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EventStore } from '../event-store/event-store.js';
import type { Outcome, Sending } from '../event-store/sending.js';
import { CLOCK_SKEW, Clock } from '../kernel/clock.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { secretsOf } from '../settings/secrets.js';
import { Config } from '../settings/settings.js';
import { decrypt, encrypt } from '../vault/aes.js';
import type { Asked } from './asks.js';
import { type OutcomeView, outcomeView } from './outcome.view.js';
import { type Question, question } from './question.js';

const USE = 'personal-centre outcome of a request';
/** Larger than any that is ours. */
const LONGEST_TOKEN = 6_000;
/** Milliseconds that an outcome can be looked up after the request. */
const KEPT = 24 * 3_600_000;

/** A page whose route says nothing of what is asked for. */
const SOMETHING: Asked = { what: '您的操作', see: { href: '/', text: '打开首页' } };

/**
 * Looks up what came of a request of which something was handed to the log and not answered. The question is in the address, sealed:
 * whoever got the answer to the request can ask, and nobody else.
 */
@Injectable()
export class Outcomes {
  private readonly key: KeyObject;

  constructor(
    { settings }: Config,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(new Uint8Array(hkdfSync('sha256', secretsOf(settings).session, '', USE, 32)));
  }

  /** What a request is answered that has failed after something was handed to the log. */
  begun(request: FastifyRequest, { unanswered, hasRecorded }: Sending): OutcomeView {
    const { what, see, ...words } = request.routeOptions.config.asks ?? SOMETHING;
    const href = see.href.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent((request.params as Readonly<Record<string, string>>)[name] ?? ''));
    const kept: Question = {
      asked: { what, see: { ...see, href }, ...words },
      sent: unanswered,
      hasRecorded,
      request: request.id,
      at: this.clock.now().getTime(),
    };
    return outcomeView(kept, kept.sent.length > 0 ? undefined : [], 0, this.sealed(kept));
  }

  /** The same, as the log knows it now; undefined for what is no question of ours, or an old one. */
  async of(token: string): Promise<OutcomeView | undefined> {
    const kept = this.opened(token);
    if (!kept) return undefined;
    const age = this.clock.now().getTime() - kept.at;
    if (age > KEPT) return undefined;
    // one of before the clock was set back is looked up, and does not ask by itself: how old it is cannot be told
    return outcomeView(kept, await this.lookedUp(kept), age < -CLOCK_SKEW ? KEPT : age, token);
  }

  /** Undefined while the log does not say. */
  private async lookedUp({ sent }: Question): Promise<readonly Outcome[] | undefined> {
    try {
      return await this.events.outcomes(sent);
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }

  private sealed(kept: Question): string {
    return encrypt(this.key, USE, Buffer.from(JSON.stringify(kept))).toString('base64url');
  }

  private opened(token: string): Question | undefined {
    if (token.length > LONGEST_TOKEN) return undefined;
    try {
      return question.safeParse(JSON.parse(decrypt(this.key, USE, Buffer.from(token, 'base64url')).toString())).data;
    } catch {
      return undefined; // not ours, or of another secret: as if nothing had been asked
    }
  }
}
