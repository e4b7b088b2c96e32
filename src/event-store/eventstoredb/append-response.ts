import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Revision } from '../append.js';
import type { Position } from '../event.js';
import { AccessDenied, StreamDeleted, TransientError } from './errors.js';
import { positionOf } from './event-codec.js';

/** The stream's end after an append, or its actual revision when another was expected. */
type AppendResponse = { readonly revision: number; readonly position: Position | undefined } | { readonly actual: Revision };

/** The server's value for a position that it does not know any more, as of a repeated append. */
const UNKNOWN_POSITION = 2n ** 63n;
const PACKAGE = 'event_store.client.';

/**
 * Parses the response to an append.
 * @throws TransientError for a passing fault of the server, AccessDenied, StreamDeleted, or Error
 */
export function parseAppendResponse(answer: BatchAppendResp, stream: string): AppendResponse {
  const success = answer.getSuccess();
  if (success) {
    const place = success.getPosition();
    const [commit, prepare] = [BigInt(place?.getCommitPosition() ?? UNKNOWN_POSITION), BigInt(place?.getPreparePosition() ?? UNKNOWN_POSITION)];
    return {
      revision: Number(success.getCurrentRevision()),
      position: commit < UNKNOWN_POSITION && prepare < UNKNOWN_POSITION ? positionOf({ commit, prepare }) : undefined,
    };
  }
  const error = answer.getError();
  const details = error?.getDetails();
  const name = details?.getTypeName().slice(PACKAGE.length);
  if (details && name === 'WrongExpectedVersion') {
    const wrong = details.unpack(shared.WrongExpectedVersion.deserializeBinary, PACKAGE + name);
    return { actual: wrong?.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'no_stream' };
  }
  if (name === 'StreamDeleted') throw new StreamDeleted(stream);
  if (name === 'AccessDenied') throw new AccessDenied('write');
  if (name === 'MaximumAppendSizeExceeded') throw new Error(`the server takes less in one append than it is known to: stream ${stream}`);
  throw new TransientError(`服务器没有记录：${name || error?.getMessage() || '没有说明原因'}`); // such as a timeout, or a server that is not ready
}
