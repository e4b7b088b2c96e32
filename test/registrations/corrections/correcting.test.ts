import { describe, expect, it } from '@jest/globals';
import type { WindowState } from '../../../src/catalogue/catalogue.events.js';
import { candidate, forgetCandidate, registerCandidate, type StudyState } from '../../../src/registrations/candidate.decider.js';
import { confirmationWindows } from '../../../src/registrations/confirmation/confirmation-window.js';
import {
  changeAccountState,
  confirmSite,
  correctMajor,
  type MajorChanges,
  voidRegistration,
  withdrawMajor,
  withdrawSiteConfirmation,
} from '../../../src/registrations/corrections/correcting.decider.js';
import { studiesMajor } from '../../../src/registrations/majors/studies-major.js';
import type { AccountState, Person, RegistrationEvent } from '../../../src/registrations/registrations.events.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { given } from '../../given.js';
import { MemoryEventStore } from '../../read-models/memory.event-store.js';

const candidateId = 'c1';
const registered: RegistrationEvent = {
  type: 'CandidateRegistered',
  data: { candidateId, district: '西城区', registeredPeriod: '2704', person: 'sealed' as Sealed<Person>, digest: 'digest' },
};
const confirmed: RegistrationEvent = { type: 'SiteConfirmed', data: { candidateId } };
const withdrawn: RegistrationEvent = { type: 'SiteConfirmationWithdrawn', data: { candidateId } };
const forgotten: RegistrationEvent = { type: 'CandidateForgotten', data: { candidateId } };
const stateChanged = (state: AccountState): RegistrationEvent => ({ type: 'AccountStateChanged', data: { candidateId, state } });
const in2704 = (window: WindowState) => (period: string) => (period === '2704' ? window : 'closed');

describe('A site confirmation', () => {
  it('A site confirmation is recorded by the office of the district while its candidates may confirm, and once', () => {
    given(candidate, [registered])
      .when((state) => confirmSite(state, { candidateId, district: '西城区' }, in2704('open')))
      .then([confirmed]);
    given(candidate, [registered, confirmed])
      .when((state) => confirmSite(state, { candidateId, district: '西城区' }, in2704('open')))
      .then([]);
  });

  it('A site confirmation is taken back by the office, and once', () => {
    given(candidate, [registered, confirmed])
      .when((state) => withdrawSiteConfirmation(state, { candidateId, district: '西城区' }, in2704('open')))
      .then([withdrawn]);
    given(candidate, [registered])
      .when((state) => withdrawSiteConfirmation(state, { candidateId, district: '西城区' }, in2704('open')))
      .then([]);
  });

  it.each([confirmSite, withdrawSiteConfirmation])(
    'A site confirmation is refused to the office of another district as of nobody, and outside the time: %p',
    (decide) => {
      given(candidate, [registered])
        .when((state) => decide(state, { candidateId, district: '东城区' }, in2704('open')))
        .refuses('candidate.unknown');
      for (const window of ['not_open', 'closed'] as const)
        given(candidate, [registered])
          .when((state) => decide(state, { candidateId, district: '西城区' }, in2704(window)))
          .refuses(`confirmation.${window}`);
      given(candidate, [])
        .when((state) => decide(state, { candidateId, district: '西城区' }, in2704('open')))
        .refuses('candidate.unknown');
      given(candidate, [registered, forgotten])
        .when((state) => decide(state, { candidateId }, in2704('open')))
        .refuses('candidate.forgotten');
    },
  );

  it('A site confirmation is corrected by the city authority at any time, but for a closed account', () => {
    given(candidate, [registered])
      .when((state) => confirmSite(state, { candidateId }, in2704('closed')))
      .then([confirmed]);
    given(candidate, [registered, confirmed])
      .when((state) => withdrawSiteConfirmation(state, { candidateId }, in2704('closed')))
      .then([withdrawn]);
    given(candidate, [registered, stateChanged('closed')])
      .when((state) => confirmSite(state, { candidateId }, in2704('open')))
      .refuses('candidate.closed');
  });

  it('A site confirmation has the ends of the registration where its own are not announced', () => {
    const registration = { opens: '2026-11-16T01:00:00.000Z', closes: '2026-12-06T09:00:00.000Z' };
    const periodWith = (confirmation: object) => ({ period: () => ({ registration, confirmation }) as never });
    expect(confirmationWindows(periodWith({}), '2026-11-16T01:00:00.000Z')('2704')).toBe('open');
    expect(confirmationWindows(periodWith({ closes: '2026-12-08T16:00:00.000Z' }), '2026-12-07T00:00:00.000Z')('2704')).toBe('open');
    expect(confirmationWindows(periodWith({ opens: '2026-11-18T01:00:00.000Z' }), '2026-11-17T00:00:00.000Z')('2704')).toBe('not_open');
    expect(confirmationWindows({ period: () => undefined }, '2026-11-17T00:00:00.000Z')('2704')).toBe('not_open');
  });
});

