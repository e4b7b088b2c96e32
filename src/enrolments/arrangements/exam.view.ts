import type { Sittings } from '../../../projections/sittings.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import { daysLeft, halfDay, moment, periodCode, shortDay } from '../../web/views/formats.js';
import { type CandidatePaper, duration, type PapersCatalogue, type PlaceChange, papersOf, placeChange } from '../papers.js';

interface ArrangedPaper extends CandidatePaper {
  /** `上午` */
  readonly half: string | undefined;
  readonly duration: string | undefined;
  readonly over: boolean;
  /** From the paper before on the same day. */
  readonly placeChange: PlaceChange | undefined;
}

interface ExamDay {
  /** `11月28日 周六` */
  readonly name: string;
  readonly left: string;
  readonly papers: readonly ArrangedPaper[];
}

/** A period whose arrangements are released. */
interface ExamPeriod {
  readonly code: string;
  readonly name: string;
  readonly days: readonly ExamDay[];
  /** Practicals and other papers without a time. */
  readonly undated: readonly ArrangedPaper[];
  /** Paid for, and no seat yet. */
  readonly unarranged: readonly CandidatePaper[];
  readonly unpaid: readonly CandidatePaper[];
  readonly enrolled: boolean;
}

/** A period whose arrangements are not released. */
interface AwaitedPeriod {
  readonly name: string;
  readonly courses: number;
  /** When they will be released, where that is announced. */
  readonly announced: string | undefined;
}

/** The data of 考试信息: released arrangements of exams that are not over, nearest exam first, and the periods not released yet. */
export function examView(sittings: Sittings, catalogue: PapersCatalogue & Pick<Catalogue, 'openPeriods' | 'examInformationPeriods'>, now: Date) {
  const papers = (code: string) => papersOf(code, sittings[code] ?? {}, catalogue, now);
  return {
    periods: catalogue.examInformationPeriods(now).map((code): ExamPeriod => examPeriod(code, catalogue.period(code)?.name ?? '', papers(code), now)),
    awaited: catalogue.openPeriods(now).flatMap((code): AwaitedPeriod[] => {
      const period = catalogue.period(code);
      const courses = papers(code).length;
      if (!period || courses === 0 || catalogue.arrangementsReleased(code, now)) return [];
      return [{ name: period.name, courses, announced: period.arrangementsReleasedAt && moment(period.arrangementsReleasedAt) }];
    }),
  };
}

function examPeriod(code: string, name: string, papers: readonly CandidatePaper[], now: Date): ExamPeriod {
  const seated = papers.filter(({ seat }) => seat);
  const days = Map.groupBy(
    seated.filter(({ date }) => date !== undefined),
    ({ date }) => date ?? '',
  );
  return {
    code: periodCode(code),
    name,
    days: [...days].map(([date, ofDay]) => ({ name: shortDay(date), left: daysLeft(date, now.getTime()), papers: arranged(ofDay, now) })),
    undated: arranged(
      seated.filter(({ date }) => date === undefined),
      now,
    ),
    unarranged: papers.filter(({ seat, paid }) => !seat && paid),
    unpaid: papers.filter(({ seat, paid }) => !seat && !paid),
    enrolled: papers.length > 0,
  };
}

function arranged(papers: readonly CandidatePaper[], now: Date): readonly ArrangedPaper[] {
  return papers.map((paper, at) => {
    const before = papers[at - 1];
    return {
      ...paper,
      half: paper.starts && halfDay(paper.starts),
      duration: paper.minutes === undefined ? undefined : duration(paper.minutes),
      over: isReached(paper.endsAt, now),
      placeChange: before && placeChange(before, paper),
    };
  });
}
