import { describe, it } from '@jest/globals';
import { type OfficerAccount, officer } from '../../../src/office/officers/officer.decider.js';
import { approveChange, declineChange, proposeChange } from '../../../src/office/officers/officer-change.decider.js';
import type { OfficerChange, OfficerEvent } from '../../../src/office/officers/officers.events.js';
import { given } from '../../given.js';

const code = { code: 'digest', until: '2026-11-23T02:00:00.000Z' };
const added: OfficerEvent = { type: 'OfficerAdded', data: { officer: 'shi-1', roles: ['city'], districts: [], ...code } };
const finance: OfficerChange = { roles: ['finance'], districts: [] };
const proposed = (what: OfficerChange): OfficerEvent => ({
  type: 'OfficerChangeProposed',
  data: { officer: 'shi-1', change: 'c1', by: 'admin-1', what, reason: '调整' },
});
const propose =
  (what: OfficerChange, by = 'admin-1') =>
  (state: OfficerAccount) =>
    proposeChange(state, { account: 'shi-1', change: 'c1', by, what, reason: '调整' });
const approve =
  (by: string, change = 'c1') =>
  (state: OfficerAccount) =>
    approveChange(state, { account: 'shi-1', change, by }, code);
const decline =
  (by: string, change = 'c1') =>
  (state: OfficerAccount) =>
    declineChange(state, { account: 'shi-1', change, by });
const declined: OfficerEvent = { type: 'OfficerChangeDeclined', data: { officer: 'shi-1', change: 'c1' } };
const changed: OfficerEvent = { type: 'OfficerDutiesChanged', data: { officer: 'shi-1', change: 'c1', ...finance } };

describe('A change of an account', () => {
  it('A change of an account is proposed by another than its owner, one at a time, and only where something changes', () => {
    given(officer, [added])
      .when(propose(finance))
      .then([proposed(finance)]);
    given(officer, [added])
      .when(propose('reset'))
      .then([proposed('reset')]);
    given(officer, [added]).when(propose(finance, 'shi-1')).refuses('officer.own_account');
    given(officer, [added, proposed('reset')])
      .when(propose(finance))
      .refuses('officer.change_open', { officer: 'shi-1' });
    given(officer, [added])
      .when(propose({ roles: ['city'], districts: [] }))
      .refuses('officer.no_change');
    given(officer, [added])
      .when(propose({ roles: ['auditor', 'city'], districts: [] }))
      .refuses('officer.role_alone');
    given(officer, []).when(propose('reset')).refuses('officer.unknown', { officer: 'shi-1' });
  });

  it('A change of an account is approved by neither its proposer nor the owner, once, and as it was seen', () => {
    given(officer, [added, proposed(finance)])
      .when(approve('admin-2'))
      .then([changed]);
    given(officer, [added, proposed('reset')])
      .when(approve('admin-2'))
      .then([{ type: 'OfficerReset', data: { officer: 'shi-1', change: 'c1', ...code } }]);
    given(officer, [added, proposed(finance)])
      .when(approve('admin-1'))
      .refuses('officer.own_proposal');
    given(officer, [added, proposed(finance)])
      .when(approve('shi-1'))
      .refuses('officer.own_account');
    given(officer, [added, proposed(finance)])
      .when(approve('admin-2', 'another'))
      .refuses('officer.change_gone');
    given(officer, [added, proposed(finance), changed])
      .when(approve('admin-2'))
      .refuses('officer.change_gone');
    given(officer, [added, proposed(finance), declined])
      .when(approve('admin-2'))
      .refuses('officer.change_gone');
  });

  it('A change of an account is taken back by its proposer or refused by another, and then another can be proposed', () => {
    given(officer, [added, proposed(finance)])
      .when(decline('admin-1'))
      .then([declined]);
    given(officer, [added, proposed(finance)])
      .when(decline('admin-2'))
      .then([declined]);
    given(officer, [added, proposed(finance)])
      .when(decline('shi-1'))
      .refuses('officer.own_account');
    given(officer, [added]).when(decline('admin-1')).refuses('officer.change_gone');
    given(officer, [added, proposed(finance), declined])
      .when(propose('reset'))
      .then([proposed('reset')]);
    given(officer, [added, proposed('reset'), { type: 'OfficerReset', data: { officer: 'shi-1', ...code } }])
      .when(propose(finance))
      .then([proposed(finance)]);
  });
});
