import type { Recorded } from '../../event-store/event.js';
import { foldHistory } from '../../event-store/reading/fold-history.js';
import type { RegistrationEvent } from '../registrations.events.js';

/** Whether a candidate studies a major or has graduated from it, by the candidate's events. @throws StoreUnavailable */
export function studiesMajor(history: readonly Recorded[], major: string): boolean {
  let isStudied = false;
  foldHistory<RegistrationEvent>(history, {
    MajorAdded: (data) => {
      if (data.major === major) isStudied = true;
    },
    MajorLeft: (data) => {
      if (data.major === major) isStudied = false;
    },
    RegistrationVoided: () => {
      isStudied = false;
    },
    MajorWithdrawn: (data) => {
      if (data.major === major) isStudied = false;
    },
  });
  return isStudied;
}
