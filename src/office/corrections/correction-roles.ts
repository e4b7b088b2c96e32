import type { Role } from '../officers/officers.events.js';
import type { CorrectionName } from './corrections.events.js';

/** Who proposes which kinds. */
export function mayPropose(roles: readonly Role[], kind: CorrectionName): boolean {
  return roles.includes('city') || (kind === 'payment' && roles.includes('finance')) || (kind === 'confirmation' && roles.includes('district'));
}

/** Who sees what of a proposal is not released yet. */
export function maySeeUnreleased(roles: readonly Role[]): boolean {
  return roles.some((role) => role === 'city' || role === 'approver' || role === 'auditor');
}
