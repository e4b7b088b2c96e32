import type { Append, Appended, RevisionConflict, Written } from './append.js';
import { CommandBatcher } from './command-batcher.js';
import type { Decider, Given } from './decider.js';
import type { Event, Position, Recorded, Stream } from './event.js';
import type { AppendOutcome, SentAppend } from './request-appends.js';

/**
 * Which events a reader wants: all, those of some types, those of all types but some (which those of a newer release are
 * not among), or those of streams with a prefix such as `bill-`.
 */
export type Filter = { readonly types: readonly string[] } | { readonly except: readonly string[] } | { readonly prefix: string };

/** A part of the log in order. */
export interface EventPage {
  readonly events: readonly Recorded[];
  /** The position up to which the log was looked at; beyond the last event when a filter passed others over. */
  readonly position: Position;
  /** That nothing more was there when it was read. */
  readonly end: boolean;
}

/** A command as far as deciding needs to know it. */
export interface Decidable {
  readonly given: Given;
}

/**
 * The log: events by stream, in one global order. Optimistic concurrency by revision; the same events (by id) appended
 * again at the same expected revision answer the first result and record nothing.
 */
export abstract class EventStore {
  private readonly batcher = new CommandBatcher(this);

  /** That an append which has failed is recorded by then or never: none is still on its way to whoever records it. */
  abstract readonly failedAppendsAreFinal: boolean;

  /** That reading a stream is a call of its own, which costs as much as an append. */
  readonly readsNeedRoundTrips: boolean = false;

  /** That what is read may end before what was recorded, on a node that has yet to catch up with others. */
  readonly mayLag: boolean = false;

  /**
   * Appends to several streams, each by itself: one that lost its race (LostRace) does not hold back the others.
   * The answers are in the order of `appends`; in the log, what was appended to different streams may stand in any order.
   * Durable when it answers. No events write nothing and make no stream.
   * @throws StoreUnavailable when the outcome stays unknown after retries
   * @throws EventTooLarge for an event over 1 MiB, and for events of one append that the store cannot take together; nothing
   * of all the appends is recorded then
   */
  abstract append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]>;

  /**
   * All events of each stream named, in order; an empty list for a stream that does not exist.
   * @throws UnusableStream for one of which a part is gone
   */
  abstract streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]>;

  /**
   * All events about one candidate, over all streams, in the log's order: all that were recorded before it was called.
   * @throws StoreUnavailable also where the log's index of candidates is behind or does not know
   */
  abstract subject(id: string): Promise<readonly Recorded[]>;

  /**
   * Up to `limit` events after a position; fewer before the end when a filter passes many over, so that no call takes long.
   * @throws LogReplaced where the log cannot be read from there, since no event begins there; not every store notices
   */
  abstract read(after: Position, limit: number, filter?: Filter): Promise<EventPage>;

  /** The event at exactly this position, undefined when there is none: by it a reader knows the log that it has read before. */
  abstract at(position: Position): Promise<Recorded | undefined>;

  /** The last event's position, START when the log is empty. */
  abstract head(): Promise<Position>;

  /** The most events that `count` counts. */
  readonly countLimit: number = Number.POSITIVE_INFINITY;

  /**
   * How many events there are after a position up to another; `countLimit` also where there are more.
   * @throws LogReplaced as `read`, and where the log ends before the first position
   */
  abstract count(after: Position, upTo: Position): Promise<number>;

  /**
   * How much of the log lies between two positions, in a measure of the store's own which is about the number of events where the
   * store holds nothing else: it says how far somebody is who reads, and how work is parted. It is never shown as a number of events.
   */
  abstract distance(after: Position, upTo: Position): number;

  /**
   * Positions that part what there is after a position up to another into about equal shares, for several to read at once;
   * none where the store cannot tell.
   */
  async splitRange(_after: Position, _upTo: Position, _shares: number): Promise<readonly Position[]> {
    return [];
  }

  /**
   * Events of a type in streams that stand in the same store and are not this log's, by the names that the store has for them;
   * none where the store holds nothing else.
   */
  async foreignEvents(_type: string): Promise<readonly Recorded[]> {
    return [];
  }

  /**
   * Hands over what is recorded after a position, first what is there, then what is appended by any process, until the
   * signal. Pages come one at a time: the next when `handle` is done. An error of `handle` ends it and is thrown.
   * A page may hold no events: when a filter passed others over, and to say that the end is reached.
   * @throws LogReplaced when what was handed over before is not in the log any more
   */
  abstract subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void>;

  /** Ends it after the appends in hand; all calls throw from then on, and so do subscriptions that go on. */
  abstract close(): Promise<void>;

  /**
   * Loads the stream, decides, appends; a lost race decides again. A command whose id is already in the stream records
   * nothing and answers the stream's end. Commands given in the same turn of the event loop share one append.
   * Runs under the current cause (cause.ts), and within the current request's time (waiting-time.ts).
   * @throws Refusal when the rule says no
   * @throws StoreUnavailable also when its time is up: what was not handed to the log by then (`Sending`) never is
   */
  decide<State, E extends Event>(command: Decidable, stream: Stream, decider: Decider<State, E>, decide: (state: State) => readonly E[]): Promise<Appended> {
    return this.batcher.decide(command.given, stream, decider as Decider<unknown, Event>, decide as (state: unknown) => readonly Event[]);
  }

  /**
   * What became of appends that were not answered, in their order. One that is not there comes no more once its stream has gone on
   * without it.
   * @throws StoreUnavailable while that cannot be told
   */
  async appendOutcomes(sent: readonly SentAppend[]): Promise<readonly AppendOutcome[]> {
    const histories = await this.streams(sent.map(({ stream }) => stream));
    return sent.map(({ command, expected }, at) => {
      const history = histories[at] ?? [];
      if (history.some(({ metadata }) => metadata.command === command)) return 'recorded';
      const isOvertaken = (history.at(-1)?.revision ?? -1) > (expected === 'no_stream' ? -1 : expected);
      return isOvertaken || this.failedAppendsAreFinal ? 'nothing' : 'open';
    });
  }

  /** Commands given to `decide` that are not answered yet. */
  get pendingCommands(): number {
    return this.batcher.pendingCount;
  }
}
