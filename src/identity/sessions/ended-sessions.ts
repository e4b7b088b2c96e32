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
/** Milliseconds until the log is read again after a failure. */
const RETRY_DELAY = 1_000;

/**
 * The sessions that were ended early, in any process: older ones are read from the read model, later ones from the log. Events that
 * change a candidate's access level are passed on.
 */
@Injectable()
export class EndedSessions implements OnModuleDestroy {
  /**
   * By session, when its cookies expire, in milliseconds of the monotonic clock. With a clock that goes ahead and is set back, ended
   * sessions would be forgotten too early.
   */
  private readonly ended = new Map<string, number>();
  private position: Position = START;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private sweptAt = 0;
  /** Why the log cannot be followed, as it was logged last. */
  private lastFault: string | undefined;

  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly accessLevels: AccessLevels,
    private readonly clock: Clock,
  ) {}

  /** Resolves once it has caught up with the log; from then on it follows the log. */
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

  /** Ends a session at once in this process. `until`: milliseconds since the epoch, when its cookies expire. */
  end(session: string, until: number): void {
    this.ended.set(session, performance.now() + Math.max(0, until - this.clock.now().getTime()));
    this.sweep();
  }

  /** Whether it ended since this process follows the log. */
  has(session: string): boolean {
    return this.ended.has(session);
  }

  /** Whether it was ended early at any time. */
  async wasEnded(session: string): Promise<boolean> {
    return this.has(session) || (await this.readModels.get(endedSessions, session)).until !== undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.events.subscribe(this.position, FILTER, async (page) => this.take(page), signal);
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.lastFault) log.error({ err: error }, 'ended sessions could not be followed; tried again until they can');
        this.lastFault = message;
        await abortableDelay(signal, RETRY_DELAY);
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
    this.lastFault = undefined;
  }

  /** Forgets, once a minute, sessions whose cookies have expired. */
  private sweep(): void {
    const now = performance.now();
    if (now - this.sweptAt < 60_000) return;
    this.sweptAt = now;
    for (const [session, until] of this.ended) if (until <= now) this.ended.delete(session);
  }
}
