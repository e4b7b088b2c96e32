import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Append, Appended, EventToAppend } from './append.js';
import type { Cause } from './cause.js';
import { type Decider, evolved, type Given } from './decider.js';
import { deterministicId } from './deterministic-id.js';
import { type Event, type Position, type Recorded, START, type Stream } from './event.js';
import { refusals } from './refusal.js';
import type { RequestAppends } from './request-appends.js';

export type Decide = (state: unknown) => readonly Event[];
/** Makes durable what the events refer to. */
export type Prepare = () => Promise<void>;

export interface PendingCommand {
  readonly given: Given;
  readonly cause: Cause;
  readonly appends: RequestAppends;
  readonly stream: Stream;
  readonly decider: Decider<unknown, Event>;
  readonly decide: Decide;
  readonly prepare: Prepare | undefined;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
  conflicts: number;
  isSent: boolean;
  /** The caller was answered with a timeout. Events that were not sent by then are never sent. */
  isTimedOut: boolean;
}

/** A decided command whose events are not recorded yet. */
export interface DecidedCommand {
  readonly command: PendingCommand;
  /** How many events it records. */
  readonly recorded: number;
}

/** The decided commands of one stream, with the append of their events. */
export interface StreamDecision {
  readonly append: Append;
  readonly decided: readonly DecidedCommand[];
  /** For a stream that was assumed to be new: the log's head before. An append that ends up to there was recorded earlier. */
  readonly head?: Position;
}

const refused = refusals({
  'command.reverts': '这一行以前导入过，后来的改动已经替换了它。',
});

/**
 * Decides the commands on one stream in order, each on the state that those before it lead to.
 * @param isGuess the stream is only assumed to be new: no command is answered, and when one is refused the result has no events, since
 * it may be accepted on the real history
 */
export function decideOnStream(commands: readonly PendingCommand[], history: readonly Recorded[], isGuess = false): StreamDecision {
  const last = history.at(-1);
  const { name } = (commands[0] as PendingCommand).stream;
  const stream = { name, subject: last?.subject ?? commands.find((each) => each.stream.subject !== undefined)?.stream.subject };
  const unknown = history.find((event) => event.unknown);
  const seen = new Set(history.map(({ metadata }) => metadata.command));
  const states = new Map<Decider<unknown, Event>, { readonly state: unknown; readonly upTo: number }>();
  const events: EventToAppend[] = [];
  const decided: DecidedCommand[] = [];

  const stateFor = (decider: Decider<unknown, Event>) => {
    const known = states.get(decider) ?? { state: evolved(decider, history), upTo: 0 };
    return evolvedFurther(decider, known.state, events.slice(known.upTo));
  };
  /** Removes the cached state first: when folding throws, the state may be half changed. */
  const evolvedFurther = (decider: Decider<unknown, Event>, state: unknown, further: readonly Event[]) => {
    states.delete(decider);
    return evolved(decider, further, state);
  };

  for (const command of commands) {
    const { given, cause, decider, decide, resolve, reject } = command;
    try {
      if (unknown) throw new StoreUnavailable(`事件流 ${stream.name} 中有更新的版本写的 ${unknown.type}：请使用那个版本`);
      const state = stateFor(decider);
      states.set(decider, { state, upTo: events.length });
      const isRepeat = seen.has(given.id) && !given.assertsState;
      if (!isRepeat) given.guard?.(history);
      const fresh = isRepeat ? [] : decide(state);
      if (given.refusesRevert && fresh.length > 0 && seen.has(given.id)) throw refused('command.reverts');
      const toAppend = fresh.map((event, at) => ({
        ...event,
        id: deterministicId(`${given.id} ${stream.name} ${history.length + events.length + at}`),
        metadata: { ...cause, command: given.id },
      }));
      const after = evolvedFurther(decider, state, fresh); // events that cannot be folded must not be recorded
      events.push(...toAppend);
      states.set(decider, { state: after, upTo: events.length });
      seen.add(given.id);
      // a command that records nothing still depends on unrecorded events of those before it
      if (events.length > 0 || isGuess) decided.push({ command: command, recorded: fresh.length });
      else resolve({ position: last?.position ?? START, recorded: 0 });
    } catch (error) {
      if (isGuess) return { append: { stream, expected: 'no_stream', events: [] }, decided: [] };
      reject(error);
    }
  }
  return { append: { stream, expected: last?.revision ?? 'no_stream', events }, decided };
}
