import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Revision } from '../append.js';
import type { Position } from '../event.js';
import { AccessDenied, StreamDeleted, TransientError } from './errors.js';
import { positionOf } from './event-codec.js';

/** Where the stream ends now, or where it was instead of where it was thought to be. */
type AppendResponse = { readonly revision: number; readonly position: Position | undefined } | { readonly actual: Revision };

/** What the server calls places that it does not know any more, as of an append that it has done before. */
const UNKNOWN_POSITION = 2n ** 63n;
const PACKAGE = 'event_store.client.';

/**
 * What the answer to an append says.
 * @throws Passing when nothing is known to be wrong with it, AccessDenied, StreamDeleted, or Error
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
  throw new TransientError(`the server has not appended it: ${name || error?.getMessage() || 'it says no reason'}`); // such as Timeout, or that it is not ready
}
