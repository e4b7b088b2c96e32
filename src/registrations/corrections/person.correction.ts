import { z } from 'zod';
import { currentState } from '../../event-store/reading/current-state.js';
import { date, idNo, idType, line, oneOf, optional, period, personName, sex } from '../../imports/files/columns.js';
import { correctionKind, NONE } from '../../office/corrections/correction.js';
import { hasOpenBill } from '../../payments/bills/billed-courses.js';
import { candidate } from '../candidate.decider.js';
import { openedPerson } from '../person.js';
import type { PersonalField } from '../registrations.events.js';
import { refused } from '../registrations.refusals.js';
import { candidateStream } from '../registrations.streams.js';
import { CorrectPerson, personRules } from './correct-person.command.js';
import { correctPerson, voidRegistration } from './correcting.decider.js';
import { VoidRegistration } from './void-registration.command.js';

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
  state: optional(oneOf('voided')),
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

/** Values of a person and of the registration; what is not named stays, the photo too. `voided` where nobody should ever have been registered. */
export const personCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: [],
  personal: true,
  second: 'identity',
  async prepare({ state, ...row }, { given, candidateId }, { events, catalogue, vault }) {
    const known = await currentState(events, candidateStream(candidateId), candidate);
    const { district, registered_period: registeredPeriod } = row;
    const isNothingNamed = Object.values(row).every((value) => value === undefined);
    if (state === 'voided') {
      if (!isNothingNamed) throw refused('person.voided_alone');
      voidRegistration(known, { candidateId }, hasOpenBill(await events.subject(candidateId)));
      const warnings = ['账号、密码和专业一起撤回，考生不能再登录；报考、成绩、申报要另外更正'];
      return { values: [{ field: '', before: '已登记', after: NONE }], warnings, command: new VoidRegistration(given, candidateId) };
    }
    if (isNothingNamed) throw refused('candidate.nothing_named');
    if (district !== undefined && !catalogue.district(district)) throw refused('person.unknown_district', { district });
    if (registeredPeriod !== undefined && !catalogue.period(registeredPeriod)) throw refused('major.unknown_period', { period: registeredPeriod });
    const safe = await vault.safe(candidateId);
    const named = Object.fromEntries(Object.entries(FIELDS).map(([column, field]) => [field, row[column as keyof typeof FIELDS]]));
    const changes = { values: named, district, registeredPeriod };
    correctPerson(known, { candidateId, changes }, personRules(safe));
    const person = openedPerson(known, safe);
    const before = { ...person, district: known.registered?.district, registeredPeriod: known.registered?.registeredPeriod };
    const shown = { ...FIELDS, district: 'district', registered_period: 'registeredPeriod' } as const;
    const values = Object.entries(shown).flatMap(([column, field]) => {
      const after = row[column as keyof typeof shown];
      return after === undefined ? [] : [{ field: column, before: before[field] || NONE, after }];
    });
    return {
      values,
      wayBack: values.some(({ before: was }) => was === NONE) ? undefined : Object.fromEntries(values.map(({ field, before: was }) => [field, was])),
      warnings: row.name !== undefined || row.id_no !== undefined ? ['姓名或证件号码变了：以后用新的登录，同一个人的其他准考证号要一起更正'] : [],
      command: new CorrectPerson(given, candidateId, changes),
    };
  },
});
