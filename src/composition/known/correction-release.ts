import type { CorrectionRelease } from '../../office/corrections/preview/release.js';
import { knownCommandHandlers } from './command-handlers.js';
import { knownCorrections } from './corrections.js';
import { knownEvents } from './events.js';
import { knownProjections } from './projections.js';
import { knownReactors } from './reactors.js';

/** What corrections are previewed and applied by. */
export const correctionRelease: CorrectionRelease = {
  kinds: knownCorrections,
  handlers: knownCommandHandlers,
  projections: knownProjections,
  reactors: knownReactors,
  eventTypes: knownEvents,
};
