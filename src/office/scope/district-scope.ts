import type { Duties, Role } from '../officers/officers.events.js';
import { mayDo, type Right } from '../rights/rights.js';

/** Roles that concern the whole city; 账户管理员 has no candidates at all. */
const OF_THE_CITY: readonly Role[] = ['city', 'approver', 'finance', 'auditor', 'operator'];

/**
 * The districts whose candidates an officer may see by one right. Only those of the officer's roles that have the right count, so that no
 * role widens what another one may. Whatever the office reads of candidates asks for it: a query without one does not compile.
 */
export class DistrictScope<R extends Right = Right> {
  private constructor(
    readonly right: R,
    /** Undefined: all of them. */
    readonly districts: readonly string[] | undefined,
  ) {}

  static of<R extends Right>({ roles, districts }: Duties, right: R): DistrictScope<R> {
    const having = roles.filter((role) => mayDo([role], right));
    if (having.some((role) => OF_THE_CITY.includes(role))) return new DistrictScope(right, undefined);
    return new DistrictScope(right, having.includes('district') ? districts : []);
  }

  /** @param district undefined where nobody is registered */
  includes(district: string | undefined): boolean {
    return district !== undefined && (this.districts?.includes(district) ?? true);
  }
}
