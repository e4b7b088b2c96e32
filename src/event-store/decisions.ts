import { type Append, type Appended, type EventToAppend, EventTooLarge, LostRace, StoreUnavailable, type Written } from './append.js';
import { type Cause, currentCause, currentSending } from './cause.js';
import { type Decider, evolved, type Given } from './decider.js';
import { type Event, type Recorded, START, type Stream } from './event.js';
import type { EventStore } from './event-store.js';
import { namedId } from './named-id.js';
import type { Sending } from './sending.js';

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
}

const MOST_LOST_RACES = 20;

/**
 * Decides waiting commands together: one read of all their streams, one append of all their events. One command is
 * decided like a thousand; a thousand cost one transaction.
 */
export class Decisions {
  private waiting: Waiting[] = [];
  private inTurn = 0;
  private busy = false;

  constructor(private readonly events: EventStore) {}

  /** Commands that are not answered yet. */
  get unanswered(): number {
    return this.waiting.length + this.inTurn;
  }

  decide(given: Given, stream: Stream, decider: Decider<unknown, Event>, decide: Decide): Promise<Appended> {
    const [cause, sending] = [currentCause(), currentSending()];
    return new Promise((resolve, reject) => {
      this.waiting.push({ given, cause, sending, stream, decider, decide, resolve, reject, lostRaces: 0 });
      if (!this.busy) {
        this.busy = true;
        setImmediate(() => this.work());
      }
    });
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
      outcomes.forEach((outcome, at) => {
        const answer = answers[at] as Written | LostRace;
        answered(outcome, !(answer instanceof LostRace));
        this.answer(outcome.decided, answer);
      });
    } catch (error) {
      if (error instanceof EventTooLarge) for (const outcome of outcomes) answered(outcome, false);
      const unanswered = outcomes.flatMap(({ decided }) => decided.map(({ waiting }) => waiting));
      return this.settleApart(unanswered, error);
    }
  }

  /** Answers those who are refused or record nothing; the others are in the outcomes. */
  private async decideTogether(turn: readonly Waiting[]): Promise<readonly Outcome[]> {
    const byStream = [...Map.groupBy(turn, ({ stream }) => stream.name)];
    const histories = await this.events.streams(byStream.map(([name]) => name));
    return byStream.map(([, commands], at) => decideOnStream(commands, histories[at] ?? [])).filter(({ append }) => append.events.length > 0);
  }

  private answer(decided: readonly Decided[], answer: Written | LostRace): void {
    for (const { waiting, recorded } of decided) {
      if (!(answer instanceof LostRace)) waiting.resolve({ position: answer.position, recorded });
      else if (++waiting.lostRaces < MOST_LOST_RACES) this.waiting.push(waiting);
      else waiting.reject(new StoreUnavailable(`stream ${answer.stream} changes too fast`));
    }
  }

  /** What is wrong with one command, or with what it reads, is not the affair of those who came with it. */
  private async settleApart(commands: readonly Waiting[], error: unknown): Promise<void> {
    if (commands.length === 1 || error instanceof StoreUnavailable) for (const { reject } of commands) reject(error);
    else for (const command of commands) await this.settle([command]);
  }
}

/** What is handed to the log is known to those who asked for it, before and after: a command that records nothing hands over nothing. */
function begin({ append, decided }: Outcome): void {
  const { stream, expected } = append;
  for (const { waiting, recorded } of decided) if (recorded > 0) waiting.sending.begin({ stream: stream.name, command: waiting.given.id, expected });
}

function answered({ append, decided }: Outcome, isRecorded: boolean): void {
  const { stream, expected } = append;
  for (const { waiting, recorded } of decided)
    if (recorded > 0) waiting.sending.answered({ stream: stream.name, command: waiting.given.id, expected }, isRecorded);
}

/** Decides the commands on one stream in their order, each on what those before it came to. */
function decideOnStream(commands: readonly Waiting[], history: readonly Recorded[]): Outcome {
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
      if (events.length > 0) decided.push({ waiting, recorded: fresh.length });
      else resolve({ position: last?.position ?? START, recorded: 0 });
    } catch (error) {
      reject(error);
    }
  }
  return { append: { stream, expected: last?.revision ?? 'no_stream', events }, decided };
}
