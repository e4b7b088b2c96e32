import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EventStore } from '../../event-store/event-store.js';
import type { AppendOutcome, RequestAppends } from '../../event-store/request-appends.js';
import { CLOCK_SKEW, Clock } from '../../kernel/clock.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { loadSecrets } from '../../settings/secrets.js';
import { Config } from '../../settings/settings.js';
import { decrypt, encrypt } from '../../vault/aes.js';
import { isOfOffice } from '../routes/officer.js';
import { type OutcomeView, outcomeView } from './outcome.view.js';
import { type OutcomeQuery, outcomeQuery } from './outcome-query.js';
import type { OutcomeTexts } from './outcome-texts.js';

const KEY_PURPOSE = 'personal-centre outcome of a request';
/** Characters; longer than any token of ours. */
const MAX_TOKEN_LENGTH = 6_000;
/** Milliseconds after the request for which its outcome can be looked up. */
const TOKEN_LIFETIME = 24 * 3_600_000;

/** For routes without texts of their own. */
const DEFAULT_TEXTS: OutcomeTexts = { what: '您的操作', see: { href: '/', text: '打开首页' } };

/**
 * Looks up the outcome of a request whose appends were sent to the log and not answered. The query is an encrypted token in the
 * address, so that only the request's sender can look it up.
 */
@Injectable()
export class CommandOutcomes {
  private readonly key: KeyObject;

  constructor(
    { settings }: Config,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(new Uint8Array(hkdfSync('sha256', loadSecrets(settings).session, '', KEY_PURPOSE, 32)));
  }

  /** The answer to a request that failed after something was sent to the log. */
  viewOfPending(request: FastifyRequest, { unanswered, hasRecorded }: RequestAppends): OutcomeView {
    const { what, see, ...words } = request.routeOptions.config.outcomeTexts ?? DEFAULT_TEXTS;
    const href = see.href.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent((request.params as Readonly<Record<string, string>>)[name] ?? ''));
    const kept: OutcomeQuery = {
      asked: { what, see: { ...see, href }, ...words },
      sent: unanswered,
      hasRecorded,
      request: request.id,
      at: this.clock.now().getTime(),
    };
    return outcomeView(kept, kept.sent.length > 0 ? undefined : [], 0, addressOf(request, this.encodeToken(kept)));
  }

  /** The outcome as the log knows it now; undefined for an invalid or expired token. @param request whose address holds the token */
  async viewOf(token: string, request: Pick<FastifyRequest, 'url'>): Promise<OutcomeView | undefined> {
    const kept = this.decodeToken(token);
    if (!kept) return undefined;
    const age = this.clock.now().getTime() - kept.at;
    if (age > TOKEN_LIFETIME) return undefined;
    // a token from before the clock was set back is looked up, but its page does not poll: its age is unknown
    return outcomeView(kept, await this.lookUp(kept), age < -CLOCK_SKEW ? TOKEN_LIFETIME : age, addressOf(request, token));
  }

  /** Undefined while the log is unavailable. */
  private async lookUp({ sent }: OutcomeQuery): Promise<readonly AppendOutcome[] | undefined> {
    try {
      return await this.events.appendOutcomes(sent);
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }

  private encodeToken(kept: OutcomeQuery): string {
    return encrypt(this.key, KEY_PURPOSE, Buffer.from(JSON.stringify(kept))).toString('base64url');
  }

  private decodeToken(token: string): OutcomeQuery | undefined {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    try {
      return outcomeQuery.safeParse(JSON.parse(decrypt(this.key, KEY_PURPOSE, Buffer.from(token, 'base64url')).toString())).data;
    } catch {
      return undefined; // invalid, or of another secret
    }
  }
}

/** Where an outcome is looked up: an officer stays in the office. */
function addressOf(request: Pick<FastifyRequest, 'url'>, token: string): string {
  return `${isOfOffice(request) ? '/office' : ''}/outcome?of=${token}`;
}
