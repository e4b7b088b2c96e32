import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { type Append, type Appended, type EventToAppend, EventTooLarge, LostRace, UnusableStream, type Written } from './append.js';
import { type Cause, currentCause, currentSending } from './cause.js';
import { type Decider, evolved, type Given } from './decider.js';
import { type Event, type Position, type Recorded, START, type Stream } from './event.js';
import { namedId } from './named-id.js';
import type { Sending } from './sending.js';
import { limited, tooLate, waitingForever } from './waiting-time.js';

/** What deciding needs of the store. */
interface Streams {
  append(appends: readonly Append[]): Promise<readonly (Written | LostRace)[]>;
  streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]>;
  head(): Promise<Position>;
  readonly readsAreCalls: boolean;
  readonly isSettledWhenFailed: boolean;
}

type Decide = (state: unknown) => readonly Event[];

interface Waiting {
  readonly given: Given;
  readonly cause: Cause;
  readonly sending: Sending;
  readonly stream: Stream;
  readonly decider: Decider<unknown, Event>;
  readonly decide: Decide;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
  lostRaces: number;
  isHandedOver: boolean;
  /** Whoever asked waits no longer: what was not handed to the log by then never is. */
  isLate: boolean;
}

/** What a decision came to, until it is recorded. */
interface Decided {
  readonly waiting: Waiting;
  readonly recorded: number;
}

/** What the commands on one stream came to. */
interface Outcome {
  readonly append: Append;
  readonly decided: readonly Decided[];
  /** Of a stream that was taken for new: where the log ended before. What stands up to there was not recorded just now. */
  readonly head?: Position;
}

type Histories = ReadonlyMap<string, readonly Recorded[]>;

const MOST_LOST_RACES = 20;
/** Out of the streams of one turn, so many are looked for; when none of them is there, the others are taken for new. */
const PROBES = 8;

/**
 * Decides waiting commands together: one read of all their streams, one append of all their events. One command is
 * decided like a thousand; a thousand cost one transaction.
 */
export class Decisions {
  private waiting: Waiting[] = [];
  private inTurn = 0;
  private busy = false;

  constructor(private readonly events: Streams) {}

  /** Commands that are not answered yet. */
  get unanswered(): number {
    return this.waiting.length + this.inTurn;
  }

  decide(given: Given, stream: Stream, decider: Decider<unknown, Event>, decide: Decide): Promise<Appended> {
    const [cause, sending] = [currentCause(), currentSending()];
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    const waiting = { given, cause, sending, stream, decider, decide, resolve, reject, lostRaces: 0, isHandedOver: false, isLate: false };
    this.waiting.push(waiting);
    if (!this.busy) {
      this.busy = true;
      waitingForever(() => setImmediate(() => this.work()));
    }
    limited(promise, () => this.giveUp(waiting));
    return promise;
  }

  private giveUp(waiting: Waiting): void {
    waiting.isLate = true;
    this.waiting = this.waiting.filter((each) => each !== waiting);
    const isEnding = waiting.isHandedOver && this.events.isSettledWhenFailed; // by itself, and it is known then what came of it
    if (!isEnding) waiting.reject(tooLate());
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const turn = this.waiting;
      this.waiting = [];
      this.inTurn = turn.length;
      await this.settle(turn);
      this.inTurn = 0;
    }
    this.busy = false;
  }

  private async settle(turn: readonly Waiting[]): Promise<void> {
    let outcomes: readonly Outcome[] = [];
    try {
      outcomes = await this.decideTogether(turn);
    } catch (error) {
      return this.settleApart(turn, error);
    }
    if (outcomes.length === 0) return;
    for (const outcome of outcomes) begin(outcome);
    try {
      const answers = await this.events.append(outcomes.map(({ append }) => append));
      for (const [at, outcome] of outcomes.entries()) this.answer(outcome, answers[at] as Written | LostRace);
    } catch (error) {
      if (error instanceof EventTooLarge) for (const outcome of outcomes) answered(outcome, false);
      const unanswered = outcomes.flatMap(({ decided }) => decided.map(({ waiting }) => waiting));
      return this.settleApart(unanswered, error);
    }
  }

  /** Answers those who are refused or record nothing; the others are in the outcomes. */
  private async decideTogether(turn: readonly Waiting[]): Promise<readonly Outcome[]> {
    const byStream = Map.groupBy(turn, ({ stream }) => stream.name);
    const histories = await this.histories(byStream);
    const head = histories.size < byStream.size ? await this.events.head() : START;
    const outcomes: Outcome[] = [];
    for (const [name, all] of byStream) {
      const commands = all.filter(({ isLate }) => !isLate);
      if (commands.length === 0) continue;
      const history = histories.get(name);
      const outcome = history ? decideOnStream(commands, history) : { ...decideOnStream(commands, [], true), head };
      if (outcome.append.events.length > 0) outcomes.push(outcome);
      else if (!history) for (const waiting of commands) this.decideAgain(waiting);
    }
    return outcomes;
  }

  /**
   * The histories of streams. Where reading a stream is a call of its own, those of an import's rows that are probably new are
   * left out: an append that expects no stream tells as well whether there is one.
   */
  private async histories(byStream: ReadonlyMap<string, readonly Waiting[]>): Promise<Histories> {
    const names = [...byStream.keys()];
    const step = this.events.readsAreCalls ? Math.ceil(names.length / PROBES) : 1;
    const isLookedFor = (name: string, at: number) => at % step === 0 || !byStream.get(name)?.every(({ given, lostRaces }) => given.states && lostRaces === 0);
    const lookedFor = names.filter(isLookedFor);
    const histories = await this.read(lookedFor);
    if (lookedFor.length === names.length || [...histories.values()].every((history) => history.length === 0)) return histories;
    const others = await this.read(names.filter((name, at) => !isLookedFor(name, at)));
    return new Map([...histories, ...others]);
  }

  private async read(names: readonly string[]): Promise<Histories> {
    const histories = await this.events.streams(names);
    return new Map(names.map((name, at) => [name, histories[at] ?? []]));
  }

  private answer(outcome: Outcome, answer: Written | LostRace): void {
    const isLost = answer instanceof LostRace || (outcome.head !== undefined && answer.position <= outcome.head);
    answered(outcome, !isLost);
    for (const { waiting, recorded } of outcome.decided) {
      if (isLost) this.decideAgain(waiting);
      else waiting.resolve({ position: answer.position, recorded });
    }
  }

  /** On what is read then. */
  private decideAgain(waiting: Waiting): void {
    if (waiting.isLate) waiting.reject(tooLate());
    else if (++waiting.lostRaces < MOST_LOST_RACES) this.waiting.push(waiting);
    else waiting.reject(new StoreUnavailable(`stream ${waiting.stream.name} changes too fast`));
  }

  /** What is wrong with one command, or with what it reads, is not the affair of those who came with it. */
  private async settleApart(commands: readonly Waiting[], error: unknown): Promise<void> {
    const concernsAll = error instanceof StoreUnavailable && !(error instanceof UnusableStream);
    if (commands.length === 1 || concernsAll) for (const { reject } of commands) reject(error);
    else
      for (const command of commands)
        if (command.isLate) command.reject(tooLate());
        else await this.settle([command]);
  }
}

