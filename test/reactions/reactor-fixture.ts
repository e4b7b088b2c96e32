import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Appended } from '../../src/event-store/append.js';
import { Command } from '../../src/event-store/command.js';
import type { Decider, Given } from '../../src/event-store/decider.js';
import type { Event, Origin, Recorded } from '../../src/event-store/event.js';
import type { EventTypes } from '../../src/event-store/event-types.js';
import type { Refusal } from '../../src/event-store/refusal.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import type { ReactionProgress } from '../../src/reactions/progress.js';
import { type Reactor, reactor } from '../../src/reactions/reactor.js';
import { type ReactorCheckpoint, savedCheckpoint } from '../../src/reactions/reactor-checkpoint.js';
import { ReactorRunner } from '../../src/reactions/reactor-runner.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { SetClock } from '../centre.js';
import { until } from '../until.js';
import { ManualTime } from './manual-time.js';

type Asked = Event<'Asked', { what: string }>;
type Done = Event<'Done', { what: string }>;

const types: EventTypes = { Asked: [], Passed: [], Done: [] };

/** The command for `Asked`, recorded in one stream of everything done. */
class Do extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly what: string,
  ) {
    super();
  }
}

const done: Decider<undefined, Done> = { initial: () => undefined, evolve: () => undefined };

/** A reactor that does what was asked. */
export const servant: Reactor<Asked> = reactor<Asked>({ name: 'servant', on: { Asked: ({ data: { what } }, given) => new Do(given, what) } });

/** A log and a reaction store of one test, with reactors that start and stop. */
export class ReactorFixture {
  private readonly folder = mkdtempSync(join(tmpdir(), 'reactors-'));
  private readonly opened: { close(): Promise<void> }[] = [];
  private readonly running: (() => Promise<void>)[] = [];
  private holders = 0;
  private reader: SqliteReactionStore | undefined;
  readonly clock = new SetClock(new Date('2026-11-22T08:00:00.000Z'));
  /** What was attempted, in order, including failures. */
  readonly tried: string[] = [];
  readonly refused: { readonly reactor: string; readonly event: Recorded; readonly code: string; readonly given: Given }[] = [];
  /** Errors to throw, by what is to be done. */
  fault: (what: string) => Error | undefined = () => undefined;
  /** Promises to await, by what is to be done. */
  before: (what: string) => Promise<void> | undefined = () => undefined;
  /** Errors to throw when a refusal is reported. */
  officeFault: Error | undefined;
  events: SqliteEventStore;

  constructor() {
    this.events = this.openLog('events');
  }

  /** Opens another log, or the same one again. */
  openLog(name: string, known = types): SqliteEventStore {
    const events = new SqliteEventStore(join(this.folder, `${name}.sqlite`), known);
    this.opened.push(events);
    return events;
  }

  openStore(clock?: () => number, name = 'read-models'): SqliteReactionStore {
    const store = new SqliteReactionStore(join(this.folder, `${name}.sqlite`), clock);
    this.opened.push(store);
    return store;
  }

  /** Appends to the end of a stream. */
  async record(stream: string, type: string, what: string, { origin = 'person' as Origin, to = this.events } = {}): Promise<void> {
    const [before = []] = await to.streams([stream]);
    const metadata = { command: randomUUID(), correlation: `of ${what}`, by: 'zhang', origin };
    const expected = before.at(-1)?.revision ?? 'no_stream';
    await to.append([{ stream: { name: stream, subject: 'zhang' }, expected, events: [{ id: randomUUID(), type, data: { what }, metadata }] }]);
  }

  ask(stream: string, what: string, origin?: Origin): Promise<void> {
    return this.record(stream, 'Asked', what, { ...(origin && { origin }) });
  }

  /** What was done, in order. */
  async done(): Promise<readonly string[]> {
    return (await this.doings()).map(({ data }) => data.what);
  }

  async doings(): Promise<readonly Recorded<Done>[]> {
    const [events = []] = await this.events.streams(['done']);
    return events as readonly Recorded<Done>[];
  }

  async untilDone(...whats: readonly string[]): Promise<void> {
    await until(`${whats} to be done`, async () => (await this.done()).join() === whats.join());
  }

  /** The saved checkpoint of the reactor. */
  async saved(): Promise<ReactorCheckpoint | undefined> {
    this.reader ??= this.openStore();
    return savedCheckpoint(this.reader, servant);
  }

  /** Waits until all recorded events are handled, and done or held. */
  async untilTaken(): Promise<void> {
    const head = await this.events.head();
    await until('all to be taken up', async () => ((await this.saved())?.position ?? '') >= head);
  }

  start({ reactor = servant, store = this.openStore(), rounds = new ManualTime(), maxHeld = 1_000 } = {}) {
    const stopping = new AbortController();
    const reports: ReactionProgress[] = [];
    const ports = {
      events: this.events,
      store,
      clock: this.clock,
      commands: { execute: (command: Do) => this.execute(command) },
      refused: (given: Given, name: string, event: Recorded, { code }: Refusal) => this.handOn(given, name, event, code),
    };
    const settings = {
      holder: `holder-${++this.holders}`,
      heartbeatInterval: 5,
      wait: rounds.wait,
      maxHeld,
      report: (progress: ReactionProgress) => reports.push(progress),
    };
    const reacting = new ReactorRunner(reactor, ports, settings);
    const ended = reacting.run(stopping.signal);
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    this.running.push(stop);
    const untilState = (state: string) => until(`to be ${state}`, () => reports.at(-1)?.state === state);
    return { rounds, reports, stop, untilState, untilHeld: (held: number) => until(`${held} to be held`, () => reports.at(-1)?.held === held) };
  }

  async drop(): Promise<void> {
    for (const stop of this.running) await stop();
    for (const each of this.opened) await each.close();
    rmSync(this.folder, { recursive: true });
  }

  private async execute(command: Do): Promise<Appended> {
    this.tried.push(command.what);
    await this.before(command.what);
    const fault = this.fault(command.what);
    if (fault) throw fault;
    return this.events.decide(command, { name: 'done' }, done, () => [{ type: 'Done', data: { what: command.what } }]);
  }

  private async handOn(given: Given, name: string, event: Recorded, code: string): Promise<void> {
    if (this.officeFault) throw this.officeFault;
    this.refused.push({ given, reactor: name, event, code });
  }
}

export const away = new StoreUnavailable('nobody is there');
