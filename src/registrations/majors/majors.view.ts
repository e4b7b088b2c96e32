import type { Applications } from '../../../projections/applications.js';
import type { Candidate, CandidateMajor } from '../../../projections/candidate.js';
import type { Major } from '../../../projections/majors.js';
import type { Sittings } from '../../../projections/sittings.js';
import type { MajorState } from '../../catalogue/catalogue.events.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isPassed } from '../../results/results.events.js';
import type { Search } from '../../web/search.js';
import { day, periodCode } from '../../web/views/formats.js';
import { studyStateNames } from '../state-names.js';

const tones: Readonly<Record<CandidateMajor['state'], 'good' | 'info' | 'plain'>> = { studying: 'info', graduated: 'good', left: 'plain' };
const states: Readonly<Record<MajorState, string>> = { open: '正常开设', closing: '停考过渡', closed: '停考' };
const lastDates = [
  ['lastRegistration', '最后一次新生注册'],
  ['lastExam', '最后一次考试'],
  ['lastThesis', '最后一次论文申报'],
  ['lastGraduation', '最后一次毕业申请'],
  ['lastDegree', '最后一次学位申请'],
] as const;

interface MajorView {
  readonly code: string;
  /** `人力资源管理（专科）` */
  readonly name: string;
  readonly university: string | undefined;
  readonly study: { readonly text: string; readonly tone: 'good' | 'info' | 'plain' };
  /** `2017年10月自学考试` */
  readonly added: string;
  readonly state: string;
  readonly closing: boolean;
  /** Of a major that closes. */
  readonly lastDates: readonly { readonly name: string; readonly day: string }[];
  readonly passed: number;
  /** How many courses its plan lists; 0 where the plan is not known. */
  readonly planned: number;
}

/**
 * The data of 我的专业: the majors found, those being studied first. A course of a major's plan counts as passed once its result
 * is released or its exemption 免考 is approved.
 */
export function majorsView(
  { majors }: Candidate,
  sittings: Sittings,
  applications: Applications,
  catalogue: Pick<Catalogue, 'major' | 'period' | 'resultsReleased'>,
  now: Date,
  { matches }: Pick<Search, 'matches'>,
): readonly MajorView[] {
  const done = new Set([...passedCodes(sittings, catalogue, now), ...exemptedCourses(applications)]);
  const order = Object.keys(studyStateNames);
  return [...majors]
    .sort((left, right) => order.indexOf(left.state) - order.indexOf(right.state) || left.major.localeCompare(right.major))
    .map((each) => majorView(each, catalogue.major(each.major), catalogue.period(each.period)?.name ?? periodCode(each.period), done))
    .filter(({ code, name }) => matches(code, name));
}

function majorView({ major: code, state }: CandidateMajor, major: Major | undefined, added: string, done: ReadonlySet<string>): MajorView {
  const plan = Object.keys(major?.courses ?? {});
  return {
    code,
    name: major ? `${major.name}（${major.level}）` : code,
    university: major?.university,
    study: { text: studyStateNames[state], tone: tones[state] },
    added: `${added}自学考试`,
    state: states[major?.state ?? 'open'],
    closing: major !== undefined && major.state !== 'open',
    lastDates: lastDates.flatMap(([key, name]) => (major && major.state !== 'open' && major[key] ? [{ name, day: day(major[key]) }] : [])),
    passed: plan.filter((course) => done.has(course)).length,
    planned: plan.length,
  };
}

function passedCodes(sittings: Sittings, catalogue: Pick<Catalogue, 'resultsReleased'>, now: Date): readonly string[] {
  return Object.entries(sittings)
    .filter(([period]) => catalogue.resultsReleased(period, now))
    .flatMap(([, courses]) => Object.entries(courses).flatMap(([course, { result }]) => (result && isPassed(result) ? [course] : [])));
}

function exemptedCourses(applications: Applications): readonly string[] {
  return Object.values(applications).flatMap(({ kind, state, course }) => (kind === 'exemption' && state === 'approved' && course ? [course] : []));
}