describe('A registration that should never have been recorded', () => {
  const voided: RegistrationEvent = { type: 'RegistrationVoided', data: { candidateId } };
  const take =
    (hasOpenBill = false) =>
    (state: ReturnType<typeof candidate.initial>) =>
      voidRegistration(state, { candidateId }, hasOpenBill);

  it('A registration that should never have been recorded is voided once, and not while a bill is due or paid', () => {
    given(candidate, [registered, confirmed]).when(take()).then([voided]);
    given(candidate, [registered]).when(take(true)).refuses('candidate.billed');
    given(candidate, [registered, voided]).when(take()).refuses('candidate.unknown');
    given(candidate, []).when(take()).refuses('candidate.unknown');
  });

  it('A registration that should never have been recorded leaves nothing for those who register again, and can still be forgotten', () => {
    const { type: _, data } = registered as RegistrationEvent & { type: 'CandidateRegistered' };
    const status = { district: '西城区', registeredPeriod: '2704', accountState: 'normal', confirmed: false } as const;
    given(candidate, [registered, confirmed, stateChanged('frozen'), voided])
      .when((state) => registerCandidate(state, { status }, data))
      .then([registered]);
    given(candidate, [registered, voided])
      .when((state) => forgetCandidate(state, { candidateId }))
      .then([forgotten]);
  });
});

describe("An account's state", () => {
  it('An account’s state is changed by itself, and back to normal, once each', () => {
    given(candidate, [registered])
      .when((state) => changeAccountState(state, { candidateId, state: 'frozen' }))
      .then([stateChanged('frozen')]);
    given(candidate, [registered, stateChanged('frozen')])
      .when((state) => changeAccountState(state, { candidateId, state: 'normal' }))
      .then([stateChanged('normal')]);
    given(candidate, [registered])
      .when((state) => changeAccountState(state, { candidateId, state: 'normal' }))
      .then([]);
    given(candidate, [])
      .when((state) => changeAccountState(state, { candidateId, state: 'frozen' }))
      .refuses('candidate.unknown');
  });
});

describe("A candidate's major", () => {
  const major = '01B0101';
  const added = (period: string): RegistrationEvent => ({ type: 'MajorAdded', data: { candidateId, major, period } });
  const graduated: RegistrationEvent = { type: 'MajorGraduated', data: { candidateId, major } };
  const left: RegistrationEvent = { type: 'MajorLeft', data: { candidateId, major } };
  const taken: RegistrationEvent = { type: 'MajorWithdrawn', data: { candidateId, major } };

  it.each<[string, RegistrationEvent[], MajorChanges, RegistrationEvent[]]>([
    ['its state, with its period', [added('2604')], { state: 'graduated' }, [graduated]],
    ['its state back', [added('2604'), left], { state: 'studying' }, [added('2604')]],
    ['its period, with its state', [added('2604'), graduated], { period: '2610' }, [added('2610'), graduated]],
    ['a new one, which is studied', [], { period: '2610' }, [added('2610')]],
    ['nothing that is so already', [added('2604')], { state: 'studying' }, []],
  ])('A candidate’s major is corrected in what is named: %s', (_, before, changes, after) =>
    given(candidate, [registered, ...before])
      .when((state) => correctMajor(state, { candidateId, major, changes }))
      .then(after),
  );

  it('A candidate’s major needs its period where there is none yet', () =>
    given(candidate, [registered])
      .when((state) => correctMajor(state, { candidateId, major, changes: { state: 'graduated' satisfies StudyState } }))
      .refuses('major.no_period', { major }));

  it('A candidate’s major is taken back as if it had never been added, once, and can be added again', () => {
    given(candidate, [registered, added('2604'), graduated])
      .when((state) => withdrawMajor(state, { candidateId, major }))
      .then([taken]);
    given(candidate, [registered, added('2604'), taken])
      .when((state) => withdrawMajor(state, { candidateId, major }))
      .then([]);
    given(candidate, [registered, added('2604'), taken])
      .when((state) => correctMajor(state, { candidateId, major, changes: { period: '2604' } }))
      .then([added('2604')]);
  });

  it('A candidate’s major is not studied any more once it is taken back', async () => {
    const log = new MemoryEventStore();
    log.tell([{ ...added('2604'), subject: candidateId }]);
    expect(studiesMajor(await log.subject(candidateId), major)).toBe(true);
    log.tell([{ ...taken, subject: candidateId }]);
    expect(studiesMajor(await log.subject(candidateId), major)).toBe(false);
  });
});
