import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Clock } from '../clock.js';
import { Config } from '../config.js';
import { type Channel, Siblings } from '../processes/siblings.js';
import { decrypt, encrypt } from '../vault/aes.js';
import { SessionKeys } from './session-keys.js';

const PATH = '/login';
/** Milliseconds from going to the platform until coming back, and from then until an admission number is chosen. */
const VISIT_LASTS = 600_000;
const CHOICE_LASTS = 300_000;
/** Larger than any that is ours. */
const LONGEST_COOKIE = 4_000;
const MOST_REMEMBERED = 100_000;

const once = { id: z.string(), ends: z.number() };
const cookies = z.discriminatedUnion('at', [
  z.object({ at: z.literal('platform'), kept: z.string(), to: z.string().optional(), ...once }),
  z.object({ at: z.literal('choice'), way: z.enum(['bjt', 'password']), ids: z.array(z.string()), shown: z.number(), ...once }),
]);

type Cookie = z.infer<typeof cookies>;
/** A browser is at the platform; `kept` is the platform's business. */
type AtPlatform = Omit<Extract<Cookie, { at: 'platform' }>, keyof typeof once>;
/** A person who is known is to choose one of these candidates; `way` and `shown`: by what, and since when (milliseconds). */
type AtChoice = Omit<Extract<Cookie, { at: 'choice' }>, keyof typeof once>;

/**
 * What a browser keeps of its way in, of a visit to 北京通 or until one of several numbers is chosen: a cookie that only this server
 * can read or make, for the addresses of logging in alone, for a few minutes, and good once, also for who has copied it. Web processes of one centre know together which were used.
 */
@Injectable()
export class Visits {
  private readonly cookie: string;
  private readonly used = new LRUCache<string, true>({ max: MOST_REMEMBERED });
  private readonly others: Channel<string>;

  constructor(
    { secure }: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
    siblings: Siblings,
  ) {
    this.cookie = secure ? '__Secure-visit' : 'visit';
    this.others = siblings.channel('visits used');
    this.others.hear((id) => this.used.set(id, true));
  }

  begin(reply: FastifyReply, visit: AtPlatform | AtChoice): void {
    const lasts = visit.at === 'platform' ? VISIT_LASTS : CHOICE_LASTS;
    const text = JSON.stringify({ ...visit, id: randomUUID(), ends: this.clock.now().getTime() + lasts });
    const value = encrypt(this.keys.visit, this.cookie, Buffer.from(text)).toString('base64url');
    reply.setCookie(this.cookie, value, { ...this.attributes(), maxAge: lasts / 1000 });
  }

  /** Back from the platform: what was begun, if it was here, a short while ago, and only now comes to its end. */
  ended(request: FastifyRequest, reply: FastifyReply): AtPlatform | undefined {
    const visit = this.read(request);
    this.end(reply, visit);
    return visit?.at === 'platform' ? visit : undefined;
  }

  /** Who may be chosen from. It stays so until `chosen`: a page can be shown again. */
  choosing(request: FastifyRequest): AtChoice | undefined {
    const visit = this.read(request);
    return visit?.at === 'choice' ? visit : undefined;
  }

  chosen(request: FastifyRequest, reply: FastifyReply): AtChoice | undefined {
    const visit = this.read(request);
    this.end(reply, visit);
    return visit?.at === 'choice' ? visit : undefined;
  }

  private end(reply: FastifyReply, visit: Cookie | undefined): void {
    reply.clearCookie(this.cookie, this.attributes());
    if (!visit) return;
    this.used.set(visit.id, true);
    this.others.tell(visit.id);
  }

  private read(request: FastifyRequest): Cookie | undefined {
    const value = request.cookies[this.cookie] ?? '';
    if (value === '' || value.length > LONGEST_COOKIE) return undefined;
    const visit = cookies.safeParse(this.opened(value)).data;
    return visit && visit.ends > this.clock.now().getTime() && !this.used.has(visit.id) ? visit : undefined;
  }

  private opened(value: string): unknown {
    try {
      return JSON.parse(decrypt(this.keys.visit, this.cookie, Buffer.from(value, 'base64url')).toString());
    } catch {
      return undefined; // not ours, or of another secret: as if there were none
    }
  }

  private attributes() {
    return { path: PATH, httpOnly: true, sameSite: 'lax' } as const;
  }
}
