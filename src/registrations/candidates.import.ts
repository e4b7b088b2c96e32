import { z } from 'zod';
import { admissionNo, date, idNo, idType, line, oneOf, optional, period, personName, sex, yesOrNo } from '../imports/files/columns.js';
import type { ImportFile, RowFault } from '../imports/files/import-file.js';
import { sealedRowHistory } from '../imports/files/row-history.js';
import { candidateIdOf, candidateStream, referenceTo } from '../imports/files/rows.js';
import { normalisedName } from '../vault/names.js';
import { citizenBirth, citizenSex, isCitizenNo } from '../vault/numbers.js';
import { RestoreRegistration } from './corrections/restore-registration.command.js';
import { VoidRegistration } from './corrections/void-registration.command.js';
import { CITIZEN_CARD } from './identity-card.js';
import { openedPerson, type SealedPerson } from './person.js';
import { RegisterCandidate } from './register-candidate.command.js';
import type { PasswordHash, Person, Registration, RegistrationEvent } from './registrations.events.js';

/** A file's name without a path, so that it stays in the folder of photos. */
const photoFile = z.string().regex(/^(?!\.)[^/\\\p{Cc}]{1,200}$/u, '应为 photos 文件夹中的文件名');

/**
 * The most that checking an imported hash may cost, which each first login pays: argon2id by its parameters (m in KiB, t rounds, p lanes;
 * the maxima are the defaults of Node's libraries), bcrypt by its cost. A longer check would show by its time that the number exists.
 */
const MAX_ARGON2ID = { m: 65_536, t: 3, p: 4 };
const MAX_BCRYPT = 12;
const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;
const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const PLAIN = /^[^\p{Cc}]{1,128}$/u;

const password = z
  .string()
  .refine((text) => passwordIn(text) !== undefined, '应为 {argon2id} 或 {bcrypt} 开头的密码摘要，或（仅限测试环境）{plain} 开头的密码')
  .refine((text) => isAffordable(passwordIn(text)?.hash ?? ''), {
    error: `密码摘要的计算量太大：bcrypt 的 cost 最多 ${MAX_BCRYPT}；argon2id 最多 m=${MAX_ARGON2ID.m}、t=${MAX_ARGON2ID.t}、p=${MAX_ARGON2ID.p}`,
  });

const columns = z.object({
  admission_no: admissionNo,
  name: personName,
  id_type: idType,
  id_no: idNo,
  sex,
  birth: date,
  health: optional(line(50)),
  ethnicity: optional(line(50)),
  household: optional(line(200)),
  district: line(50),
  registered_period: period,
  account_state: oneOf('normal', 'frozen', 'suspended', 'closed'),
  confirmed: yesOrNo,
  photo: optional(photoFile),
  password_hash: optional(password),
});

type Row = z.output<typeof columns>;
type RowFromEvents = Omit<Row, 'password_hash'>;
/** All that is recorded of a candidate but majors, passwords and that the candidate was forgotten. */
type Reported = Exclude<RegistrationEvent, { type: `Major${string}` | 'PasswordSet' | 'PasswordReset' | 'ResetCodeIssued' | 'CandidateForgotten' }>;
/** The person is sealed; `photo` is the digest of its bytes. */
type Kept = Pick<RowFromEvents, 'district' | 'registered_period' | 'account_state' | 'confirmed' | 'photo'> & SealedPerson;

export const candidates: ImportFile<Row, RowFromEvents> = {
  name: 'candidates',
  columns,
  key: (row) => row.admission_no,
  defines: (row) => ({ kind: 'candidate', value: row.admission_no }),
  agreement: (row) => ({
    on: row.id_no,
    same: normalisedName(row.name),
    fault: { column: 'name', reason: '同一证件号码对应不同的姓名' },
  }),
  references: (row) => [referenceTo('district', 'district', row.district), referenceTo('period', 'registered_period', row.registered_period)],
  faults: (row) => (row.id_type === CITIZEN_CARD ? citizenFaults(row) : []),
  warnings: nameWarnings,
  stream: candidateStream,
  command: (row, given, { photo }) => new RegisterCandidate(given, personOf(row), statusOf(row), photo),
  restore: (row, given, found) => new RestoreRegistration(given, candidateIdOf(found), personOf(row), statusOf(row), row.photo),
  takeBack: (_, given, found) => new VoidRegistration(given, candidateIdOf(found)),
  isWhole: true,
  history: sealedRowHistory<Reported, RowFromEvents, Kept>({
    on: {
      CandidateRegistered: registered,
      CandidateCorrected: registered,
      PersonCorrected: (row, { values, district, registeredPeriod }) =>
        row && {
          ...row,
          district: district ?? row.district,
          registered_period: registeredPeriod ?? row.registered_period,
          corrected: { ...row.corrected, ...values },
        },
      AccountStateChanged: (row, { state }) => row && { ...row, account_state: state },
      SiteConfirmed: (row) => row && { ...row, confirmed: true },
      SiteConfirmationWithdrawn: (row) => row && { ...row, confirmed: false },
      RegistrationVoided: () => undefined,
    },
    open({ person: registered, corrected, ...row }, safe) {
      const person = openedPerson({ person: registered, corrected }, safe);
      if (!person) return undefined;
      return {
        ...row,
        admission_no: person.admissionNo,
        name: person.name,
        id_type: person.idType as RowFromEvents['id_type'], // recorded by this file
        id_no: person.idNo,
        sex: person.sex as RowFromEvents['sex'],
        birth: person.birth,
        health: person.health || undefined,
        ethnicity: person.ethnicity || undefined,
        household: person.household || undefined,
      };
    },
  }),
};

