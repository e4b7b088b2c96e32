import { bySubject, projection } from '../src/read-models/projection.js';
import type { AccountState, PasswordHash, Person, RegistrationEvent } from '../src/registrations/registrations.events.js';
import type { Sealed } from '../src/vault/vault.js';

export interface CandidateMajor {
  readonly major: string;
  readonly period: string;
  readonly state: 'studying' | 'graduated' | 'left';
}

/** Who the candidate is (sealed), how the account stands, and the majors taken up. */
export interface Candidate {
  readonly person?: Sealed<Person>;
  readonly photo?: string | undefined;
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
  readonly password?: Sealed<PasswordHash>;
  readonly majors: readonly CandidateMajor[];
}

export const candidate = projection<Candidate, RegistrationEvent>({
  name: 'candidate',
  version: 1,
  key: bySubject,
  empty: { district: '', registeredPeriod: '', accountState: 'normal', confirmed: false, majors: [] },
  on: {
    CandidateRegistered: (doc, { data: { person, photo, district, registeredPeriod } }) => ({ ...doc, person, photo, district, registeredPeriod }),
    CandidateCorrected: (doc, { data: { person, photo, district, registeredPeriod } }) => ({ ...doc, person, photo, district, registeredPeriod }),
    AccountStateChanged: (doc, { data: { state } }) => ({ ...doc, accountState: state }),
    SiteConfirmed: (doc) => ({ ...doc, confirmed: true }),
    SiteConfirmationWithdrawn: (doc) => ({ ...doc, confirmed: false }),
    PasswordSet: (doc, { data: { password } }) => ({ ...doc, password }),
    MajorAdded: (doc, { data: { major, period } }) => withMajor(doc, { major, period, state: 'studying' }),
    MajorGraduated: (doc, { data: { major } }) => withMajorState(doc, major, 'graduated'),
    MajorLeft: (doc, { data: { major } }) => withMajorState(doc, major, 'left'),
    CandidateForgotten: () => null,
  },
});

function withMajor(doc: Candidate, added: CandidateMajor): Candidate {
  return { ...doc, majors: [...doc.majors.filter(({ major }) => major !== added.major), added] };
}

function withMajorState(doc: Candidate, code: string, state: CandidateMajor['state']): Candidate {
  return { ...doc, majors: doc.majors.map((each) => (each.major === code ? { ...each, state } : each)) };
}
