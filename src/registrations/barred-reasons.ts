import type { Candidate } from '../../projections/candidate.js';
import { accountStateNames } from './state-names.js';

/** On what it depends whether a candidate may begin anything. */
export type AccountStatus = Pick<Candidate, 'accountState' | 'majors'>;

/** Why a candidate may not register, declare or apply now. Shown in place of the link; undefined when nothing bars it. */
export function barredReason({ accountState }: AccountStatus): string | undefined {
  return accountState === 'normal' ? undefined : `账号状态是${accountStateNames[accountState]}，现在不能办理。`;
}

/** Why a candidate may not enrol 报考. A candidate who has graduated from all majors may not either. */
export function enrolmentBarredReason(candidate: AccountStatus): string | undefined {
  return barredReason(candidate) ?? (hasGraduated(candidate) ? '您已毕业，不需要再报考。' : undefined);
}

/** Whether the candidate has graduated from every major that was not left. */
function hasGraduated({ majors }: AccountStatus): boolean {
  const kept = majors.filter(({ state }) => state !== 'left');
  return kept.length > 0 && kept.every(({ state }) => state === 'graduated');
}
