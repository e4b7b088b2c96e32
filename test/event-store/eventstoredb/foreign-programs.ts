import { randomUUID } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { channelCredentials, channelOptions, metadataFor, targetOf } from '../../../src/event-store/eventstoredb/connection/node.js';
import type { Endpoint } from '../../../src/event-store/eventstoredb/errors.js';
import { positionOfEvent } from '../../../src/event-store/eventstoredb/event-codec.js';
import { forEachMessage } from '../../../src/event-store/eventstoredb/message-buffer.js';
import { Empty, StreamsClient, streams, UUID } from '../../../src/event-store/eventstoredb/protocol.js';
import { backwardsRequest, identifierOf } from '../../../src/event-store/eventstoredb/requests.js';
import type { ServerAddress } from '../../../src/event-store/eventstoredb/url.js';

export interface Foreign {
  readonly type: string;
  readonly contentType?: string;
  readonly data: string | Uint8Array;
  readonly metadata?: string | Uint8Array;
}

const JSON_TYPE = 'application/json';
/** Milliseconds that the server may send nothing. */
const SILENCE = 120_000;

/** Other programs at an EventStoreDB. They write by the protocol itself, because the package's client does not allow everything. */
export class ForeignPrograms {
  private readonly client: InstanceType<typeof StreamsClient>;
  private readonly metadata: Metadata;

  constructor(address: ServerAddress, leader: Endpoint) {
    this.client = new StreamsClient(targetOf(leader), channelCredentials(address, leader), channelOptions(address, leader));
    this.metadata = metadataFor(address);
    this.metadata.set('requires-leader', 'true');
  }

  /** Appends whatever the stream holds already. */
  append(stream: string, ...events: readonly Foreign[]): Promise<void> {
    return answered((done) => {
      const call = this.client.append(this.metadata, done);
      const options = new streams.AppendReq.Options().setStreamIdentifier(identifierOf(stream)).setAny(new Empty());
      call.write(new streams.AppendReq().setOptions(options));
      for (const { type, contentType = JSON_TYPE, data, metadata = '' } of events) {
        const message = new streams.AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
        message.getMetadataMap().set('type', type).set('content-type', contentType);
        message.setData(Buffer.from(data)).setCustomMetadata(Buffer.from(metadata));
        call.write(new streams.AppendReq().setProposedMessage(message));
      }
      call.end();
    });
  }

  softDelete(stream: string): Promise<void> {
    const options = new streams.DeleteReq.Options().setStreamIdentifier(identifierOf(stream)).setAny(new Empty());
    return answered((done) => this.client.delete(new streams.DeleteReq().setOptions(options), this.metadata, done));
  }

  /** Deletes a stream with a tombstone. */
  tombstone(stream: string): Promise<void> {
    const options = new streams.TombstoneReq.Options().setStreamIdentifier(identifierOf(stream)).setAny(new Empty());
    return answered((done) => this.client.tombstone(new streams.TombstoneReq().setOptions(options), this.metadata, done));
  }

  /** Truncates a stream like `$tb` and `$maxAge`: its earlier events can no longer be read. */
  truncate(stream: string, before: number): Promise<void> {
    return this.append(`$$${stream}`, { type: '$metadata', data: JSON.stringify({ $tb: before }) });
  }

  /** Limits a stream to its last events (`$maxCount`). */
  keepLast(stream: string, count: number): Promise<void> {
    return this.append(`$$${stream}`, { type: '$metadata', data: JSON.stringify({ $maxCount: count }) });
  }

  /** Writes events of the server's own. */
  systemEvents(stream: string, count: number): Promise<void> {
    return this.append(`$$${stream}`, ...Array.from({ length: count }, () => ({ type: '$metadata', data: '{}' })));
  }

  /** The last events of the server, newest first, with the server's stream names and the port's positions. */
  async last(count: number): Promise<readonly { readonly stream: string; readonly position: string }[]> {
    const found: { readonly stream: string; readonly position: string }[] = [];
    await forEachMessage(this.client.read(backwardsRequest('end', count), this.metadata), SILENCE, (message) => {
      const event = message.getEvent()?.getEvent();
      if (event) found.push({ stream: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(), position: positionOfEvent(event) });
      return true;
    });
    return found;
  }

  close(): void {
    this.client.close();
  }
}

function answered(begin: (done: (error: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}
