import { bySubject, projection } from '../src/read-models/projection.js';
import type { RegistrationEvent } from '../src/registrations/registrations.events.js';

/** Which district 考区 a candidate belongs to, for whoever of the office may see the candidates of some districts alone. */
export interface CandidateDistrict {
  /** Unset where nobody was registered under the id. It stays once somebody is forgotten, or the registration was voided. */
  readonly district?: string;
  /** Forgotten, or never should have been registered: no longer on the district's list. */
  readonly gone?: true;
}

/** Of each candidate; found by the district. */
export const candidateDistricts = projection<CandidateDistrict, RegistrationEvent>({
  name: 'candidate-districts',
  version: 1,
  key: bySubject,
  empty: {},
  instants: [],
  money: [],
  lookups: { district: ({ district, gone }) => (district === undefined || gone ? [] : [district]) },
  on: {
    CandidateRegistered: (_, { data: { district } }) => ({ district }),
    CandidateCorrected: (_, { data: { district } }) => ({ district }),
    PersonCorrected: (document, { data: { district } }) => (district === undefined ? document : { ...document, district }),
    RegistrationVoided: (document) => ({ ...document, gone: true }),
    CandidateForgotten: (document) => ({ ...document, gone: true }),
  },
});
