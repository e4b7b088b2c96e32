import type { EventTypes } from '../../../event-store/event-types.js';
import type { HandlerClass } from '../../../event-store/handler.js';
import type { Reactor } from '../../../reactions/reactor.js';
import type { Projection } from '../../../read-models/projection.js';
import type { CorrectionKind } from '../correction.js';
import type { CorrectionName } from '../corrections.events.js';

/** What this release decides, projects and reacts by: corrections are previewed and applied by nothing else. */
export interface CorrectionRelease {
  readonly kinds: { readonly [Name in CorrectionName]: CorrectionKind };
  readonly handlers: readonly HandlerClass[];
  readonly projections: readonly Projection[];
  readonly reactors: readonly Reactor[];
  readonly eventTypes: EventTypes;
}
