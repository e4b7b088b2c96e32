import { citizenBirth, citizenSex, isCitizenNo } from '../vault/numbers.js';
import type { Person } from './registrations.events.js';

/** The kind of document whose number contains the birth date and the sex. */
export const CITIZEN_CARD = '居民身份证';

/** Whether the number of an identity card is one, and of this sex and birth date; other documents' numbers say nothing. */
export function agreesWithCard({ idType, idNo, sex, birth }: Pick<Person, 'idType' | 'idNo' | 'sex' | 'birth'>): boolean {
  return idType !== CITIZEN_CARD || (isCitizenNo(idNo) && citizenSex(idNo) === sex && citizenBirth(idNo) === birth);
}