function registered(row: Kept | undefined, { person, district, registeredPeriod, photo }: Registration): Kept {
  const { account_state = 'normal', confirmed = false } = row ?? {};
  return { person, photo, district, registered_period: registeredPeriod, account_state, confirmed };
}

function personOf(row: RowFromEvents): Person {
  return {
    admissionNo: row.admission_no,
    name: row.name,
    idType: row.id_type,
    idNo: row.id_no,
    sex: row.sex,
    birth: row.birth,
    health: row.health ?? '',
    ethnicity: row.ethnicity ?? '',
    household: row.household ?? '',
  };
}

function statusOf(row: RowFromEvents) {
  return { district: row.district, registeredPeriod: row.registered_period, accountState: row.account_state, confirmed: row.confirmed };
}

/** A citizen number contains the birth date and the sex. A row that contradicts it has a wrong number or another person's. */
function citizenFaults({ id_no, sex, birth }: Row): readonly RowFault[] {
  const cut = /^\d{15}000$|E\+/.test(id_no) ? '；表格软件只保留 15 位数字，请重新从原始数据导出，把这一列设为文本' : '';
  if (!isCitizenNo(id_no)) {
    return [{ column: 'id_no', reason: `身份证号码有误（位数、日期或校验码不对）${cut}` }];
  }
  const faults: RowFault[] = [];
  if (citizenSex(id_no) !== sex) faults.push({ column: 'sex', reason: `性别与身份证号码不符${cut}` });
  if (citizenBirth(id_no) !== birth) faults.push({ column: 'birth', reason: '出生日期与身份证号码不符' });
  return faults;
}

/** Letters, spaces, and the marks between the parts of a name. */
const USUAL_IN_NAMES = /^[\p{L}\p{M}\p{Zs}\p{Default_Ignorable_Code_Point}〇○◯⭕.·•‧・∙⋅●᛫。⸱⸰⸳◦∘ꞏ\p{Pd}'’‘ʼ]+$/u;

function nameWarnings({ name }: Row): readonly RowFault[] {
  if (/\p{Co}/u.test(name)) return [{ column: 'name', reason: '姓名含有私用区的自造字，手机上显示不出来' }];
  return USUAL_IN_NAMES.test(name) ? [] : [{ column: 'name', reason: '姓名含有少见的符号，请核对' }];
}

/** A row's password: its hash (PHC or bcrypt form), or plain text, which production refuses. */
export interface GivenPassword {
  readonly hash?: PasswordHash;
  readonly plain?: string;
}

/** The password of a row, which becomes a SetPassword once the candidate is registered; undefined where the row has none. */
export function passwordOf({ password_hash }: Row): GivenPassword | undefined {
  return password_hash === undefined ? undefined : passwordIn(password_hash);
}

function passwordIn(text: string): GivenPassword | undefined {
  const [, scheme, value = ''] = /^\{(argon2id|bcrypt|plain)\}(.*)$/su.exec(text) ?? [];
  if (scheme === 'argon2id' && ARGON2ID.test(value)) return { hash: value };
  if (scheme === 'bcrypt' && BCRYPT.test(value)) return { hash: value };
  if (scheme === 'plain' && PLAIN.test(value)) return { plain: value };
  return undefined;
}

function isAffordable(hash: string): boolean {
  const [, m, t, p] = ARGON2ID.exec(hash) ?? [];
  if (m !== undefined) return Number(m) <= MAX_ARGON2ID.m && Number(t) <= MAX_ARGON2ID.t && Number(p) <= MAX_ARGON2ID.p;
  return Number(BCRYPT.exec(hash)?.[1] ?? 0) <= MAX_BCRYPT;
}
