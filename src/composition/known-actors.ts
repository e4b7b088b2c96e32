import type { Actors } from '../reactions/run-actors.js';
import type { Settings } from '../settings/settings.js';
import { knownReactors } from './known-reactors.js';
import { knownTimers } from './known-timers.js';

/** What acts by itself in a process with these roles. */
export function actorsFor({ ROLES }: Pick<Settings, 'ROLES'>): Actors {
  return { reactors: ROLES.includes('reactor') ? knownReactors : [], timers: ROLES.includes('timer') ? knownTimers : [] };
}
