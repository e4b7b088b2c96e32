import { v5 as uuidOf } from 'uuid';
import { type Append, type Appended, type EventToAppend, LostRace, StoreUnavailable } from './append.js';
import { type Cause, currentCause } from './cause.js';
import type { Decider, Given } from './decider.js';
import type { Event, Recorded, Stream } from './event.js';
import { START } from './event.js';
import type { EventStore } from './event-store.js';

type Decide = (state: unknown) => readonly Event[];

interface Waiting {
  readonly given: Given;
  readonly cause: Cause;
  readonly stream: Stream;
  readonly decider: Decider<unknown, Event>;
  readonly decide: Decide;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
  lostRaces: number;
}

/** A decision that came to events, until they are recorded. */
interface Decided {
  readonly waiting: Waiting;
  readonly recorded: number;
}

const MOST_LOST_RACES = 20;

/**
 * Decides waiting commands together: one read of all their streams, one append of all their events. One command is
 * decided like a thousand; a thousand cost one transaction.
 */
export class Decisions {
  private waiting: Waiting[] = [];
  private busy = false;

  constructor(private readonly events: EventStore) {}

  decide(given: Given, stream: Stream, decider: Decider<unknown, Event>, decide: Decide): Promise<Appended> {
    const cause = currentCause();
    return new Promise((resolve, reject) => {
      this.waiting.push({ given, cause, stream, decider, decide, resolve, reject, lostRaces: 0 });
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
      try {
        await this.settle(turn);
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
    }
    this.busy = false;
  }

  private async settle(turn: readonly Waiting[]): Promise<void> {
    const byStream = Map.groupBy(turn, ({ stream }) => stream.name);
    const names = [...byStream.keys()];
    const histories = await this.events.streams(names);
    const appends: Append[] = [];
    const decided: Decided[][] = [];
    names.forEach((name, at) => {
      const stream = (byStream.get(name) as Waiting[])[0]?.stream as Stream;
      const outcome = decideAll(byStream.get(name) as Waiting[], histories[at] as readonly Recorded[]);
      if (outcome.events.length === 0) return;
      appends.push({ stream, expected: outcome.expected, events: outcome.events });
      decided.push(outcome.decided);
    });
    if (appends.length === 0) return;
    const written = await this.events.append(appends);
    written.forEach((answer, at) => {
      for (const { waiting, recorded } of decided[at] as Decided[]) {
        if (!(answer instanceof LostRace)) waiting.resolve({ position: answer.position, recorded });
        else if (++waiting.lostRaces < MOST_LOST_RACES) this.waiting.push(waiting);
        else waiting.reject(new StoreUnavailable(`stream ${answer.stream} changes too fast`));
      }
    });
  }
}

/** Decides the commands on one stream in their order, each on what those before it came to. */
function decideAll(commands: readonly Waiting[], history: readonly Recorded[]) {
  const events: EventToAppend[] = [];
  const decided: Decided[] = [];
  const last = history.at(-1);
  const seen = new Set(history.map(({ metadata }) => metadata.command));
  const states = new Map<Decider<unknown, Event>, unknown>();

  for (const waiting of commands) {
    const { given, cause, decider, decide, resolve, reject } = waiting;
    if (history.some(({ unknown }) => unknown)) {
      reject(new StoreUnavailable(`stream ${waiting.stream.name} holds an event of a newer release`));
      continue;
    }
    const nothing = () => (events.length > 0 ? decided.push({ waiting, recorded: 0 }) : resolve({ position: last?.position ?? START, recorded: 0 }));
    if (seen.has(given.id) && !given.states) {
      nothing();
      continue;
    }
    try {
      const state = states.has(decider) ? states.get(decider) : [...history, ...events].reduce(decider.evolve, decider.initial);
      const fresh = decide(state);
      for (const event of fresh) {
        for (const [each, before] of states) if (each !== decider) states.set(each, each.evolve(before, event));
        const revision = history.length + events.length;
        events.push({ ...event, id: uuidOf(String(revision), given.id), metadata: { ...cause, command: given.id } });
      }
      states.set(decider, fresh.reduce(decider.evolve, state));
      seen.add(given.id);
      if (fresh.length > 0) decided.push({ waiting, recorded: fresh.length });
      else nothing();
    } catch (error) {
      reject(error);
    }
  }
  return { expected: last ? last.revision : ('no_stream' as const), events, decided };
}
