import type { Append, Appended, RevisionConflict, Written } from './append.js';
import { CommandBatcher } from './command-batcher.js';
import type { Prepare } from './decide-on-stream.js';
import type { Decider, Given } from './decider.js';
import { type Event, type Position, type Recorded, START, type Stream } from './event.js';
import type { RecordedCommands } from './recorded-commands.js';
import type { AppendOutcome, SentAppend } from './request-appends.js';

/**
 * Which events to read: all, those of some types, those of all but some types (always including events of a newer release), or those of
 * streams with a prefix such as `bill-`.
 */
export type Filter = { readonly types: readonly string[] } | { readonly except: readonly string[] } | { readonly prefix: string };

/** Consecutive events of the log. */
export interface EventPage {
  readonly events: readonly Recorded[];
  /** The position up to which the log was read; beyond the last event when the filter skipped events. */
  readonly position: Position;
  /** Whether the end of the log was reached. */
  readonly end: boolean;
}

/** The part of a command that `decide` needs. */
export interface Decidable {
  readonly given: Given;
}

/**
 * The log: events in streams and in one global order, with optimistic concurrency by revision. Appending the same events (by id) again
 * at the same expected revision returns the first result and records nothing.
 */
export abstract class EventStore {
  private readonly batcher = new CommandBatcher(this);

  /** Whether a failed append is certain to have been recorded or not, because none can still be on its way. */
  abstract readonly failedAppendsAreFinal: boolean;

  /** Whether each read of a stream is a round trip that costs as much as an append. */
  readonly readsNeedRoundTrips: boolean = false;

  /** Whether reads may miss recorded events, on a node that has not caught up with others. */
  readonly mayLag: boolean = false;

  /**
   * Appends to several streams independently: a RevisionConflict of one does not affect the others. Results are in the order of
   * `appends`; events of different streams may be in any order in the log. Durable when it resolves. An append without events writes
   * nothing and creates no stream.
   * @throws StoreUnavailable when the outcome is still unknown after retries
   * @throws EventTooLarge for an event over 1 MiB, and for an append whose events the store cannot take together; nothing of any append
   * is recorded then
   */
  abstract append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]>;

  /**
   * All events of each stream in order; an empty list for a stream that does not exist.
   * @throws UnusableStream for a stream with missing events
   */
  abstract streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]>;

  /**
   * By which commands the events of each stream were recorded. Undefined where the store cannot tell at less cost than by reading the
   * stream, and for a stream with an event of a newer release.
   */
  async commandsOf(names: readonly string[]): Promise<readonly (RecordedCommands | undefined)[]> {
    return names.map(() => undefined);
  }

  /**
   * All events about one candidate from all streams, in the log's order, including everything recorded before the call.
   * @throws StoreUnavailable also when the log's index of candidates is behind or incomplete
   */
  abstract subject(id: string): Promise<readonly Recorded[]>;

  /**
   * Up to `limit` events after a position. Fewer before the end when the filter skips many, so that no call takes long.
   * @throws LogReplaced when no event begins at the position; not every store notices
   */
  abstract read(after: Position, limit: number, filter?: Filter): Promise<EventPage>;

  /** The event at exactly this position; undefined when there is none. Readers use it to check that the log is still the same. */
  abstract at(position: Position): Promise<Recorded | undefined>;

  /** The last event's position, START when the log is empty. */
  abstract head(): Promise<Position>;

  /** The largest number that `count` returns. */
  readonly countLimit: number = Number.POSITIVE_INFINITY;

  /**
   * The number of events after one position up to another; `countLimit` when there are more.
   * @throws LogReplaced as `read`, and when the log ends before the first position
   */
  abstract count(after: Position, upTo: Position): Promise<number>;

  /**
   * The distance between two positions in a unit of the store's own, for progress and for dividing work. It is about the number of
   * events in a store that holds nothing else, and is never shown as one.
   */
  abstract distance(after: Position, upTo: Position): number;

  /** Positions that divide a range of the log into about equal parts, for reading them in parallel; empty when the store cannot tell. */
  async splitRange(_after: Position, _upTo: Position, _shares: number): Promise<readonly Position[]> {
    return [];
  }

  /**
   * A position about so many events before another, from which a reader that wants the newest events can begin; START where there are
   * fewer, and where the store would have to read its whole log to tell.
   */
  async positionBack(_from: Position, _events: number): Promise<Position> {
    return START;
  }

  /**
   * Events of a type in streams of the same store that do not belong to this log, with the store's stream names; empty when the store
   * holds nothing else.
   */
  async foreignEvents(_type: string): Promise<readonly Recorded[]> {
    return [];
  }

  /**
   * Passes the events after a position to `handle`, first existing ones, then new ones of any process, until the signal. Pages come one
   * at a time. An error of `handle` ends the subscription and is thrown. A page may be empty: when the filter skipped events, or to
   * report the end of the log.
   * @throws LogReplaced when an event that was passed before is no longer in the log
   */
  abstract subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void>;

  /** Closes the store after the current appends. All later calls and running subscriptions throw. */
  abstract close(): Promise<void>;

  /**
   * Loads the stream, decides and appends; after a RevisionConflict it decides again. A command whose id is already in the stream
   * records nothing and returns the stream's end. Commands given in the same turn of the event loop share one append. Needs a current
   * cause (cause.ts), and respects the request's time budget (time-budget.ts).
   * @param prepare makes durable what the events refer to, once it is decided that there are any and before they are recorded. It may be
   * called several times; where it fails, nothing is recorded
   * @throws Refusal when a rule refuses the command
   * @throws StoreUnavailable also when the time budget is exceeded; what was not sent to the log by then is never sent
   */
  decide<State, E extends Event>(
    command: Decidable,
    stream: Stream,
    decider: Decider<State, E>,
    decide: (state: State) => readonly E[],
    prepare?: Prepare,
  ): Promise<Appended> {
    return this.batcher.decide(command.given, stream, decider as Decider<unknown, Event>, decide as (state: unknown) => readonly Event[], prepare);
  }

  /**
   * The outcomes of appends that got no answer, in order. A missing append cannot be recorded any more once its stream has later events.
   * @throws StoreUnavailable when the outcome cannot be determined now
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

  /** The number of commands given to `decide` that are not answered yet. */
  get pendingCommands(): number {
    return this.batcher.pendingCount;
  }
}
