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
import { someTime } from '../../decided.js';
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
const everywhere = { at: someTime.at, others: 'sealed' as Sealed<readonly string[]> };
const hasNew: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password, everywhere } };
const issued = (code: string): RegistrationEvent => ({ type: 'ResetCodeIssued', data: { candidateId, code, until } });
const reset = (way: 'code' | 'real_name'): RegistrationEvent => ({ type: 'PasswordReset', data: { candidateId, way } });

const byCode = (code: string): ResetProof => ({ way: 'code', code });
const redeem = (proof: ResetProof, { at = someTime.at, unfit }: { at?: string; unfit?: PasswordRefusal } = {}) =>
  new RedeemReset({ ...someTime, at }, candidateId, proof, '$argon2id$…', [], unfit);
const redeeming = (events: readonly RegistrationEvent[], command: RedeemReset) =>
  given(candidate, events).when((state) => redeemReset(state, command, () => ({ password, everywhere })));

describe('replacing a password', () => {
  const session = { session: 's', began: someTime.at };
  const replace = new ReplacePassword(someTime, candidateId, '$argon2id$…', 'set before', [], session);
  const replacing = (events: readonly RegistrationEvent[], setting = 'set before') =>
    given(candidate, events).when((state) => replacePassword(state, replace, { setting, own: old, password, everywhere }));

  it('sets the new one in place of the one that was known', () => replacing([registered, hadOne]).then([hasNew]));
  it('is refused when there is another by now', () => replacing([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
  it('is refused when another was set at another number of the person', () =>
    replacing([registered, hadOne], 'set there').refuses('password.replaced_meanwhile'));
  it('is refused where there is none', () => replacing([registered]).refuses('password.replaced_meanwhile'));
  it('is refused for nobody', () => replacing([]).refuses('candidate.unknown'));
  it('is refused for one who was forgotten', () => replacing([registered, hadOne, forgotten]).refuses('candidate.forgotten'));
});

describe('a better hash', () => {
  const rehashing = (events: readonly RegistrationEvent[]) =>
    given(candidate, events).when((state) => rehashPassword(state, new RehashPassword(someTime, candidateId, '$argon2id$…', old), password));

  it('keeps the same password', () => rehashing([registered, hadOne]).then([{ type: 'PasswordSet', data: { candidateId, password, rehashed: true } }]));
  it('is refused when there is another password by now', () => rehashing([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
});

describe('a password that was set at another number of the person', () => {
  const follow = new FollowPassword(someTime, candidateId, 'set there');
  const follows: RegistrationEvent = { type: 'PasswordSet', data: { candidateId, password, copyOf: 'set there' } };
  const byOther: RegistrationEvent = { type: 'PasswordReset', data: { candidateId, way: 'other_number' } };
  const following = (events: readonly RegistrationEvent[], facts: Parameters<typeof followPassword>[2] = { own: old, password }) =>
    given(candidate, events).when((state) => followPassword(state, follow, facts));

  it('is recorded at this one', () => following([registered, hadOne]).then([byOther, follows]));
  it('is the first one where there is none', () => following([registered], { password }).then([byOther, follows]));
  it('is not recorded where it does not count any more, or is recorded', () => following([registered, hadOne], { own: old }).then([]));
  it.each<[string, RegistrationEvent[]]>([
    ['closed', [registered, hadOne, closed]],
    ['forgotten', [registered, hadOne, forgotten]],
    ['unknown', []],
  ])('is not recorded for an account that is %s', (_, events) => following(events).then([]));
  it('never takes the place of one that was set meanwhile', () => following([registered, hadOne, hasNew]).refuses('password.replaced_meanwhile'));
  it('ends a code that is about', () => {
    redeeming([registered, issued('first'), byOther, follows], redeem(byCode('first'))).refuses('reset.not_proved');
  });
});

describe('a code for a new password', () => {
  const issue = new IssueResetCode(someTime, candidateId, 'first', until);
  const issuing = (events: readonly RegistrationEvent[]) => given(candidate, events).when((state) => issueResetCode(state, issue));

  it('is handed out, also for an account that has no password yet', () => issuing([registered]).then([issued('first')]));
  it('is not handed out for nobody', () => issuing([]).refuses('candidate.unknown'));
  it('is not handed out for one who was forgotten', () => issuing([registered, forgotten]).refuses('candidate.forgotten'));
  it('is not handed out for a closed account', () => issuing([registered, closed]).refuses('candidate.closed'));

  it('sets a new password', () => redeeming([registered, hadOne, issued('first')], redeem(byCode('first'))).then([reset('code'), hasNew]));
  it('sets a first password', () => redeeming([registered, issued('first')], redeem(byCode('first'))).then([reset('code'), hasNew]));
  it('is good once', () => redeeming([registered, issued('first'), reset('code'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved'));
  it('is good no more after a newer one', () =>
    redeeming([registered, issued('first'), issued('second')], redeem(byCode('first'))).refuses('reset.not_proved'));
  it('gives way to the newer one', () => redeeming([registered, issued('first'), issued('second')], redeem(byCode('second'))).then([reset('code'), hasNew]));
  it('is good no more when its time is over', () =>
    redeeming([registered, issued('first')], redeem(byCode('first'), { at: until })).refuses('reset.not_proved'));
  it('is good no more after a password was set by another way', () =>
    redeeming([registered, issued('first'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved'));
  it.each<[string, RegistrationEvent[]]>([
    ['another code was handed out', [registered, issued('other')]],
    ['none was handed out', [registered]],
    ['there is no such candidate', []],
    ['the candidate was forgotten', [registered, issued('first'), forgotten]],
    ['the account was closed since', [registered, issued('first'), closed]],
  ])('is refused with one word where %s', (_, events) => redeeming(events, redeem(byCode('first'))).refuses('reset.not_proved'));

  it('tells only who has it that the password will not do, and stays good', () => {
    redeeming([registered, issued('first')], redeem(byCode('first'), { unfit: 'password.personal' })).refuses('password.personal');
    redeeming([registered, issued('first')], redeem(byCode('wrong'), { unfit: 'password.personal' })).refuses('reset.not_proved');
  });
});

describe('a real-name level of 北京通', () => {
  const proved = redeem({ way: 'real_name' });
  it('sets a password without a code', () => redeeming([registered], proved).then([reset('real_name'), hasNew]));
  it('ends a code that is about', () => {
    redeeming([registered, issued('first'), reset('real_name'), hasNew], redeem(byCode('first'))).refuses('reset.not_proved');
  });
  it('opens no closed account', () => redeeming([registered, closed], proved).refuses('reset.not_proved'));
});
