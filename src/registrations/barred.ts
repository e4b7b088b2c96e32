import type { Candidate } from '../../projections/candidate.js';
import { accountStates } from './words.js';

/** What decides what a candidate may begin. */
export type AccountStanding = Pick<Candidate, 'accountState' | 'majors'>;

/**
 * Why a candidate cannot begin anything now: said in place of the way to it, so that nobody is invited to what is refused afterwards.
 * Undefined where nothing stands against it.
 */
export function barred({ accountState }: AccountStanding): string | undefined {
  return accountState === 'normal' ? undefined : `账号状态是${accountStates[accountState]}，现在不能办理。`;
}

/** The same for 报考, which also ends with the last major that was studied. */
export function barredFromEnrolling(candidate: AccountStanding): string | undefined {
  return barred(candidate) ?? (hasFinished(candidate) ? '您已毕业，不需要再报考。' : undefined);
}

/** Every major that the candidate took up and did not leave is graduated from. */
function hasFinished({ majors }: AccountStanding): boolean {
  const kept = majors.filter(({ state }) => state !== 'left');
  return kept.length > 0 && kept.every(({ state }) => state === 'graduated');
}
