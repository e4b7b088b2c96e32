import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream, ServerReadableStream } from '@grpc/grpc-js';
import type { Appended, Expected, MemoryLog, Proposed } from './memory-log.js';
import { appendResp, batchResp, expectedInBatch, expectedOf, faults, isTooLarge, proposed, textOf } from './messages.js';
import { empty, shared } from './protocol-messages.js';

/** A received append. */
export interface Received {
  readonly stream: string;
  readonly expected: Expected;
  readonly ids: readonly string[];
}

/** Appends as EventStoreDB 22.10 does: one per call, or many in one call. */
export class AppendingService {
  readonly received: Received[] = [];
  /** How many further appends are done but not answered until they are released. */
  unanswered = 0;
  /** Whether the disk is full. */
  full = false;
  /** Whether repeated appends are answered without their position. */
  forgetsPlaces = false;
  private held = Promise.withResolvers<void>();

  constructor(private readonly log: MemoryLog) {}

  /** Sends the answers that were held back. */
  release(): void {
    this.held.resolve();
    this.held = Promise.withResolvers();
  }

  async append(call: ServerReadableStream<AppendReq, AppendResp>): Promise<AppendResp> {
    let options: AppendReq.Options | undefined;
    const events: Proposed[] = [];
    for await (const request of call as AsyncIterable<AppendReq>) {
      options = request.getOptions() ?? options;
      const message = request.getProposedMessage();
      if (message) events.push(proposed(message));
    }
    const stream = textOf(options?.getStreamIdentifier());
    const expected = expectedOf(options as AppendReq.Options);
    if (isTooLarge(events)) throw faults.tooLarge();
    const appended = await this.done({ stream, expected, ids: events.map(({ id }) => id) }, events);
    const response = appendResp(stream, expected, appended);
    if (appended.result === 'known' && this.forgetsPlaces) response.getSuccess()?.setNoPosition(new shared.Empty());
    return response;
  }

  /**
   * @param refuse throws when the node refuses the call; returns true when it is frozen and does not answer
   * @param mayWrite whether the user may write; a refused append is answered, and the call continues
   */
  async batchAppend(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>, refuse: () => boolean, mayWrite: () => boolean): Promise<void> {
    const begun = new Map<string, { readonly options: BatchAppendReq.Options; readonly events: Proposed[] }>();
    const answering = new Set<Promise<void>>();
    for await (const request of call as AsyncIterable<BatchAppendReq>) {
      if (refuse()) continue;
      const id = request.getCorrelationId()?.getString() ?? '';
      const batch = begun.get(id) ?? { options: request.getOptions() as BatchAppendReq.Options, events: [] };
      begun.set(id, batch);
      batch.events.push(...request.getProposedMessagesList().map(proposed));
      if (!request.getIsFinal()) continue;
      begun.delete(id);
      const answer = (mayWrite() ? this.answerOf(batch.options, batch.events) : this.denied(batch.options)).then((found) => {
        call.write(found.setCorrelationId(request.getCorrelationId()));
        answering.delete(answer);
      });
      answering.add(answer);
    }
    await Promise.all(answering);
    call.end();
  }

  private async denied(options: BatchAppendReq.Options): Promise<BatchAppendResp> {
    return batchResp(textOf(options.getStreamIdentifier()), expectedInBatch(options), 'denied');
  }

  private async answerOf(options: BatchAppendReq.Options, events: readonly Proposed[]): Promise<BatchAppendResp> {
    const stream = textOf(options.getStreamIdentifier());
    const expected = expectedInBatch(options);
    if (isTooLarge(events)) return batchResp(stream, expected, 'too large');
    if (this.full) return batchResp(stream, expected, 'failed');
    const appended = await this.done({ stream, expected, ids: events.map(({ id }) => id) }, events);
    const response = batchResp(stream, expected, appended);
    if (appended.result === 'known' && this.forgetsPlaces) response.getSuccess()?.setNoPosition(new empty.Empty());
    return response;
  }

  private async done(received: Received, events: readonly Proposed[]): Promise<Appended> {
    this.received.push(received);
    if (this.full) throw faults.noSpace();
    const appended = this.log.append(received.stream, received.expected, events);
    if (this.unanswered > 0) {
      this.unanswered -= 1;
      await this.held.promise;
    }
    return appended;
  }
}
