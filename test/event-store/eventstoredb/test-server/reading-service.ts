import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Entry, MemoryLog } from './memory-log.js';
import { checkpointResp, confirmationResp, eventResp, faults, filterOf, notFoundResp, textOf } from './messages.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;

const BACKWARDS = 1;
/** Events of one page of the server. */
const READ_AT_ONCE = 32;
/** The error that ends a slow subscription. */
const ENDS = ['drain', 'cancelled', 'error'] as const;

/** Reads and subscriptions as in EventStoreDB 22.10: without a caught-up message, and with its unusual checkpoints. */
export class ReadingService {
  /** Buffered events after which a live consumer is dropped. */
  mostWaiting = 2_048;
  /** The number of events sent to subscriptions. */
  sent = 0;
  /** Whether filtered reads never finish. */
  searchesSilently = false;
  /** Further reads of the log that fail as if no event began there: all, or those from a position. */
  faulty: { readonly which: 'all' | 'from a place'; left: number } | undefined;
  /** Whether the user may not read stream metadata. */
  deniesMetadata = false;
  /** Reads and subscriptions that have not ended. */
  open = 0;
  private readonly subscriptions = new Set<Call>();

  constructor(private readonly log: MemoryLog) {}

  async read(call: Call): Promise<void> {
    this.open += 1;
    call.once('close', () => {
      this.open -= 1;
    });
    const options = call.request.getOptions() as ReadReq.Options;
    if (options.hasSubscription()) return this.subscribe(call, options);
    const most = Number(options.getCount());
    if (options.hasFilter() && this.searchesSilently) return;
    const entries = options.hasAll() ? this.ofAll(options, most) : this.ofStream(options)?.slice(0, most);
    if (entries === undefined) await send(call, notFoundResp(textOf(options.getStream()?.getStreamIdentifier())));
    for (const entry of entries ?? []) if (!(await send(call, eventResp(entry)))) return;
    call.end();
  }

  /** Drops subscriptions, as for a slow consumer or a node that goes down. */
  dropSubscriptions(): void {
    for (const call of this.subscriptions) call.emit('error', faults.tooSlow());
  }

  get subscribed(): number {
    return this.subscriptions.size;
  }

  private ofAll(options: ReadReq.Options, most: number): readonly Entry[] {
    const all = options.getAll();
    const position = all?.hasEnd() ? this.log.end : BigInt(all?.getPosition()?.getCommitPosition() ?? 0);
    if (!this.log.isPlace(position) || this.fails(all?.hasPosition() ?? false)) throw faults.noPlace();
    const wants = filterOf(options);
    const count = wants ? Number.POSITIVE_INFINITY : most;
    const entries = options.getReadDirection() === BACKWARDS ? this.log.before(position, count) : this.log.from(position, count);
    return wants ? entries.filter(wants).slice(0, most) : entries;
  }

  private fails(isFromPlace: boolean): boolean {
    if (!this.faulty || this.faulty.left === 0 || (this.faulty.which === 'from a place' && !isFromPlace)) return false;
    this.faulty.left -= 1;
    return true;
  }

  private ofStream(options: ReadReq.Options): readonly Entry[] | undefined {
    const stream = options.getStream();
    const name = textOf(stream?.getStreamIdentifier());
    if (this.deniesMetadata && name.startsWith('$$')) throw faults.denied();
    const entries = this.log.stream(name);
    if (entries === 'deleted') throw faults.deleted(name);
    const isBackwards = options.getReadDirection() === BACKWARDS;
    const from = stream?.hasRevision() ? Number(stream.getRevision()) : isBackwards ? Number.POSITIVE_INFINITY : 0;
    return isBackwards ? entries?.filter(({ revision }) => revision <= from).toReversed() : entries?.filter(({ revision }) => revision >= from);
  }

  private async subscribe(call: Call, options: ReadReq.Options): Promise<void> {
    const wants = filterOf(options);
    const interval = (options.getFilter()?.getMax() || 32) * (options.getFilter()?.getCheckpointintervalmultiplier() || 1);
    const all = options.getAll();
    let from = all?.hasEnd() ? this.log.end : BigInt(all?.getPosition()?.getCommitPosition() ?? -1);
    if ((from >= 0n && !this.log.isPlace(from)) || this.fails(all?.hasPosition() ?? false)) throw faults.noPlace();
    this.subscriptions.add(call);
    call.on('cancelled', () => this.subscriptions.delete(call));
    call.on('error', () => this.subscriptions.delete(call));
    if (!(await send(call, confirmationResp()))) return;

    let considered = 0;
    for (let page = this.log.after(from, READ_AT_ONCE); page.length > 0; page = this.log.after(from, READ_AT_ONCE)) {
      const begins = page[0]?.position ?? 0n;
      let position = begins; // a page in which nothing passes has its own beginning for a checkpoint
      for (const entry of page) {
        from = entry.position;
        if (wants && !wants(entry)) continue;
        position = entry.position;
        if (!(await this.sendEvent(call, entry))) return;
      }
      considered += page.length;
      if (wants && considered >= interval) {
        considered %= interval;
        if (!(await send(call, checkpointResp(position)))) return;
      }
    }
    await this.live(call, wants, interval);
  }

  private sendEvent(call: Call, entry: Entry): Promise<boolean> {
    this.sent += 1;
    return send(call, eventResp(entry));
  }

  private async live(call: Call, wants: ((entry: Entry) => boolean) | undefined, interval: number): Promise<void> {
    const caughtUp = this.log.end; // where no event stands yet, but one will
    const waiting: Entry[] = [];
    let grown = Promise.withResolvers<void>();
    const ended = this.log.onGrowth((fresh) => {
      waiting.push(...fresh);
      if (waiting.length > this.mostWaiting) call.emit('error', faults.tooSlow());
      grown.resolve();
    });
    for (const end of ['cancelled', 'error'] as const)
      call.once(end, () => {
        ended();
        grown.resolve();
      });
    if (wants && !(await send(call, checkpointResp(caughtUp)))) return;
    for (let considered = 0; this.subscriptions.has(call); ) {
      const entry = waiting.shift();
      if (!entry) {
        await grown.promise;
        grown = Promise.withResolvers();
        continue;
      }
      if ((!wants || wants(entry)) && !(await this.sendEvent(call, entry))) return;
      // its live checkpoints tell the place where it caught up, however far it has come
      if (wants && ++considered % interval === 0 && !(await send(call, checkpointResp(caughtUp)))) return;
    }
  }
}

/** Writes at the client's pace; false when the client is gone. */
async function send(call: Call, response: ReadResp): Promise<boolean> {
  if (call.cancelled || call.writableEnded) return false;
  if (call.write(response)) return true;
  await new Promise<void>((resolve) => {
    const go = () => {
      for (const end of ENDS) call.off(end, go);
      resolve();
    };
    for (const end of ENDS) call.on(end, go);
  });
  return !call.cancelled && !call.writableEnded;
}
