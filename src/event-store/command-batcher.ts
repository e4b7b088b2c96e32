import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { type Append, type Appended, EventTooLarge, RevisionConflict, UnusableStream, type Written } from './append.js';
import { currentAppends, currentCause } from './cause.js';
import { type Decide, type DecidedCommand, decideOnStream, type PendingCommand, type Prepare, type StreamDecision } from './decide-on-stream.js';
import type { Decider, Given } from './decider.js';
import { type Event, type Position, type Recorded, START, type Stream } from './event.js';
import { areRecorded, type RecordedCommands } from './recorded-commands.js';
import { onBudgetExceeded, timeBudgetExceeded, withoutTimeBudget } from './time-budget.js';

/** The methods of the store that deciding needs. */
interface EventLog {
  append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]>;
  streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]>;
  commandsOf(names: readonly string[]): Promise<readonly (RecordedCommands | undefined)[]>;
  head(): Promise<Position>;
  readonly readsNeedRoundTrips: boolean;
  readonly failedAppendsAreFinal: boolean;
}

type Histories = ReadonlyMap<string, readonly Recorded[]>;

const MAX_CONFLICTS = 20;
/** How many streams of a batch are read first. When none of them exists, the others are assumed to be new. */
const PROBES = 8;

/**
 * Decides the commands given in one turn of the event loop together, with one read of all their streams and one append of all their
 * events (ADR 2).
 */
export class CommandBatcher {
  private pending: PendingCommand[] = [];
  private batchSize = 0;
  private busy = false;

  constructor(private readonly events: EventLog) {}

  /** The number of commands that are not answered yet. */
  get pendingCount(): number {
    return this.pending.length + this.batchSize;
  }

  decide(given: Given, stream: Stream, decider: Decider<unknown, Event>, decide: Decide, prepare?: Prepare): Promise<Appended> {
    const [cause, appends] = [currentCause(), currentAppends()];
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    const asked = { given, cause, appends, stream, decider, decide, prepare, resolve, reject };
    const command: PendingCommand = { ...asked, conflicts: 0, isSent: false, isTimedOut: false };
    this.pending.push(command);
    if (!this.busy) {
      this.busy = true;
      withoutTimeBudget(() => setImmediate(() => this.run()));
    }
    onBudgetExceeded(promise, () => this.timeOut(command));
    return promise;
  }

  private timeOut(command: PendingCommand): void {
    command.isTimedOut = true;
    this.pending = this.pending.filter((each) => each !== command);
    const willSettle = command.isSent && this.events.failedAppendsAreFinal; // the append itself ends soon, with a known outcome
    if (!willSettle) command.reject(timeBudgetExceeded());
  }

