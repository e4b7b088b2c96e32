import type { Candidate } from '../../projections/candidate.js';
import { accountStates } from './state-names.js';

/** What a candidate's eligibility depends on. */
export type AccountStatus = Pick<Candidate, 'accountState' | 'majors'>;

/**
 * Why a candidate may not begin anything now, shown in place of the link to it; undefined when nothing bars it.
 */
export function barred({ accountState }: AccountStatus): string | undefined {
  return accountState === 'normal' ? undefined : `账号状态是${accountStates[accountState]}，现在不能办理。`;
}

/** The same for 报考, for which a candidate who has graduated from all majors is barred too. */
export function barredFromEnrolling(candidate: AccountStatus): string | undefined {
  return barred(candidate) ?? (hasFinished(candidate) ? '您已毕业，不需要再报考。' : undefined);
}

/** Every major that the candidate took up and did not leave is graduated from. */
function hasFinished({ majors }: AccountStatus): boolean {
  const kept = majors.filter(({ state }) => state !== 'left');
  return kept.length > 0 && kept.every(({ state }) => state === 'graduated');
}
