import { bySubject, projection } from '../src/read-models/projection.js';
import type { AccountState, PasswordHash, Person, RegistrationEvent, SealedValues } from '../src/registrations/registrations.events.js';
import type { Sealed } from '../src/vault/vault.js';

export interface CandidateMajor {
  readonly major: string;
  readonly period: string;
  readonly state: 'studying' | 'graduated' | 'left';
}

/** The candidate's identity (sealed), the state of the account, and the majors. */
export interface Candidate {
  readonly person?: Sealed<Person>;
  /** Values of the person that were corrected since it was registered. */
  readonly corrected?: SealedValues | undefined;
  readonly photo?: string | undefined;
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
  readonly password?: Sealed<PasswordHash>;
  readonly majors: readonly CandidateMajor[];
}

/** While events are folded: majors by code, in the order in which they were added. */
interface Folded extends Omit<Candidate, 'majors'> {
  readonly majors: Map<string, CandidateMajor>;
}

export const candidate = projection<Candidate, RegistrationEvent, Folded>({
  name: 'candidate',
  version: 1,
  earlierFingerprints: ['d700054aa8b07005', 'c3b45c219b614a0b'],
  key: bySubject,
  empty: { district: '', registeredPeriod: '', accountState: 'normal', confirmed: false, majors: [] },
  instants: [],
  money: [],
  state: {
    open: (document) => ({ ...document, majors: new Map(document.majors.map((each) => [each.major, each])) }),
    close: (state) => ({ ...state, majors: [...state.majors.values()] }),
  },
  on: {
    CandidateRegistered: (state, { data: { person, photo, district, registeredPeriod } }) => ({ ...state, person, photo, district, registeredPeriod }),
    CandidateCorrected: ({ corrected: _, ...state }, { data: { person, photo, district, registeredPeriod } }) => ({
      ...state,
      person,
      photo,
      district,
      registeredPeriod,
    }),
    PersonCorrected: (state, { data: { values, district = state.district, registeredPeriod = state.registeredPeriod } }) => ({
      ...state,
      district,
      registeredPeriod,
      corrected: { ...state.corrected, ...values },
    }),
    AccountStateChanged: (state, { data }) => ({ ...state, accountState: data.state }),
    SiteConfirmed: (state) => ({ ...state, confirmed: true }),
    SiteConfirmationWithdrawn: (state) => ({ ...state, confirmed: false }),
    PasswordSet: (state, { data: { password } }) => ({ ...state, password }),
    MajorAdded: (state, { data: { major, period } }) => withMajor(state, { major, period, state: 'studying' }),
    MajorGraduated: (state, { data: { major } }) => withMajorState(state, major, 'graduated'),
    MajorLeft: (state, { data: { major } }) => withMajorState(state, major, 'left'),
    MajorWithdrawn: (state, { data: { major } }) => {
      state.majors.delete(major);
      return state;
    },
    RegistrationVoided: () => null,
    CandidateForgotten: () => null,
  },
});

function withMajor(state: Folded, added: CandidateMajor): Folded {
  state.majors.delete(added.major);
  state.majors.set(added.major, added);
  return state;
}

function withMajorState(state: Folded, code: string, reached: CandidateMajor['state']): Folded {
  const known = state.majors.get(code);
  if (known) state.majors.set(code, { ...known, state: reached });
  return state;
}