  private async run(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      this.batchSize = batch.length;
      await this.runBatch(batch);
      this.batchSize = 0;
    }
    this.busy = false;
  }

  private async runBatch(batch: readonly PendingCommand[]): Promise<void> {
    let decisions: readonly StreamDecision[] = [];
    try {
      decisions = await this.decideTogether(batch);
    } catch (error) {
      return this.runSeparately(batch, error);
    }
    if (decisions.length === 0) return;
    const goOn = await prepared(decisions);
    if (goOn) return this.runBatch(goOn);
    for (const decision of decisions) markSent(decision);
    try {
      const answers = await this.events.append(decisions.map(({ append }) => append));
      for (const [at, decision] of decisions.entries()) this.settle(decision, answers[at] as Written | RevisionConflict);
    } catch (error) {
      if (error instanceof EventTooLarge) for (const decision of decisions) markSettled(decision, false);
      const unanswered = decisions.flatMap(({ decided }) => decided.map(({ command }) => command));
      return this.runSeparately(unanswered, error);
    }
  }

  /** Settles commands that are refused or record nothing; the others are in the result. */
  private async decideTogether(batch: readonly PendingCommand[]): Promise<readonly StreamDecision[]> {
    const byStream = Map.groupBy(batch, ({ stream }) => stream.name);
    const empty = await this.answerRecorded(byStream);
    const histories = new Map([...empty, ...(await this.histories(byStream, empty))]);
    const head = histories.size < byStream.size ? await this.events.head() : START;
    const decisions: StreamDecision[] = [];
    for (const [name, all] of byStream) {
      const commands = all.filter(({ isTimedOut }) => !isTimedOut);
      if (commands.length === 0) continue;
      const history = histories.get(name);
      const decision = history ? decideOnStream(commands, history) : { ...decideOnStream(commands, [], true), head };
      if (decision.append.events.length > 0) decisions.push(decision);
      else if (!history) for (const command of commands) this.decideAgain(command);
    }
    return decisions;
  }

  /** Answers commands that are known to be recorded, without reading what they recorded, and takes them out; answers which streams are empty. */
  private async answerRecorded(byStream: Map<string, readonly PendingCommand[]>): Promise<Histories> {
    const mayBe = ({ given, prepare, conflicts }: PendingCommand) => given.together !== undefined && !given.guard && !prepare && conflicts === 0;
    const names = [...byStream].filter(([, commands]) => commands.every(mayBe)).map(([name]) => name);
    const recorded = names.length > 0 ? await this.events.commandsOf(names) : [];
    const empty = new Map<string, readonly Recorded[]>();
    for (const [at, name] of names.entries()) {
      const [commands, found] = [byStream.get(name) ?? [], recorded[at]];
      if (found?.commands.length === 0) empty.set(name, []);
      else if (found && areRecorded(commands, found)) {
        for (const { resolve } of commands) resolve({ position: found.position, recorded: 0 });
        byStream.delete(name);
      }
    }
    return empty;
  }

  /**
   * Reads the streams' histories. Where each read is a round trip, the probably new streams of an import's rows are omitted: the append
   * itself expects no stream and so detects an existing one.
   */
  private async histories(byStream: ReadonlyMap<string, readonly PendingCommand[]>, empty: Histories): Promise<Histories> {
    const names = [...byStream.keys()].filter((name) => !empty.has(name));
    const step = this.events.readsNeedRoundTrips ? Math.ceil(names.length / PROBES) : 1;
    const isNew = ({ given, conflicts, prepare }: PendingCommand) => given.assertsState && conflicts === 0 && !prepare; // nothing is prepared on a guess
    const isRead = (name: string, at: number) => at % step === 0 || !byStream.get(name)?.every(isNew);
    const readNames = names.filter(isRead);
    const histories = await this.read(readNames);
    if (readNames.length === names.length || [...histories.values()].every((history) => history.length === 0)) return histories;
    const others = await this.read(names.filter((name, at) => !isRead(name, at)));
    return new Map([...histories, ...others]);
  }

  private async read(names: readonly string[]): Promise<Histories> {
    const histories = await this.events.streams(names);
    return new Map(names.map((name, at) => [name, histories[at] ?? []]));
  }

  private settle(decision: StreamDecision, answer: Written | RevisionConflict): void {
    const isLost = answer instanceof RevisionConflict || (decision.head !== undefined && answer.position <= decision.head);
    markSettled(decision, !isLost);
    for (const { command, recorded } of decision.decided) {
      if (isLost) this.decideAgain(command);
      else command.resolve({ position: answer.position, recorded });
    }
  }

  /** Puts a command into the next batch, which reads its stream again. */
  private decideAgain(command: PendingCommand): void {
    if (command.isTimedOut) command.reject(timeBudgetExceeded());
    else if (++command.conflicts < MAX_CONFLICTS) this.pending.push(command);
    else command.reject(new StoreUnavailable(`事件流 ${command.stream.name} 变化太快，请稍后再试`));
  }

  /** Runs commands one by one, so that an error of one command or its stream does not fail the others. */
  private async runSeparately(commands: readonly PendingCommand[], error: unknown): Promise<void> {
    const concernsAll = error instanceof StoreUnavailable && !(error instanceof UnusableStream);
    if (commands.length === 1 || concernsAll) for (const { reject } of commands) reject(error);
    else
      for (const command of commands)
        if (command.isTimedOut) command.reject(timeBudgetExceeded());
        else await this.runBatch([command]);
  }
}

/**
 * Prepares commands that record something. A command that fails is rejected, and those beside it are decided again without it.
 * @returns those commands; undefined where all can be recorded
 */
async function prepared(decisions: readonly StreamDecision[]): Promise<readonly PendingCommand[] | undefined> {
  const all = decisions.flatMap(({ decided }) => decided);
  if (all.every(({ command }) => command.prepare === undefined)) return undefined;
  const failed = new Set<PendingCommand>();
  const prepare = async ({ command, recorded }: DecidedCommand) => {
    try {
      if (recorded > 0) await command.prepare?.();
    } catch (error) {
      failed.add(command);
      command.reject(error);
    }
  };
  await Promise.all(all.map(prepare));
  const left = all.map(({ command }) => command).filter((command) => !failed.has(command) && !command.isTimedOut);
  return left.length < all.length ? left : undefined;
}

/** Tells the requests of the commands that their events are sent. A command that records nothing sends nothing. */
function markSent({ append, decided }: StreamDecision): void {
  const { stream, expected } = append;
  for (const { command, recorded } of decided) {
    if (recorded === 0) continue;
    command.isSent = true;
    command.appends.sent({ stream: stream.name, command: command.given.id, expected });
  }
}

function markSettled({ append, decided }: StreamDecision, isRecorded: boolean): void {
  const { stream, expected } = append;
  for (const { command, recorded } of decided) {
    if (recorded === 0) continue;
    command.isSent = false;
    command.appends.settled({ stream: stream.name, command: command.given.id, expected }, isRecorded);
  }
}
