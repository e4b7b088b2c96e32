import type { Reactions } from '../../reactions/run-reactions.js';
import type { Settings } from '../../settings/settings.js';
import { knownReactors } from './reactors.js';
import { knownTimers } from './timers.js';

/** The reactors and timers of a process with these roles. */
export function reactionsFor({ ROLES }: Pick<Settings, 'ROLES'>): Reactions {
  return { reactors: ROLES.includes('reactor') ? knownReactors : [], timers: ROLES.includes('timer') ? knownTimers : [] };
}
