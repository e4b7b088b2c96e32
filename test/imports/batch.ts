import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Options of a synthetic batch. It depends only on its options, and its candidates are fictitious. */
export interface BatchOptions {
  /** Each candidate has 18 rows: itself, a major, five enrolments, two bills, five seats, four scores. */
  readonly candidates: number;
  /** Plain-text password of all candidates; none by default. */
  readonly password?: string;
  /** Makes every n-th score 101, which is bad. */
  readonly badScoreEvery?: number;
  /** Orders rows so that those of a candidate are not adjacent. */
  readonly shuffled?: boolean;
}

/** Codes begin with 0, like the national ones. */
export const COURSES = Array.from({ length: 100 }, (_, at) => `0${9_000 + at}`);
const UNITS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const MAJORS = ['01B0901', '01B0902', '01C1903'];
const DISTRICTS = ['东城区', '西城区', '朝阳区', '海淀区'];
const PAST = '2604';
const NEXT = '2610';
const FEE = 3_000;

export const admissionNo = (at: number): string => String(910_000_000_000 + at * 7);
const course = (at: number, place: number): string => COURSES[(at * 13 + place * 8) % COURSES.length] as string;
const courses = (at: number, from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, place) => course(at, from + place));

const birthOf = (at: number): string => `19${80 + (at % 20)}-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`;

/** A citizen number with a valid check character, of a region that does not exist. */
export function citizenNo(at: number): string {
  const birth = birthOf(at).replaceAll('-', '');
  const digits = `${990_000 + Math.floor(at / 1_000)}${birth}${String(at % 1_000).padStart(3, '0')}`;
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, place) => total + weight * Number(digits[place]), 0);
  return `${digits}${'10X98765432'[sum % 11]}`;
}

/** Number, sex and birth date as columns of a candidate's row. */
export const identityOf = (at: number): string => `${citizenNo(at)},${at % 2 ? '男' : '女'},${birthOf(at)}`;

export const nameOf = (at: number): string => `${'赵钱孙李周吴郑王'[at % 8]}${'一二三四五六七八九'[at % 9]}${'甲乙丙丁戊己庚'[at % 7]}`;

type Line = string;

/** The reference data of a batch. */
function referenceFiles(): Readonly<Record<string, readonly Line[]>> {
  const moments = (year: number, month: string) =>
    ['-01-05', '-01-15', '-01-05', '-01-18', '-01-08', '-01-18', '-01-20', `-${month}-01`, `-${month}-28`].map((day) => `${year}${day}T09:00:00+08:00`);
  const period = (code: string, year: number, month: string) =>
    [code, `${year}年${Number(month)}月`, ...moments(year, month), '', `${year}-${month}-18`, `${year}-${month}-26`].join();
  return {
    periods: [
      'period,name,registration_opens,registration_closes,confirmation_opens,confirmation_closes,enrolment_opens,enrolment_closes,payment_closes,arrangements_released,results_released,review_closes,exam_starts,exam_ends',
      period('1604', 2016, '04'),
      period(PAST, 2026, '04'),
      period(NEXT, 2026, '10'),
    ],
    units: [
      'period,unit,date,starts',
      ...[PAST, NEXT].flatMap((code) => UNITS.map((unit) => `${code},${unit},20${code.slice(0, 2)}-${code.slice(2)}-18,09:00`)),
    ],
    timetable: [
      'period,course,unit,form,minutes',
      ...[PAST, NEXT].flatMap((code) => COURSES.map((each, at) => `${code},${each},${UNITS[at % UNITS.length]},written,150`)),
    ],
    courses: ['code,name,credits', ...COURSES.map((each) => `${each},试验课程${each},5`)],
    majors: [
      'code,name,level,university,state,last_registration,last_exam,last_thesis,last_graduation,last_degree',
      ...MAJORS.map((code) => `${code},试验专业${code},专升本,试验大学,open,,,,,`),
    ],
    major_courses: ['major,course,required', ...MAJORS.flatMap((major) => COURSES.map((each) => `${major},${each},Y`))],
    districts: ['name,office,place,address,phone', ...DISTRICTS.map((name) => `${name},${name}试验自考办,试验中心,"试验路1号, 一层",00000000`)],
    fees: ['kind,from_period,amount_fen', ...['written', 'practical'].map((kind) => `${kind},1604,${FEE}`)],
  };
}

