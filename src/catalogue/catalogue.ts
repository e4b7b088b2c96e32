import { contents } from '../../projections/contents.js';
import { type Course, courses } from '../../projections/courses.js';
import { type DeclarationPeriod, declarationPeriods } from '../../projections/declaration-periods.js';
import { type District, districts } from '../../projections/districts.js';
import { fees } from '../../projections/fees.js';
import { type Major, majors } from '../../projections/majors.js';
import { type Notice, notices } from '../../projections/notices.js';
import { type Paper, type Period, periods } from '../../projections/periods.js';
import type { Position } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { HealthProblem } from '../kernel/readiness.js';
import type { ReadModels } from '../read-models/read-models.js';
import { InMemoryReadModels } from '../read-models/serving/in-memory.read-models.js';
import type { ContentKey, DeclarationKind, FeeKind } from './catalogue.events.js';
import { calendarOf, compareTimes, monthOfPeriod, type PeriodDates, periodCodeAt } from './periods/calendar.js';
import { type Instant, isOpen, isReached, milliseconds } from './window.js';

/** What an input file or a form may refer to. */
export type CatalogueKind = 'period' | 'unit' | 'course' | 'major' | 'district' | 'declaration_period';

export interface PublishedNotice extends Notice {
  readonly id: string;
}

/**
 * Reference data, held in memory by each process. Answers depend on the data and on the instant given, so that a release takes
 * effect for everyone at its instant.
 */
export class Catalogue {
  private readonly data: InMemoryReadModels;
  private readonly calendarOf = memoized(calendarOf);
  private readonly newestFirst = memoized(newestFirst);

  constructor(events: EventStore, readModels: ReadModels) {
    this.data = new InMemoryReadModels(events, readModels, [periods, courses, majors, districts, fees, contents, declarationPeriods, notices]);
  }

  /** Resolves once it has caught up with the log, which it follows from then on. */
  start(): Promise<void> {
    return this.data.start();
  }

  stop(): Promise<void> {
    return this.data.stop();
  }

  /** Resolves once it includes everything recorded up to a position. */
  caughtUp(position: Position): Promise<void> {
    return this.data.caughtUp(position);
  }

  /** Why pages should not be served now: the data are not loaded, or 5 s behind. Undefined when ready. */
  healthProblem(): HealthProblem | undefined {
    return this.data.healthProblem();
  }

  period(code: string): Period | undefined {
    return this.data.documents(periods).get(code);
  }

  /** A course's paper in a period's timetable. */
  paper(period: string, course: string): Paper | undefined {
    return ownField(this.period(period)?.papers, course);
  }

  course(code: string): Course | undefined {
    return this.data.documents(courses).get(code);
  }

  major(code: string): Major | undefined {
    return this.data.documents(majors).get(code);
  }

  /** In the order in which they were described. */
  districtNames(): readonly string[] {
    return [...this.data.documents(districts).keys()];
  }

  district(name: string): District | undefined {
    return this.data.documents(districts).get(name);
  }

  /** The fee of a kind in an exam period, in fen: the one set for the period, or for the latest period before it. */
  fee(kind: FeeKind, period: string): number | undefined {
    const set = this.data.documents(fees).get(kind) ?? {};
    const from = Object.keys(set).filter((fromPeriod) => monthOfPeriod(fromPeriod) <= monthOfPeriod(period));
    return ownField(
      set,
      latest(from, (a, b) => monthOfPeriod(a) > monthOfPeriod(b)),
    );
  }

  /**
   * The fee of a declaration, in fen. Fees are set by exam period, whose codes cannot be compared with those of declaration
   * periods: the fee of the month holds in which the declaration period opens.
   */
  declarationFee(kind: FeeKind & DeclarationKind, period: string): number | undefined {
    const { opens } = this.declarationPeriod(kind, period) ?? {};
    return opens === undefined ? undefined : this.fee(kind, periodCodeAt(opens));
  }

  /** The Markdown of an editable content: its newest version in effect. */
  content(key: ContentKey, now: Instant): string | undefined {
    const versions = this.data.documents(contents).get(key) ?? {};
    const inEffect = Object.keys(versions).filter((effectiveFrom) => isReached(effectiveFrom, now));
    return ownField(
      versions,
      latest(inEffect, (a, b) => milliseconds(a) > milliseconds(b)),
    );
  }

  /** 消息通知 published by now, the newest first. */
  notices(now: Instant): readonly PublishedNotice[] {
    return this.newestFirst(this.data.documents(notices)).filter(({ publishedAt }) => isReached(publishedAt, now));
  }

