import { z } from 'zod';
import { currentState } from '../event-store/current-state.js';
import { date, idNo, idType, line, optional, period, personName, sex } from '../imports/files/columns.js';
import { correctionKind, NONE } from '../office/corrections/correction.js';
import { candidate } from './candidate.decider.js';
import { CorrectPerson, personRules } from './correct-person.command.js';
import { correctPerson } from './correcting.decider.js';
import { openedPerson } from './person.js';
import type { PersonalField } from './registrations.events.js';
import { refused } from './registrations.refusals.js';
import { candidateStream } from './registrations.streams.js';

const columns = z.object({
  name: optional(personName),
  id_type: optional(idType),
  id_no: optional(idNo),
  sex: optional(sex),
  birth: optional(date),
  health: optional(line(50)),
  ethnicity: optional(line(50)),
  household: optional(line(200)),
  district: optional(line(50)),
  registered_period: optional(period),
});

const FIELDS = {
  name: 'name',
  id_type: 'idType',
  id_no: 'idNo',
  sex: 'sex',
  birth: 'birth',
  health: 'health',
  ethnicity: 'ethnicity',
  household: 'household',
} as const satisfies Readonly<Record<string, PersonalField>>;

/** Values of a person and of the registration; what is not named stays, the photo too. */
export const personCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  personal: true,
  async prepare(row, { given, candidateId }, { events, catalogue, vault }) {
    const { district, registered_period: registeredPeriod } = row;
    if (Object.values(row).every((value) => value === undefined)) throw refused('candidate.nothing_named');
    if (district !== undefined && !catalogue.district(district)) throw refused('person.unknown_district', { district });
    if (registeredPeriod !== undefined && !catalogue.period(registeredPeriod)) throw refused('major.unknown_period', { period: registeredPeriod });
    const safe = await vault.safe(candidateId);
    const known = await currentState(events, candidateStream(candidateId), candidate);
    const values = Object.fromEntries(Object.entries(FIELDS).map(([column, field]) => [field, row[column as keyof typeof FIELDS]]));
    const changes = { values, district, registeredPeriod };
    correctPerson(known, { candidateId, changes }, personRules(safe));
    const person = openedPerson(known, safe);
    const before = { ...person, district: known.registered?.district, registeredPeriod: known.registered?.registeredPeriod };
    const shown = { ...FIELDS, district: 'district', registered_period: 'registeredPeriod' } as const;
    return {
      values: Object.entries(shown).flatMap(([column, field]) => {
        const after = row[column as keyof typeof shown];
        return after === undefined ? [] : [{ field: column, before: before[field] || NONE, after }];
      }),
      warnings: row.name !== undefined || row.id_no !== undefined ? ['姓名或证件号码变了：以后用新的登录，同一个人的其他准考证号要一起更正'] : [],
      command: new CorrectPerson(given, candidateId, changes),
    };
  },
});