/** What is handed to the log is known to those who asked for it, before and after: a command that records nothing hands over nothing. */
function begin({ append, decided }: Outcome): void {
  const { stream, expected } = append;
  for (const { waiting, recorded } of decided) {
    if (recorded === 0) continue;
    waiting.isHandedOver = true;
    waiting.sending.begin({ stream: stream.name, command: waiting.given.id, expected });
  }
}

function answered({ append, decided }: Outcome, isRecorded: boolean): void {
  const { stream, expected } = append;
  for (const { waiting, recorded } of decided) {
    if (recorded === 0) continue;
    waiting.isHandedOver = false;
    waiting.sending.answered({ stream: stream.name, command: waiting.given.id, expected }, isRecorded);
  }
}

/**
 * Decides the commands on one stream in their order, each on what those before it came to. On a guess, that the stream is new,
 * nobody is answered, and there are no events when one is refused: on what is there it may not be.
 */
function decideOnStream(commands: readonly Waiting[], history: readonly Recorded[], isGuess = false): Outcome {
  const last = history.at(-1);
  const { name } = (commands[0] as Waiting).stream;
  const stream = { name, subject: last?.subject ?? commands.find((each) => each.stream.subject !== undefined)?.stream.subject };
  const unknown = history.find((event) => event.unknown);
  const seen = new Set(history.map(({ metadata }) => metadata.command));
  const states = new Map<Decider<unknown, Event>, { readonly state: unknown; readonly upTo: number }>();
  const events: EventToAppend[] = [];
  const decided: Decided[] = [];

  const stateFor = (decider: Decider<unknown, Event>) => {
    const known = states.get(decider) ?? { state: evolved(decider, history), upTo: 0 };
    return evolvedFurther(decider, known.state, events.slice(known.upTo));
  };
  /** A state that an event has been half folded into is of no use any more. */
  const evolvedFurther = (decider: Decider<unknown, Event>, state: unknown, further: readonly Event[]) => {
    states.delete(decider);
    return evolved(decider, further, state);
  };

  for (const waiting of commands) {
    const { given, cause, decider, decide, resolve, reject } = waiting;
    try {
      if (unknown) throw new StoreUnavailable(`stream ${stream.name} holds ${unknown.type} of a newer release`);
      const state = stateFor(decider);
      states.set(decider, { state, upTo: events.length });
      const fresh = seen.has(given.id) && !given.states ? [] : decide(state);
      const toAppend = fresh.map((event, at) => ({
        ...event,
        id: namedId(`${given.id} ${stream.name} ${history.length + events.length + at}`),
        metadata: { ...cause, command: given.id },
      }));
      const after = evolvedFurther(decider, state, fresh); // what could not be read again must not be recorded
      events.push(...toAppend);
      states.set(decider, { state: after, upTo: events.length });
      seen.add(given.id);
      // beside events to come, even what records nothing waits for them: it was decided on them
      if (events.length > 0 || isGuess) decided.push({ waiting, recorded: fresh.length });
      else resolve({ position: last?.position ?? START, recorded: 0 });
    } catch (error) {
      if (isGuess) return { append: { stream, expected: 'no_stream', events: [] }, decided: [] };
      reject(error);
    }
  }
  return { append: { stream, expected: last?.revision ?? 'no_stream', events }, decided };
}