  notice(id: string, now: Instant): PublishedNotice | undefined {
    const notice = this.data.documents(notices).get(id);
    return notice && isReached(notice.publishedAt, now) ? { id, ...notice } : undefined;
  }

  declarationPeriod(kind: DeclarationKind, code: string): DeclarationPeriod | undefined {
    return this.data.documents(declarationPeriods).get(`${kind}/${code}`);
  }

  /** The running declaration period of a kind, or between two periods the earlier one. */
  currentDeclarationPeriod(kind: DeclarationKind, now: Instant): DeclarationPeriod | undefined {
    const opened = [...this.data.documents(declarationPeriods).values()].flatMap((period) => {
      const { opens } = period;
      return period.kind === kind && opens !== undefined && isReached(opens, now) ? [{ period, opens: milliseconds(opens) }] : [];
    });
    return latest(opened, (a, b) => a.opens > b.opens || (a.opens === b.opens && a.period.code > b.period.code))?.period;
  }

  /** Codes of periods whose enrolment has opened and whose exam has not ended, nearest exam first (docs/domain.md, "Pages of the centre"). */
  openPeriods(now: Instant): readonly string[] {
    return this.periodsWhere(({ enrolmentOpens, examEnds }) => isOpen({ opens: enrolmentOpens, closes: examEnds }, now));
  }

  /** Codes of periods whose arrangements are released and whose exam has not ended, nearest exam first. */
  examInformationPeriods(now: Instant): readonly string[] {
    return this.periodsWhere(({ arrangementsReleased, examEnds }) => isOpen({ opens: arrangementsReleased, closes: examEnds }, now));
  }

  /** Codes of periods whose results are released, the newest first. */
  resultsPeriods(now: Instant): readonly string[] {
    return this.periodsWhere(({ resultsReleased }) => isReached(resultsReleased, now)).toReversed();
  }

  /** Whether candidates may see a period's arrangements 考试安排. */
  arrangementsReleased(period: string, now: Instant): boolean {
    return isReached(this.period(period)?.arrangementsReleasedAt, now);
  }

  /** Whether candidates may see a period's results 成绩. */
  resultsReleased(period: string, now: Instant): boolean {
    return isReached(this.period(period)?.resultsReleasedAt, now);
  }

  /** Whether something exists; a unit is given as `period/unit`, a declaration period as `kind/code`. */
  has(kind: CatalogueKind, value: string): boolean {
    switch (kind) {
      case 'period':
        return this.data.documents(periods).has(value);
      case 'unit': {
        const slash = value.lastIndexOf('/');
        return ownField(this.period(value.slice(0, slash))?.units, value.slice(slash + 1)) !== undefined;
      }
      case 'course':
        return this.data.documents(courses).has(value);
      case 'major':
        return this.data.documents(majors).has(value);
      case 'district':
        return this.data.documents(districts).has(value);
      case 'declaration_period':
        return this.data.documents(declarationPeriods).has(value);
    }
  }

  private periodsWhere(isWanted: (period: PeriodDates) => boolean): readonly string[] {
    return this.calendarOf(this.data.documents(periods))
      .filter(isWanted)
      .map(({ code }) => code);
  }
}

function newestFirst(published: ReadonlyMap<string, Notice>): readonly PublishedNotice[] {
  return [...published]
    .map(([id, notice]) => ({ id, ...notice }))
    .sort((one, other) => compareTimes(milliseconds(other.publishedAt), milliseconds(one.publishedAt)) || (one.id < other.id ? -1 : 1));
}

/** Keeps the answer for as long as the documents are the same, since every page asks for it. */
function memoized<Documents extends object, Answer>(answer: (documents: Documents) => Answer): (documents: Documents) => Answer {
  const answers = new WeakMap<Documents, Answer>();
  return (documents) => {
    if (!answers.has(documents)) answers.set(documents, answer(documents));
    return answers.get(documents) as Answer;
  };
}

/** A field of the record itself: the name may come from outside, and every object inherits fields such as `constructor`. */
function ownField<Value>(record: { readonly [name: string]: Value } | undefined, name: string | undefined): Value | undefined {
  return record && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function latest<Each>(all: readonly Each[], isLater: (one: Each, other: Each) => boolean): Each | undefined {
  return all.reduce<Each | undefined>((found, each) => (found === undefined || isLater(each, found) ? each : found), undefined);
}
