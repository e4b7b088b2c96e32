// The package's generated protocol definitions. They are CommonJS, so their names exist only on the default import.
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';

export const { StreamsClient } = streamsService;
export const { GossipClient } = gossipService;
export const { Empty, StreamIdentifier, UUID } = shared;
export const { Empty: EmptyMessage } = empty;
export const { Timestamp } = timestamp;
export type { BatchAppendReq, BatchAppendResp, ClusterInfo, ReadReq, ReadResp };
export { shared, streams };

export type ReadCall = ClientReadableStream<ReadResp>;
export type AppendCall = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
