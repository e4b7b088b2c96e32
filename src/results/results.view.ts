import type { Sitting, Sittings } from '../../projections/sittings.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { isReached } from '../catalogue/window.js';
import { moment, periodCode, until } from '../web/views/formats.js';
import { awaitedResults } from './awaited-results.js';
import { isPassed, type Remark } from './results.events.js';

const TABS = { all: '全部', passed: '合格', failed: '不合格' } as const;
export type ResultTab = keyof typeof TABS;

/** What a remark means for the candidate (docs/domain.md, rule 5). */
const REASONS: Readonly<Record<Remark, string | undefined>> = {
  缺考: undefined,
  违纪: '本科目成绩无效',
  作弊: '本次考试各科目成绩均无效',
};

/** One course's result: a score or a grade, or in words why there is neither. */
interface ResultLine {
  readonly code: string;
  readonly name: string;
  /** `1910期` */
  readonly period: string;
  readonly verdict: 'passed' | 'failed' | 'withheld' | 'awaited';
  /** `76`, `优` or `缺考`: never a number beside a remark. */
  readonly result: string | undefined;
  readonly reason: string | undefined;
  /** When it was corrected, withheld or withdrawn, if that was after the release. */
  readonly corrected: string | undefined;
}

interface ReleasedResults {
  readonly name: string;
  readonly released: string;
  readonly lines: readonly ResultLine[];
}

interface CurrentResults extends ReleasedResults {
  readonly enrolled: boolean;
  readonly tabs: readonly { readonly href: string; readonly title: string; readonly count: number; readonly current: boolean }[];
  readonly tab: string;
  /** How many courses were not taken because they were never paid for. */
  readonly unpaid: number;
  /** Until when and where a review 复核 can be asked for, while it can. */
  readonly review: string | undefined;
}

type ResultsCatalogue = Pick<Catalogue, 'course' | 'period' | 'resultsPeriods' | 'resultsReleased'>;

/** `?tab=` of the address; anything else is 全部. */
export function resultTab(text: unknown): ResultTab {
  return text === 'passed' || text === 'failed' ? text : 'all';
}

/**
 * The data of 当期成绩: the latest period whose results are released, earlier ones below, and the periods whose results are awaited.
 * Of a period that is not released it contains only that the candidate took part.
 */
export function resultsView(sittings: Sittings, catalogue: ResultsCatalogue, now: Date, tab: ResultTab) {
  const [latest, ...earlier] = catalogue.resultsPeriods(now);
  return {
    awaited: awaitedResults(sittings, catalogue, now),
    current: latest === undefined ? undefined : currentResults(latest, sittings[latest] ?? {}, catalogue, now, tab),
    past: earlier
      .map((code) => releasedResults(code, sittings[code] ?? {}, catalogue))
      .filter(({ lines }) => lines.length > 0)
      .map((results) => ({ ...results, summary: `${results.lines.length} 门，合格 ${count(results.lines, 'passed')} 门` })),
  };
}

function currentResults(code: string, courses: Sittings[string], catalogue: ResultsCatalogue, now: Date, tab: ResultTab): CurrentResults {
  const { lines, ...results } = releasedResults(code, courses, catalogue);
  const closes = catalogue.period(code)?.reviewCloses;
  return {
    ...results,
    enrolled: lines.length > 0,
    lines: tab === 'all' ? lines : lines.filter(({ verdict }) => verdict === tab),
    tabs: (Object.keys(TABS) as ResultTab[]).map((each) => ({
      href: each === 'all' ? '/center/results' : `/center/results?tab=${each}`,
      title: TABS[each],
      count: each === 'all' ? lines.length : count(lines, each),
      current: each === tab,
    })),
    tab: TABS[tab],
    unpaid: Object.values(courses).filter(({ enrolled, paid, result, withheld }) => enrolled && !paid && !result && !withheld).length,
    review: closes && !isReached(closes, now) && lines.length > 0 ? `对成绩有疑问？可在 ${until(closes)} 前申请复核，目前在电脑上办理。` : undefined,
  };
}

/** @param code of a period whose results are released */
function releasedResults(code: string, courses: Sittings[string], catalogue: ResultsCatalogue): ReleasedResults {
  const period = catalogue.period(code);
  const released = period?.resultsReleasedAt;
  if (!period || !released) throw new Error(`the results of ${code} are not released`);
  const lines = Object.entries(courses)
    .filter(([, { enrolled, paid, result, withheld }]) => result || withheld || (enrolled && paid))
    .map(([course, sitting]) => resultLine(course, catalogue.course(course)?.name ?? '名称暂缺', periodCode(code), sitting, released));
  return { name: period.name, released: moment(released), lines: lines.sort((a, b) => (a.code < b.code ? -1 : 1)) };
}

function resultLine(code: string, name: string, period: string, { result, withheld, correctedAt }: Sitting, released: string): ResultLine {
  const corrected = correctedAt && correctedAt > released ? moment(correctedAt) : undefined;
  const line = { code, name, period, result: undefined, reason: undefined, corrected };
  if (!result) return { ...line, verdict: withheld ? 'withheld' : 'awaited' };
  return {
    ...line,
    verdict: isPassed(result) ? 'passed' : 'failed',
    result: 'score' in result ? String(result.score) : 'grade' in result ? result.grade : result.remark,
    reason: 'remark' in result ? REASONS[result.remark] : undefined,
  };
}

function count(lines: readonly ResultLine[], verdict: ResultLine['verdict']): number {
  return lines.filter((line) => line.verdict === verdict).length;
}
