import type { CsvFiles } from './csv.js';
import type { Random } from './random.js';

/** Beijing has no county 99: a citizen number that begins so belongs to nobody. */
const NO_PLACE = '119900';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'];
const GIVEN = {
  男: [...'伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆博晨昊睿泽'],
  女: [...'芳娜敏静丽艳娟霞燕玲婷雪慧莹倩颖佳琳洁萍蕾璐瑶怡欣悦涵梦薇菲'],
} as const;
const ETHNICITIES = ['汉', '汉', '汉', '汉', '汉', '汉', '汉', '汉', '满', '回', '蒙古', '壮', '苗', '土家'];
const HOUSEHOLDS = ['北京市', '北京市', '北京市', '河北省', '河南省', '山东省', '山西省', '安徽省', '湖北省', '四川省', '黑龙江省', '天津市'];

/** Characters of given names that say a woman, beside those that names are made of. */
const WOMENS = new Set([...GIVEN.女, ...'雯彤琪兰秦岚淑婕琳姝妍']);

export type Sex = keyof typeof GIVEN;

/** A candidate's person, with the values of the input files. */
export interface Person {
  readonly name: string;
  readonly sex: Sex;
  /** `YYYY-MM-DD` */
  readonly birth: string;
  readonly idType: string;
  readonly idNo: string;
  readonly ethnicity: string;
  readonly household: string;
  readonly health: string;
}

/** The sex that a name suggests. */
function sexOf(name: string): Sex {
  return [...name.slice(1)].some((character) => WOMENS.has(character)) ? '女' : '男';
}

/** Makes fictitious people, each with a citizen number of their own. */
export class People {
  readonly #random: Random;
  #numbered = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  person(known: Partial<Person> = {}): Person {
    const drawn = this.#random.pick(['男', '女'] as const);
    const sex = known.sex ?? (known.name === undefined ? drawn : sexOf(known.name));
    const birth = known.birth ?? this.#birth();
    return {
      name: this.#random.pick(SURNAMES) + this.#given(sex),
      idType: '居民身份证',
      idNo: this.#citizenNo(birth, sex),
      ethnicity: this.#random.pick(ETHNICITIES),
      household: this.#random.pick(HOUSEHOLDS),
      health: this.#random.chance(96) ? '健康' : '一般',
      ...known,
      sex,
      birth,
    };
  }

  #given(sex: Sex): string {
    const first = this.#random.pick(GIVEN[sex]);
    return this.#random.chance(55) ? this.#random.pick(GIVEN[sex]) + first : first;
  }

  #birth(): string {
    const two = (number: number) => String(number).padStart(2, '0');
    return `${this.#random.between(1974, 2007)}-${two(this.#random.between(1, 12))}-${two(this.#random.between(1, 28))}`;
  }

  /** GB 11643: area, birth, a sequence that is odd for men, check character. */
  #citizenNo(birth: string, sex: Sex): string {
    const sequence = (2 * this.#numbered++ + (sex === '男' ? 1 : 0)) % 1_000;
    const body = `${NO_PLACE}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
    return body + '10X98765432'.charAt(sum % 11);
  }
}

/** An admission to the exam: a person with a number, a district and an account. */
export interface Candidate {
  readonly person: Person;
  readonly admissionNo: string;
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: 'normal' | 'frozen' | 'suspended' | 'closed';
  readonly confirmed: boolean;
  /** A file under `photos/`; without one: 照片未上传. */
  readonly photo?: string;
  /** Plain text, which the import hashes; without one the account has no password yet. */
  readonly password?: string;
}

export function addCandidate(batch: CsvFiles, { person, ...candidate }: Candidate): void {
  batch.add('candidates', {
    admission_no: candidate.admissionNo,
    name: person.name,
    id_type: person.idType,
    id_no: person.idNo,
    sex: person.sex,
    birth: person.birth,
    health: person.health,
    ethnicity: person.ethnicity,
    household: person.household,
    district: candidate.district,
    registered_period: candidate.registeredPeriod,
    account_state: candidate.accountState,
    confirmed: candidate.confirmed ? 'Y' : 'N',
    photo: candidate.photo,
    password_hash: candidate.password && `{plain}${candidate.password}`,
  });
}
