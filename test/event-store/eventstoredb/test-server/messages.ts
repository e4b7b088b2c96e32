import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status as code, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Appended, Entry, Expected, Proposed } from './memory-log.js';
import { any, empty, shared, status, streams } from './protocol-messages.js';

export const LARGEST_APPEND = 1024 * 1024;

/** An error of a gRPC call. */
export function fault(number: code, details: string, metadata: Readonly<Record<string, string>> = {}): ServiceError {
  const more = new Metadata();
  for (const [name, value] of Object.entries(metadata)) more.set(name, value);
  return Object.assign(new Error(details), { code: number, details, metadata: more });
}

export const faults = {
  notReady: () => fault(code.UNKNOWN, 'Server Is Not Ready'),
  noSpace: () => fault(code.UNKNOWN, 'There is not enough space on the disk.'),
  notLeader: (port: number | undefined) =>
    port === undefined
      ? fault(code.NOT_FOUND, 'No leader info available')
      : fault(code.NOT_FOUND, 'Leader info available', {
          exception: 'not-leader',
          'leader-endpoint-host': '127.0.0.1',
          'leader-endpoint-port': String(port),
        }),
  unauthenticated: () => fault(code.UNAUTHENTICATED, 'Bad HTTP status code: 401'),
  denied: () => fault(code.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  deleted: (stream: string) => fault(code.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream }),
  tooSlow: () => fault(code.ABORTED, 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.'),
  noPlace: () => fault(code.UNKNOWN, 'Unexpected ReadAllResult: Error'),
  tooLarge: () =>
    fault(code.INVALID_ARGUMENT, `Maximum Append Size of ${LARGEST_APPEND} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(LARGEST_APPEND),
    }),
};

export function textOf(identifier: StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function proposed(message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): Proposed {
  return {
    id: (message.getId() as UUID).getString().toLowerCase(),
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** EventStoreDB 22.10 counts only the data. */
export function isTooLarge(events: readonly Proposed[]): boolean {
  return events.reduce((sum, { data }) => sum + data.length, 0) > LARGEST_APPEND;
}

export function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasRevision() ? Number(options.getRevision()) : 'any';
}

export function expectedInBatch(options: BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any';
}

/** The response to a single append; throws errors of the call. */
export function appendResp(stream: string, expected: Expected, appended: Appended): AppendResp {
  const response = new streams.AppendResp();
  if (appended.result === 'deleted') throw faults.deleted(stream);
  if (appended.result === 'wrong version') {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (appended.actual < 0) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(appended.actual));
    if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
    if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
    if (expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
    return response.setWrongExpectedVersion(wrong);
  }
  const position = new streams.AppendResp.Position();
  position.setCommitPosition(String(appended.position)).setPreparePosition(String(appended.position));
  return response.setSuccess(new streams.AppendResp.Success().setCurrentRevision(String(appended.revision)).setPosition(position));
}

/** The response to one append of a batch call, where errors are messages too. */
export function batchResp(stream: string, expected: Expected, appended: Appended | 'too large' | 'failed' | 'denied'): BatchAppendResp {
  const response = new streams.BatchAppendResp();
  if (appended === 'failed') return response.setError(packed('Unknown', new shared.Unknown()));
  if (appended === 'denied') return response.setError(packed('AccessDenied', new shared.AccessDenied()));
  response.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64')));
  if (appended === 'too large')
    return response.setError(packed('MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().setMaxappendsize(LARGEST_APPEND)));
  if (appended.result === 'deleted') return response.setError(packed('StreamDeleted', new shared.StreamDeleted()));
  if (appended.result === 'wrong version') {
    const wrong = new shared.WrongExpectedVersion();
    if (appended.actual < 0) wrong.setCurrentNoStream(new empty.Empty());
    else wrong.setCurrentStreamRevision(String(appended.actual));
    if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected));
    if (expected === 'no_stream') wrong.setExpectedNoStream(new empty.Empty());
    if (expected === 'stream_exists') wrong.setExpectedStreamExists(new empty.Empty());
    return response.setError(packed('WrongExpectedVersion', wrong));
  }
  const position = new shared.AllStreamPosition().setCommitPosition(String(appended.position)).setPreparePosition(String(appended.position));
  return response.setSuccess(new streams.BatchAppendResp.Success().setCurrentRevision(String(appended.revision)).setPosition(position));
}

function packed(name: string, details: { serializeBinary(): Uint8Array }) {
  const packing = new any.Any();
  packing.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new status.Status().setDetails(packing);
}

export function eventResp({ id, stream, revision, type, contentType, data, metadata, created, position }: Entry): ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  event.setId(new shared.UUID().setString(id)).setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64')));
  event.setStreamRevision(String(revision)).setCommitPosition(String(position)).setPreparePosition(String(position));
  event.setData(data).setCustomMetadata(metadata);
  event.getMetadataMap().set('type', type).set('content-type', contentType).set('created', String(created));
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(position)));
}

export function notFoundResp(stream: string): ReadResp {
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));
  return new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier));
}

export function checkpointResp(position: bigint): ReadResp {
  return new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)));
}

export function confirmationResp(): ReadResp {
  return new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()));
}

/** The filter of a subscription; undefined when it has none. */
export function filterOf(options: ReadReq.Options): ((entry: Entry) => boolean) | undefined {
  const filter = options.getFilter();
  if (!filter) return undefined;
  const expression = filter.getEventType() ?? filter.getStreamIdentifier();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = new RegExp(expression?.getRegex() ?? '');
  const subject = ({ type, stream }: Entry) => (filter.hasEventType() ? type : stream);
  return prefixes.length > 0 ? (entry) => prefixes.some((prefix) => subject(entry).startsWith(prefix)) : (entry) => regex.test(subject(entry));
}
