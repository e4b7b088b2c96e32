import { describe, it } from '@jest/globals';
import type { ResetProof } from '../../../src/registrations/candidate.decider.js';
import { candidate, followPassword, issueResetCode, redeemReset, rehashPassword, replacePassword } from '../../../src/registrations/candidate.decider.js';
import { FollowPassword } from '../../../src/registrations/passwords/follow-password.command.js';
import { IssueResetCode } from '../../../src/registrations/passwords/issue-reset-code.command.js';
import { RedeemReset } from '../../../src/registrations/passwords/redeem-reset.command.js';
import { RehashPassword } from '../../../src/registrations/passwords/rehash-password.command.js';
import { ReplacePassword } from '../../../src/registrations/passwords/replace-password.command.js';
import type { PasswordHash, Person, RegistrationEvent } from '../../../src/registrations/registrations.events.js';
import type { PasswordRefusal } from '../../../src/registrations/registrations.refusals.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { anyGiven } from '../../decided.js';
import { given } from '../../given.js';

const candidateId = 'c1';
const until = '2026-10-02T01:00:00.000Z';
const old = 'sealed before' as Sealed<PasswordHash>;
const password = 'sealed now' as Sealed<PasswordHash>;
const registered: RegistrationEvent = {
  type: 'CandidateRegistered',
  data: { candidateId, district: '房山区', registeredPeriod: '1804', person: 'sealed' as Sealed<Person>, digest: 'of 李艳' },
};
const closed: RegistrationEvent = { type: 'AccountStateChanged', data: { candidateId, state: 'closed' } };
const forgotten: RegistrationEvent = { type: 'CandidateForgotten', data: { candidateId } };
const hadOne: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password: old } };
const everywhere = { at: anyGiven.at, others: 'sealed' as Sealed<readonly string[]> };
const hasNew: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password, everywhere } };
const issued = (code: string): RegistrationEvent => ({ type: 'ResetCodeIssued', data: { candidateId, code, until } });
const reset = (way: 'code' | 'real_name'): RegistrationEvent => ({ type: 'PasswordReset', data: { candidateId, way } });

const byCode = (code: string): ResetProof => ({ way: 'code', code });
const redeem = (proof: ResetProof, { at = anyGiven.at, unfit }: { at?: string; unfit?: PasswordRefusal } = {}) =>
  new RedeemReset({ ...anyGiven, at }, candidateId, proof, '$argon2id$…', [], unfit);
const redeeming = (events: readonly RegistrationEvent[], command: RedeemReset) =>
  given(candidate, events).when((state) => redeemReset(state, command, () => ({ password, everywhere })));

