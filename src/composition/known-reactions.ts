import type { Reactions } from '../reactions/run-reactions.js';
import type { Settings } from '../settings/settings.js';
import { knownReactors } from './known-reactors.js';
import { knownTimers } from './known-timers.js';

/** What acts by itself in a process with these roles. */
export function reactionsFor({ ROLES }: Pick<Settings, 'ROLES'>): Reactions {
  return { reactors: ROLES.includes('reactor') ? knownReactors : [], timers: ROLES.includes('timer') ? knownTimers : [] };
}
