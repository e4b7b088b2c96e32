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
/** Milliseconds for a visit to the platform, and for the choice of an admission number after it. */
const VISIT_LIFETIME = 600_000;
const CHOICE_LIFETIME = 300_000;
/** Visits of one browser at the same time, each in its own tab: all their cookies come with each request. */
const MAX_VISITS = 4;
/** Characters; longer than any cookie of ours. */
const MAX_COOKIE_LENGTH = 4_000;
const MAX_REMEMBERED = 100_000;
/** Characters of the state's hash in a cookie's name. */
const NAME_LENGTH = 16;

const once = { id: z.string(), ends: z.number() };
const visits = z.object({ kept: z.string(), to: z.string().optional(), ...once });
const ways = z.enum(['bjt', 'password']);
const choices = z.object({ way: ways, ids: z.array(z.string()), shown: z.number(), passwords: z.array(z.string()).optional(), ...once });

/** A visit to the platform; `kept` is for SingleSignOn. */
type Visit = Omit<z.infer<typeof visits>, keyof typeof once>;
/**
 * An authenticated person is to choose one of these candidates. `way` and `shown`: how and when (milliseconds) the person has proved who
 * it is; `passwords`: in the candidates' order, the events by which the passwords were set that were used.
 */
type Choice = Omit<z.infer<typeof choices>, keyof typeof once>;
type Way = z.infer<typeof ways>;
type Once<T> = T & { readonly id: string; readonly ends: number };

/**
 * The state of a sign-in between two requests: visits to 北京通, and choices among several admission numbers. It is in encrypted cookies
 * that are valid for a few minutes and once, also when they were copied: web processes tell one another which were used.
 */
@Injectable()
export class SignInState {
  private readonly cookie: string;
  private readonly choiceOf: Readonly<Record<Way, string>>;
  private readonly used = lruCache<true>(MAX_REMEMBERED);
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

  /** Begins a visit to the platform. Those of other tabs go on; of too many the oldest are forgotten. */
  beginVisit(request: FastifyRequest, reply: FastifyReply, state: string, visit: Visit): void {
    const names = Object.keys(request.cookies).filter((name) => name.startsWith(`${this.cookie}-`));
    const open = names.map((name) => ({ name, ends: this.read(request, name, visits)?.ends ?? 0 })).toSorted((one, other) => other.ends - one.ends);
    for (const { name } of open.filter(({ ends }, at) => ends === 0 || at >= MAX_VISITS - 1)) reply.clearCookie(name, ATTRIBUTES);
    this.keep(reply, this.nameOf(state), visit, VISIT_LIFETIME);
  }

  /** Ends the visit with this state, if this browser began it, it has not expired, and it was not ended before. */
  endVisit(request: FastifyRequest, reply: FastifyReply, state: string): Visit | undefined {
    return this.end(reply, this.nameOf(state), this.read(request, this.nameOf(state), visits));
  }

  beginChoice(reply: FastifyReply, choice: Choice): void {
    this.keep(reply, this.choiceOf[choice.way], choice, CHOICE_LIFETIME);
  }

  /** The choice after 北京通, until `endChoice`: its page can be shown again. */
  openChoice(request: FastifyRequest): Choice | undefined {
    return this.read(request, this.choiceOf.bjt, choices);
  }

  /** Ends a choice, once. One of the other way, in another tab, goes on. */
  endChoice(request: FastifyRequest, reply: FastifyReply, way: Way): Choice | undefined {
    return this.end(reply, this.choiceOf[way], this.read(request, this.choiceOf[way], choices));
  }

  /** Ends all choices, because somebody has signed in. */
  endChoices(request: FastifyRequest, reply: FastifyReply): void {
    for (const way of ways.options) if (request.cookies[this.choiceOf[way]] !== undefined) this.endChoice(request, reply, way);
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

  /** A cookie that expires later than any can was made before the clock was set back: it is ignored, for it would be valid too long. */
  private read<T>(request: FastifyRequest, name: string, schema: z.ZodType<Once<T>>): Once<T> | undefined {
    const value = request.cookies[name] ?? '';
    if (value === '' || value.length > MAX_COOKIE_LENGTH) return undefined;
    const kept = schema.safeParse(this.opened(name, value)).data;
    const left = kept ? kept.ends - this.clock.now().getTime() : 0;
    return kept && left > 0 && left <= VISIT_LIFETIME + CLOCK_SKEW && !this.used.has(kept.id) ? kept : undefined;
  }

  private opened(name: string, value: string): unknown {
    try {
      return JSON.parse(decrypt(this.keys.visit, name, Buffer.from(value, 'base64url')).toString());
    } catch {
      return undefined; // forged, or encrypted with another secret
    }
  }
}