/** The rows of each candidate: for each file the header and a function of the candidate's index. */
function candidateFiles({ password, badScoreEvery }: BatchOptions): Readonly<Record<string, readonly [header: Line, rows: (at: number) => readonly Line[]]>> {
  const bill = (at: number, half: number, period: string, items: readonly string[]) => {
    const no = String(30_000_000_000_000 + at * 2 + half);
    const paid = `${items.length * FEE},2026-01-10T10:00:00+08:00,2026-01-20T10:00:00+08:00,2026-01-10T11:00:00+08:00`;
    return `${no},${admissionNo(at)},${period},enrolment,paid,${paid},${items.map((each) => `${each}:${FEE}`).join(' ')}`;
  };
  const score = (at: number, place: number) => (badScoreEvery && (at * 4 + place + 1) % badScoreEvery === 0 ? 101 : (at * 7 + place * 11) % 101);
  return {
    candidates: [
      'admission_no,name,id_type,id_no,sex,birth,health,ethnicity,household,district,registered_period,account_state,confirmed,photo,password_hash',
      (at) => [
        `${admissionNo(at)},${nameOf(at)},居民身份证,${identityOf(at)},健康,汉族,北京市,${DISTRICTS[at % DISTRICTS.length]},1604,normal,Y,,${password ? `{plain}${password}` : ''}`,
      ],
    ],
    candidate_majors: ['admission_no,major,state,added_period', (at) => [`${admissionNo(at)},${MAJORS[at % MAJORS.length]},studying,1604`]],
    enrolments: [
      'admission_no,period,course,state',
      (at) => [
        ...courses(at, 0, 3).map((each) => `${admissionNo(at)},${PAST},${each},enrolled`),
        ...courses(at, 3, 5).map((each) => `${admissionNo(at)},${NEXT},${each},enrolled`),
      ],
    ],
    payments: [
      'bill_no,admission_no,period,kind,state,amount_fen,created_at,due_by,paid_at,items',
      (at) => [bill(at, 0, PAST, courses(at, 0, 3)), bill(at, 1, NEXT, courses(at, 3, 5))],
    ],
    arrangements: [
      'admission_no,period,course,site,address,room,seat,state',
      (at) =>
        courses(at, 0, 5).map(
          (each, place) =>
            `${admissionNo(at)},${place < 3 ? PAST : NEXT},${each},试验中学（东校区）${at < 29_970 ? '' : Math.floor(at / 29_970)},试验路2号,${String(1 + (Math.floor(at / 30) % 999)).padStart(3, '0')},${String(1 + (at % 30)).padStart(2, '0')},arranged`,
        ),
    ],
    scores: [
      'admission_no,period,course,score,grade,remark',
      (at) => [
        ...courses(at, 0, 3).map((each, place) => `${admissionNo(at)},${PAST},${each},${score(at, place)},,`),
        `${admissionNo(at)},1604,${course(at, 5)},${score(at, 3)},,`,
      ],
    ],
  };
}

/** Writes the batch into a new folder. Returns the number of rows. */
export async function writeBatch(folder: string, options: BatchOptions): Promise<number> {
  await mkdir(folder, { recursive: true });
  let rows = 0;
  const write = async (name: string, lines: Iterable<Line>) => {
    const out = createWriteStream(join(folder, `${name}.csv`));
    let piece = '';
    for (const line of lines) {
      rows++;
      piece += `${line}\n`;
      if (piece.length < 65_536) continue;
      if (!out.write(piece)) await once(out, 'drain');
      piece = '';
    }
    rows--;
    out.end(piece);
    await once(out, 'finish');
  };
  for (const [name, lines] of Object.entries(referenceFiles())) await write(name, lines);
  for (const [name, [header, rowsOf]] of Object.entries(candidateFiles(options))) await write(name, linesOf(header, rowsOf, options));
  return rows;
}

function* linesOf(header: Line, rowsOf: (at: number) => readonly Line[], { candidates, shuffled }: BatchOptions): Generator<Line> {
  yield header;
  if (!shuffled) for (let at = 0; at < candidates; at++) yield* rowsOf(at);
  else {
    const each = rowsOf(0).length;
    for (let place = 0; place < each; place++) for (let at = candidates - 1; at >= 0; at--) yield rowsOf(at)[place] as Line;
  }
}
