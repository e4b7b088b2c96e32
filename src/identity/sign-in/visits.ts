import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOCK_SKEW, Clock } from '../../kernel/clock.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { type Channel, PeerProcesses } from '../../processes/peer-processes.js';
import { Config } from '../../settings/settings.js';
import { decrypt, encrypt } from '../../vault/aes.js';
import { SessionKeys } from '../sessions/session-keys.js';

const ATTRIBUTES = { path: '/login', httpOnly: true, sameSite: 'lax' } as const;
/** Milliseconds from going to the platform until coming back, and from then until an admission number is chosen. */
const VISIT_LASTS = 600_000;
const CHOICE_LASTS = 300_000;
/** Of one browser at the same time, each in a tab of its own: all their cookies come with each request. */
const MOST_VISITS = 4;
/** Larger than any that is ours. */
const LONGEST_COOKIE = 4_000;
const MOST_REMEMBERED = 100_000;
/** Of a hash of the state, in base64url. */
const NAME_LENGTH = 16;

const once = { id: z.string(), ends: z.number() };
const visits = z.object({ kept: z.string(), to: z.string().optional(), ...once });
const ways = z.enum(['bjt', 'password']);
const choices = z.object({ way: ways, ids: z.array(z.string()), shown: z.number(), passwords: z.array(z.string()).optional(), ...once });

/** A browser is at the platform; `kept` is the platform's business. */
type Visit = Omit<z.infer<typeof visits>, keyof typeof once>;
/**
 * A person who is known is to choose one of these candidates; `way` and `shown`: by what, and since when (milliseconds); `passwords`: of
 * each candidate, in their order, the event by which the password was set that was right.
 */
type Choice = Omit<z.infer<typeof choices>, keyof typeof once>;
type Way = z.infer<typeof ways>;
type Once<T> = T & { readonly id: string; readonly ends: number };

/**
 * What a browser keeps of its way in, of each visit to 北京通 under the visit's state, and for each way until one of several numbers is chosen:
 * cookies that only this server can read or make, for the addresses of logging in alone, for a few minutes, and good once, also for
 * who has copied them. Web processes of one centre know together which were used.
 */
@Injectable()
export class Visits {
  private readonly cookie: string;
  private readonly choiceOf: Readonly<Record<Way, string>>;
  private readonly used = lruCache<true>(MOST_REMEMBERED);
  private readonly others: Channel<string>;

  constructor(
    { secure }: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
    peers: PeerProcesses,
  ) {
    const prefix = secure ? '__Secure-' : '';
    this.cookie = `${prefix}visit`;
    this.choiceOf = { bjt: `${prefix}choice-bjt`, password: `${prefix}choice-password` };
    this.others = peers.channel('visits used');
    this.others.onMessage((id) => this.used.set(id, true));
  }

  /** To the platform. Visits of other tabs go on; of too many the oldest are forgotten. */
  begin(request: FastifyRequest, reply: FastifyReply, state: string, visit: Visit): void {
    const names = Object.keys(request.cookies).filter((name) => name.startsWith(`${this.cookie}-`));
    const open = names.map((name) => ({ name, ends: this.read(request, name, visits)?.ends ?? 0 })).toSorted((one, other) => other.ends - one.ends);
    for (const { name } of open.filter(({ ends }, at) => ends === 0 || at >= MOST_VISITS - 1)) reply.clearCookie(name, ATTRIBUTES);
    this.keep(reply, this.nameOf(state), visit, VISIT_LASTS);
  }

  /** Back from the platform: the visit of this state, if it was begun here, a short while ago, and only now comes to its end. */
  ended(request: FastifyRequest, reply: FastifyReply, state: string): Visit | undefined {
    return this.end(reply, this.nameOf(state), this.read(request, this.nameOf(state), visits));
  }

  beginChoice(reply: FastifyReply, choice: Choice): void {
    this.keep(reply, this.choiceOf[choice.way], choice, CHOICE_LASTS);
  }

  /** Who may be chosen from after 北京通. It stays so until `chosen`: a page can be shown again. */
  choosing(request: FastifyRequest): Choice | undefined {
    return this.read(request, this.choiceOf.bjt, choices);
  }

  /** A choice of the other way, in another tab, goes on. */
  chosen(request: FastifyRequest, reply: FastifyReply, way: Way): Choice | undefined {
    return this.end(reply, this.choiceOf[way], this.read(request, this.choiceOf[way], choices));
  }

  /** Somebody has entered: no choice of before waits any more. */
  endChoices(request: FastifyRequest, reply: FastifyReply): void {
    for (const way of ways.options) if (request.cookies[this.choiceOf[way]] !== undefined) this.chosen(request, reply, way);
  }

  private nameOf(state: string): string {
    return `${this.cookie}-${createHash('sha256').update(state).digest('base64url').slice(0, NAME_LENGTH)}`;
  }

  private keep(reply: FastifyReply, name: string, what: Visit | Choice, lasts: number): void {
    const text = JSON.stringify({ ...what, id: randomUUID(), ends: this.clock.now().getTime() + lasts });
    const value = encrypt(this.keys.visit, name, Buffer.from(text)).toString('base64url');
    reply.setCookie(name, value, { ...ATTRIBUTES, maxAge: lasts / 1000 });
  }

  private end<T>(reply: FastifyReply, name: string, kept: Once<T> | undefined): T | undefined {
    reply.clearCookie(name, ATTRIBUTES);
    if (!kept) return undefined;
    this.used.set(kept.id, true);
    this.others.send(kept.id);
    return kept;
  }

  /** One that ends later than any can was made before the clock was set back: it would be good for too long. */
  private read<T>(request: FastifyRequest, name: string, schema: z.ZodType<Once<T>>): Once<T> | undefined {
    const value = request.cookies[name] ?? '';
    if (value === '' || value.length > LONGEST_COOKIE) return undefined;
    const kept = schema.safeParse(this.opened(name, value)).data;
    const left = kept ? kept.ends - this.clock.now().getTime() : 0;
    return kept && left > 0 && left <= VISIT_LASTS + CLOCK_SKEW && !this.used.has(kept.id) ? kept : undefined;
  }

  private opened(name: string, value: string): unknown {
    try {
      return JSON.parse(decrypt(this.keys.visit, name, Buffer.from(value, 'base64url')).toString());
    } catch {
      return undefined; // not ours, or of another secret: as if there were none
    }
  }
}
