import type { DateTime } from 'luxon';
import { date } from './calendar.js';
import type { CsvFiles } from './csv.js';

/** A major with its plan, required courses before electives. */
export interface Major {
  readonly code: string;
  readonly name: string;
  readonly level: '专科' | '基础科' | '专升本' | '独立本科段' | '本科';
  readonly university: string;
  readonly state: 'open' | 'closing' | 'closed';
  readonly required: readonly string[];
  readonly elective: readonly string[];
}

const PUBLIC = ['03708', '03709', '00015'];
const JUNIOR_PUBLIC = ['03706', '03707', '04729'];

export const MAJORS = {
  businessJunior: {
    code: '01A0205',
    name: '工商企业管理',
    level: '专科',
    university: '北京工商大学',
    state: 'open',
    required: [...JUNIOR_PUBLIC, '00018', '00019', '00020', '00055', '00058', '00144', '00107'],
    elective: ['00182', '08118'],
  },
  personnelJunior: {
    code: '01A0221',
    name: '人力资源管理',
    level: '专科',
    university: '首都经济贸易大学',
    state: 'open',
    required: [...JUNIOR_PUBLIC, '00018', '00019', '00071', '00107', '00163', '00167', '06093'],
    elective: ['00182'],
  },
  lawBasic: {
    code: '01C0301',
    name: '法律',
    level: '基础科',
    university: '中国政法大学',
    state: 'open',
    required: [...JUNIOR_PUBLIC, '00260', '00261', '00312', '05680'],
    elective: ['00258'],
  },
  accounting: {
    code: '01B0004',
    name: '会计学',
    level: '专升本',
    university: '中央财经大学',
    state: 'open',
    required: [...PUBLIC, '00051', '00052', '00158', '00159', '00160', '00161', '00150', '04184', '04183'],
    elective: ['00149', '02628'],
  },
  personnel: {
    code: '01B0018',
    name: '人力资源管理',
    level: '专升本',
    university: '中国人民大学',
    state: 'open',
    required: [...PUBLIC, '00051', '00052', '00152', '06088', '06089', '06090', '06091', '06092'],
    elective: ['00163', '00318'],
  },
  administration: {
    code: '01B0009',
    name: '行政管理',
    level: '专升本',
    university: '北京大学',
    state: 'open',
    required: [...PUBLIC, '00261', '00315', '00316', '00318', '00319', '00320', '00341'],
    elective: ['00323', '00322'],
  },
  computing: {
    code: '01B0801',
    name: '计算机及应用',
    level: '独立本科段',
    university: '北京大学',
    state: 'closing',
    required: [...PUBLIC, '00023', '02197', '02324', '02325', '02326', '02331', '02333', '04735', '04741', '04747'],
    elective: ['04737', '02378'],
  },
  hotel: {
    code: '01B0221',
    name: '酒店管理',
    level: '独立本科段',
    university: '北京联合大学',
    state: 'closed',
    required: [...PUBLIC, '00152', '00154', '00151', '00067', '00058', '00182'],
    elective: ['00321'],
  },
  law: {
    code: '01C1301',
    name: '法律',
    level: '本科',
    university: '中国政法大学',
    state: 'open',
    required: [...PUBLIC, '00226', '00227', '00228', '00230', '00246', '00249', '00262'],
    elective: ['00167', '00263', '00264'],
  },
  literature: {
    code: '01C1105',
    name: '汉语言文学',
    level: '本科',
    university: '北京师范大学',
    state: 'open',
    required: [...PUBLIC, '00321', '00536', '00537', '00538', '00539', '00540', '00541'],
    elective: ['00529', '00535'],
  },
  english: {
    code: '01C1201',
    name: '英语',
    level: '本科',
    university: '北京外国语大学',
    state: 'open',
    required: ['03708', '03709', '00600', '00603', '00604', '00795', '00831', '00832'],
    elective: ['00321', '00541'],
  },
} as const satisfies Record<string, Major>;

/** The majors that a new candidate can choose. */
export const OPEN_MAJORS: readonly Major[] = Object.values(MAJORS).filter(({ state }) => state === 'open');

export function plan({ required, elective }: Major): readonly string[] {
  return [...required, ...elective];
}

export function addMajors(batch: CsvFiles, today: DateTime): void {
  for (const major of Object.values<Major>(MAJORS)) {
    batch.add('majors', { code: major.code, name: major.name, level: major.level, university: major.university, state: major.state, ...lasts(major, today) });
    for (const course of major.required) batch.add('major_courses', { major: major.code, course, required: 'Y' });
    for (const course of major.elective) batch.add('major_courses', { major: major.code, course, required: 'N' });
  }
}

/** The last dates of a closing major: registration ended first, degrees end last. */
function lasts({ state }: Major, today: DateTime) {
  if (state === 'open') return {};
  const lastExam = today.plus({ months: state === 'closing' ? 14 : -10 });
  return {
    last_registration: date(lastExam.minus({ years: 3 })),
    last_exam: date(lastExam),
    last_thesis: date(lastExam.plus({ months: 6 })),
    last_graduation: date(lastExam.plus({ months: 18 })),
    last_degree: date(lastExam.plus({ months: 24 })),
  };
}
