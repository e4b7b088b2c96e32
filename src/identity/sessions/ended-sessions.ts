import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { candidate as candidates } from '../../../projections/candidate.js';
import { endedSessions } from '../../../projections/ended-sessions.js';
import { type Position, type Recorded, START } from '../../event-store/event.js';
import { type EventPage, EventStore } from '../../event-store/event-store.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { Clock } from '../../kernel/clock.js';
import { log } from '../../kernel/log.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { IdentityEvent } from '../identity.events.js';
import { ACCESS_LEVEL_EVENTS, AccessLevels } from './access-levels.js';

const FILTER = { types: ['SignedOut', ...ACCESS_LEVEL_EVENTS] };
const PAGE = 5_000;
/** Milliseconds until the log is asked again after it did not answer. */
const AGAIN = 1_000;

/**
 * Which sessions have ended before their time, in whatever process: before this one followed the log by the read model,
 * from then on by the log itself. It hears on the way of what changes a candidate's level.
 */
@Injectable()
export class EndedSessions implements OnModuleDestroy {
  /**
   * Session to when its cookies are refused anyway, in milliseconds of the monotonic clock: by one that goes ahead and is set back,
   * sessions that have ended would be forgotten too early.
   */
  private readonly ended = new Map<string, number>();
  private position: Position = START;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private sweptAt = 0;
  /** Why the log cannot be followed, as it was said last. */
  private said: string | undefined;

  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly accessLevels: AccessLevels,
    private readonly clock: Clock,
  ) {}

  /** Resolves once it has caught up with the log, which it follows from then on. */
  async start(): Promise<void> {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.position = await this.readModels.position([endedSessions, candidates]);
    let end = false;
    while (!end && !signal.aborted) {
      const page = await this.events.read(this.position, PAGE, FILTER);
      this.take(page);
      end = page.end;
    }
    this.following = this.follow(signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Before the stores are closed. */
  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** A session ends here at once. `until`: milliseconds, after which its cookies are refused anyway. */
  end(session: string, until: number): void {
    this.ended.set(session, performance.now() + Math.max(0, until - this.clock.now().getTime()));
    this.sweep();
  }

  /** What this process has heard of since it follows the log. */
  has(session: string): boolean {
    return this.ended.has(session);
  }

  /** Whether a session that this process sees for the first time has ended, ever. */
  async wasEnded(session: string): Promise<boolean> {
    return this.has(session) || (await this.readModels.get(endedSessions, session)).until !== undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.events.subscribe(this.position, FILTER, async (page) => this.take(page), signal);
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.said) log.error({ err: error }, 'ended sessions could not be followed; tried again until they can');
        this.said = message;
        await abortableDelay(signal, AGAIN);
      }
    }
  }

  private take({ events, position }: EventPage): void {
    for (const event of events) {
      if (event.unknown) log.error({ type: event.type, position: event.position }, 'a newer release recorded what ends sessions: this one cannot read it');
      else if (event.type === 'SignedOut') {
        const { session, until } = (event as Recorded<Extract<IdentityEvent, { type: 'SignedOut' }>>).data;
        this.end(session, Date.parse(until));
      }
      if (event.type !== 'SignedOut' && event.subject !== undefined) this.accessLevels.changed(event.subject, event.position);
    }
    this.position = position;
    this.said = undefined;
  }

  /** Forgets, once a minute, what no cookie can ask for any more. */
  private sweep(): void {
    const now = performance.now();
    if (now - this.sweptAt < 60_000) return;
    this.sweptAt = now;
    for (const [session, until] of this.ended) if (until <= now) this.ended.delete(session);
  }
}
