import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidate as candidates } from '../../projections/candidate.js';
import type { RegistrationStatus, StudyState } from '../../src/registrations/candidate.decider.js';
import { candidate, forgetCandidate, recordMajor, registerCandidate, setPassword } from '../../src/registrations/candidate.decider.js';
import { ForgetCandidate } from '../../src/registrations/forget-candidate.command.js';
import { RecordMajor } from '../../src/registrations/majors/record-major.command.js';
import { SetPassword } from '../../src/registrations/passwords/set-password.command.js';
import { RegisterCandidate } from '../../src/registrations/register-candidate.command.js';
import type { PasswordHash, Person, Registration, RegistrationEvent } from '../../src/registrations/registrations.events.js';
import type { Sealed } from '../../src/vault/vault.js';
import { anyGiven, documentOf, lastRecordedWins } from '../decided.js';
import { given } from '../given.js';
import { person } from './person.js';

const candidateId = 'c1';
const normal: RegistrationStatus = { district: '房山区', registeredPeriod: '1804', accountState: 'normal', confirmed: false };

interface Changes {
  readonly status?: Partial<RegistrationStatus>;
  readonly digest?: string;
  readonly photo?: string;
}

let sealings = 0;

/** A registration as its handler gives it to the decider: what is sealed looks different each time. */
function registration({ status: changes, digest = 'of 李艳', photo }: Changes = {}) {
  const status = { ...normal, ...changes };
  const sealed = `${digest}, sealed for the ${++sealings}th time` as Sealed<Person>;
  const data: Registration = {
    candidateId,
    district: status.district,
    registeredPeriod: status.registeredPeriod,
    person: sealed,
    photo,
    digest,
  };
  return { command: new RegisterCandidate(anyGiven, person, status), registration: data };
}

const register = (state: ReturnType<typeof candidate.initial>, said: ReturnType<typeof registration>) =>
  registerCandidate(state, said.command, said.registration);

const registered: RegistrationEvent = { type: 'CandidateRegistered', data: registration().registration };
const stateChanged = (state: RegistrationStatus['accountState']): RegistrationEvent => ({ type: 'AccountStateChanged', data: { candidateId, state } });
const confirmed: RegistrationEvent = { type: 'SiteConfirmed', data: { candidateId } };
const withdrawn: RegistrationEvent = { type: 'SiteConfirmationWithdrawn', data: { candidateId } };
const forgotten: RegistrationEvent = { type: 'CandidateForgotten', data: { candidateId } };

describe('RegisterCandidate', () => {
  it('RegisterCandidate registers a new candidate, without events for a normal account and a missing confirmation', () => {
    const said = registration();
    given(candidate, [])
      .when((state) => register(state, said))
      .then([{ type: 'CandidateRegistered', data: said.registration }]);
  });

  it('RegisterCandidate records a frozen account and a site confirmation together with the registration', () => {
    const said = registration({ status: { accountState: 'frozen', confirmed: true } });
    given(candidate, [])
      .when((state) => register(state, said))
      .then([{ type: 'CandidateRegistered', data: said.registration }, stateChanged('frozen'), confirmed]);
  });

  it('RegisterCandidate records nothing when nothing changed, although the values are sealed again', () =>
    given(candidate, [registered])
      .when((state) => register(state, registration()))
      .then([]));

  it.each<[string, Changes]>([
    ['the person', { digest: 'of 李燕' }],
    ['the photo', { photo: 'digest of a photo' }],
    ['the district', { status: { district: '西城区' } }],
    ['the period of registration', { status: { registeredPeriod: '1810' } }],
  ])('RegisterCandidate corrects %s', (_, change) => {
    const said = registration(change);
    given(candidate, [registered])
      .when((state) => register(state, said))
      .then([{ type: 'CandidateCorrected', data: said.registration }]);
  });

  it('RegisterCandidate records only the account state when only that changed, also back to normal', () => {
    given(candidate, [registered])
      .when((state) => register(state, registration({ status: { accountState: 'suspended' } })))
      .then([stateChanged('suspended')]);
    given(candidate, [registered, stateChanged('suspended')])
      .when((state) => register(state, registration()))
      .then([stateChanged('normal')]);
  });

  it('RegisterCandidate records a site confirmation once, its withdrawal, and a new confirmation', () => {
    const said = () => registration({ status: { confirmed: true } });
    given(candidate, [registered])
      .when((state) => register(state, said()))
      .then([confirmed]);
    given(candidate, [registered, confirmed])
      .when((state) => register(state, said()))
      .then([]);
    given(candidate, [registered, confirmed])
      .when((state) => register(state, registration()))
      .then([withdrawn]);
    given(candidate, [registered, confirmed, withdrawn])
      .when((state) => register(state, said()))
      .then([confirmed]);
  });

  it('RegisterCandidate is refused for a forgotten candidate', () =>
    given(candidate, [registered, forgotten])
      .when((state) => register(state, registration()))
      .refuses('candidate.forgotten'));

  it('RegisterCandidate ends in the state that was recorded last, whatever was recorded before', () =>
    lastRecordedWins({
      decider: candidate,
      decide: register,
      commands: fc
        .record({
          digest: fc.constantFrom('of 李艳', 'of 李燕'),
          photo: fc.constantFrom('', 'one', 'another'),
          accountState: fc.constantFrom('normal', 'frozen', 'suspended', 'closed'),
          confirmed: fc.boolean(),
          district: fc.constantFrom('房山区', '西城区'),
        })
        .map(({ digest, photo, ...status }) => registration({ digest, status, ...(photo !== '' && { photo }) })),
      shown: (events) => {
        const document = documentOf(candidates, events);
        return { ...document, person: document?.person?.split(',')[0] };
      },
    }));
});

