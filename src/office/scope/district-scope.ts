import type { OfficeVisitor } from '../../web/routes/officer.js';
import type { Role } from '../officers/officers.events.js';

/** Roles that concern the whole city; 账户管理员 has no candidates at all. */
const OF_THE_CITY: readonly Role[] = ['city', 'approver', 'finance', 'auditor', 'operator'];

/**
 * The districts whose candidates an officer may see. It is made of an officer's duties alone, and whatever the office reads of candidates
 * asks for it: a query without one does not compile.
 */
export class DistrictScope {
  private constructor(
    /** Undefined: all of them. */
    readonly districts: readonly string[] | undefined,
  ) {}

  static of({ roles, districts }: Pick<OfficeVisitor<Role>, 'roles' | 'districts'>): DistrictScope {
    if (roles.some((role) => OF_THE_CITY.includes(role))) return new DistrictScope(undefined);
    return new DistrictScope(roles.includes('district') ? districts : []);
  }

  /** @param district undefined where nobody is registered */
  includes(district: string | undefined): boolean {
    return district !== undefined && (this.districts?.includes(district) ?? true);
  }
}
