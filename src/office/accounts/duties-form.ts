import { z } from 'zod';
import type { Duties } from '../officers/officers.events.js';
import { isRole, roleNames } from '../officers/role-names.js';

const several = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);

/** The fields of roles and districts. */
export const dutiesForm = z.object({ role: several, district: several });

export function dutiesOf({ role, district }: z.infer<typeof dutiesForm>): Duties {
  return { roles: [...new Set(role)].filter(isRole), districts: [...new Set(district)] };
}

/** What can be chosen, and what is. */
export function dutyChoices({ roles, districts }: Duties, known: readonly string[]) {
  return {
    roles: Object.keys(roleNames)
      .filter(isRole)
      .map((value) => ({ value, name: roleNames[value], isChosen: roles.includes(value) })),
    districts: known.map((value) => ({ value, isChosen: districts.includes(value) })),
  };
}
