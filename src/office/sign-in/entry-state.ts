import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { Clock } from '../../kernel/clock.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { Config } from '../../settings/settings.js';
import { decrypt, encrypt } from '../../vault/aes.js';
import type { Sealed } from '../../vault/vault.js';

const ATTRIBUTES = { path: '/office/login', httpOnly: true, sameSite: 'strict' } as const;
/** Milliseconds from the password to the second factor: enough to install an app. */
const LIFETIME = 10 * 60_000;
const MAX_LENGTH = 4_000;

const entries = z.object({
  account: z.string(),
  password: z.custom<Sealed<PasswordHash>>((value) => typeof value === 'string'),
  secret: z.string(),
  ends: z.number(),
});

/** An officer whose password was right: which it was, as recorded, and the secret of TOTP that is enrolled where there is none yet. */
export type Entry = Omit<z.infer<typeof entries>, 'ends'>;

/** The state between password and second factor, in an encrypted cookie. It lets nobody in without the factor, each code of which counts once. */
@Injectable()
export class EntryState {
  private readonly cookie: string;

  constructor(
    { secure }: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {
    this.cookie = secure ? '__Secure-office-entry' : 'office-entry';
  }

  begin(reply: FastifyReply, entry: Entry): void {
    const text = JSON.stringify({ ...entry, ends: this.clock.now().getTime() + LIFETIME });
    const value = encrypt(this.keys.officeEntry, this.cookie, Buffer.from(text)).toString('base64url');
    reply.setCookie(this.cookie, value, { ...ATTRIBUTES, maxAge: LIFETIME / 1000 });
  }

  read(request: FastifyRequest): Entry | undefined {
    const value = request.cookies[this.cookie] ?? '';
    if (value === '' || value.length > MAX_LENGTH) return undefined;
    const entry = entries.safeParse(this.opened(value)).data;
    const left = entry ? entry.ends - this.clock.now().getTime() : 0;
    return left > 0 && left <= LIFETIME ? entry : undefined;
  }

  end(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, ATTRIBUTES);
  }

  private opened(value: string): unknown {
    try {
      return JSON.parse(decrypt(this.keys.officeEntry, this.cookie, Buffer.from(value, 'base64url')).toString());
    } catch {
      return undefined; // forged, or encrypted with another secret
    }
  }
}