describe('ReplacePassword', () => {
  const session = { session: 's', began: anyGiven.at };
  const replace = new ReplacePassword(anyGiven, candidateId, '$argon2id$…', 'set before', [], session);
  const replacing = (events: readonly RegistrationEvent[], passwordEvent = 'set before') =>
    given(candidate, events).when((state) => replacePassword(state, replace, { passwordEvent, own: old, password, everywhere }));

  it('ReplacePassword replaces the known password', () => replacing([registered, hadOne]).then([hasNew]));
  it('ReplacePassword is refused when the password was changed meanwhile', () =>
    replacing([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
  it('ReplacePassword is refused when another password was set meanwhile at another number of the person', () =>
    replacing([registered, hadOne], 'set there').refuses('password.replaced_meanwhile'));
  it('ReplacePassword is refused for an account without a password', () => replacing([registered]).refuses('password.replaced_meanwhile'));
  it('ReplacePassword is refused for an unknown candidate', () => replacing([]).refuses('candidate.unknown'));
  it('ReplacePassword is refused for a forgotten candidate', () => replacing([registered, hadOne, forgotten]).refuses('candidate.forgotten'));
});

describe('RehashPassword', () => {
  const rehashing = (events: readonly RegistrationEvent[]) =>
    given(candidate, events).when((state) => rehashPassword(state, new RehashPassword(anyGiven, candidateId, '$argon2id$…', old), password));

  it('RehashPassword stores a better hash of the same password', () =>
    rehashing([registered, hadOne]).then([{ type: 'PasswordSet', data: { candidateId, password, rehashed: true } }]));
  it('RehashPassword is refused when the password was changed meanwhile', () => rehashing([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
});

describe('A password set at another number of the person', () => {
  const follow = new FollowPassword(anyGiven, candidateId, 'set there');
  const follows: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password, copyOf: 'set there' } };
  const byOther: RegistrationEvent = { type: 'PasswordReset', data: { candidateId, way: 'other_number' } };
  const following = (events: readonly RegistrationEvent[], facts: Parameters<typeof followPassword>[2] = { own: old, password }) =>
    given(candidate, events).when((state) => followPassword(state, follow, facts));

  it('A password set at another number of the person is recorded at this number', () => following([registered, hadOne]).then([byOther, follows]));
  it('A password set at another number of the person becomes the first password of a number without one', () =>
    following([registered], { password }).then([byOther, follows]));
  it('A password set at another number of the person is not recorded where it is not in force any more, or is recorded already', () =>
    following([registered, hadOne], { own: old }).then([]));
  it.each<[string, RegistrationEvent[]]>([
    ['closed', [registered, hadOne, closed]],
    ['forgotten', [registered, hadOne, forgotten]],
    ['unknown', []],
  ])('A password set at another number of the person is not recorded for an account that is %s', (_, events) => following(events).then([]));
  it('A password set at another number of the person never replaces a password that was set meanwhile', () =>
    following([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
  it('A password set at another number of the person makes an issued code invalid', () => {
    redeeming([registered, issued('first'), byOther, follows], redeem(byCode('first'))).refuses('reset.not_proved');
  });
});

describe('A code for a new password', () => {
  const issue = new IssueResetCode(anyGiven, candidateId, 'first', until);
  const issuing = (events: readonly RegistrationEvent[]) => given(candidate, events).when((state) => issueResetCode(state, issue));

  it('A code for a new password is issued, also for an account without a password', () => issuing([registered]).then([issued('first')]));
  it('A code for a new password is not issued for an unknown candidate', () => issuing([]).refuses('candidate.unknown'));
  it('A code for a new password is not issued for a forgotten candidate', () => issuing([registered, forgotten]).refuses('candidate.forgotten'));
  it('A code for a new password is not issued for a closed account', () => issuing([registered, closed]).refuses('candidate.closed'));

  it('A code for a new password sets a new password', () =>
    redeeming([registered, hadOne, issued('first')], redeem(byCode('first'))).then([reset('code'), hasNew]));
  it('A code for a new password sets a first password', () => redeeming([registered, issued('first')], redeem(byCode('first'))).then([reset('code'), hasNew]));
  it('A code for a new password is valid once', () =>
    redeeming([registered, issued('first'), reset('code'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved'));
  it('A code for a new password is not valid after a newer code was issued', () =>
    redeeming([registered, issued('first'), issued('second')], redeem(byCode('first'))).refuses('reset.not_proved'));
  it('A code for a new password is replaced by the newer code', () =>
    redeeming([registered, issued('first'), issued('second')], redeem(byCode('second'))).then([reset('code'), hasNew]));
  it('A code for a new password is not valid after its time', () =>
    redeeming([registered, issued('first')], redeem(byCode('first'), { at: until })).refuses('reset.not_proved'));
  it('A code for a new password is not valid after a password was set in another way', () =>
    redeeming([registered, issued('first'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved'));
  it.each<[string, RegistrationEvent[]]>([
    ['another code was issued', [registered, issued('other')]],
    ['no code was issued', [registered]],
    ['there is no such candidate', []],
    ['the candidate was forgotten', [registered, issued('first'), forgotten]],
    ['the account was closed since', [registered, issued('first'), closed]],
  ])('A code for a new password is refused with the same reason where %s', (_, events) =>
    redeeming(events, redeem(byCode('first'))).refuses('reset.not_proved'),
  );

  it('A code for a new password stays valid when the new password is not acceptable, which only its holder is told', () => {
    redeeming([registered, issued('first')], redeem(byCode('first'), { unfit: 'password.personal' })).refuses('password.personal');
    redeeming([registered, issued('first')], redeem(byCode('wrong'), { unfit: 'password.personal' })).refuses('reset.not_proved');
  });
});

describe('A real-name level of 北京通', () => {
  const proved = redeem({ way: 'real_name' });
  it('A real-name level of 北京通 sets a password without a code', () => redeeming([registered], proved).then([reset('real_name'), hasNew]));
  it('A real-name level of 北京通 makes an issued code invalid', () => {
    redeeming([registered, issued('first'), reset('real_name'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved');
  });
  it('A real-name level of 北京通 does not open a closed account', () => redeeming([registered, closed], proved).refuses('reset.not_proved'));
});