describe('SetPassword', () => {
  const password = 'sealed' as Sealed<PasswordHash>;
  const command = new SetPassword(anyGiven, candidateId, '$argon2id$…');
  const set: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password } };

  it('SetPassword sets a password where the account has none', () =>
    given(candidate, [registered])
      .when((state) => setPassword(state, command, password))
      .then([set]));

  it('SetPassword leaves an existing password as it is', () =>
    given(candidate, [registered, set])
      .when((state) => setPassword(state, command, 'sealed otherwise' as Sealed<PasswordHash>))
      .then([]));

  it('SetPassword is refused for an unknown and for a forgotten candidate', () => {
    given(candidate, [])
      .when((state) => setPassword(state, command, password))
      .refuses('candidate.unknown');
    given(candidate, [registered, forgotten])
      .when((state) => setPassword(state, command, password))
      .refuses('candidate.forgotten');
  });
});

describe('RecordMajor', () => {
  const record = (state: StudyState, period = '1810') => new RecordMajor(anyGiven, candidateId, '01B0204', state, period);
  const added = (period = '1810'): RegistrationEvent => ({ type: 'MajorAdded', data: { candidateId, major: '01B0204', period } });
  const graduated: RegistrationEvent = { type: 'MajorGraduated', data: { candidateId, major: '01B0204' } };
  const left: RegistrationEvent = { type: 'MajorLeft', data: { candidateId, major: '01B0204' } };

  it.each<[string, RegistrationEvent[], RecordMajor, RegistrationEvent[]]>([
    ['is taken up', [], record('studying'), [added()]],
    ['is taken up and graduated from before all records', [], record('graduated'), [added(), graduated]],
    ['is taken up and left before all records', [], record('left'), [added(), left]],
    ['is recorded once', [added()], record('studying'), []],
    ['is graduated from', [added()], record('graduated'), [graduated]],
    ['is graduated from once', [added(), graduated], record('graduated'), []],
    ['is left', [added()], record('left'), [left]],
    ['is left rather than graduated from', [added(), graduated], record('left'), [left]],
    ['is taken up again', [added(), left], record('studying'), [added()]],
    ['was taken up in another period', [added()], record('studying', '1904'), [added('1904')]],
    ['was taken up in another period and graduated from', [added(), graduated], record('graduated', '1904'), [added('1904'), graduated]],
  ])('RecordMajor %s', (_, before, command, after) =>
    given(candidate, [registered, ...before])
      .when((state) => recordMajor(state, command))
      .then(after),
  );

  it('RecordMajor is refused for an unknown and for a forgotten candidate', () => {
    given(candidate, [])
      .when((state) => recordMajor(state, record('studying')))
      .refuses('candidate.unknown');
    given(candidate, [registered, forgotten])
      .when((state) => recordMajor(state, record('studying')))
      .refuses('candidate.forgotten');
  });

  it('RecordMajor ends in the state that was recorded last', () =>
    lastRecordedWins({
      decider: { ...candidate, initial: () => candidate.evolve(candidate.initial(), registered) },
      decide: recordMajor,
      commands: fc
        .tuple(fc.constantFrom<StudyState>('studying', 'graduated', 'left'), fc.constantFrom('1810', '1904'))
        .map(([state, period]) => record(state, period)),
      shown: (events) => documentOf(candidates, events),
    }));
});

describe('ForgetCandidate', () => {
  const forget = (state: ReturnType<typeof candidate.initial>) => forgetCandidate(state, new ForgetCandidate(anyGiven, candidateId));

  it('ForgetCandidate is recorded once', () => {
    given(candidate, [registered]).when(forget).then([forgotten]);
    given(candidate, [registered, forgotten]).when(forget).then([]);
  });

  it('ForgetCandidate is refused for an unknown candidate', () => given(candidate, []).when(forget).refuses('candidate.unknown'));

  it('ForgetCandidate leaves no document of the candidate', () => expect(documentOf(candidates, [registered, confirmed, forgotten])).toBeUndefined());
});
