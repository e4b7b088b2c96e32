import { Injectable } from '@nestjs/common';
import { contents } from '../../projections/contents.js';
import { type Course, courses } from '../../projections/courses.js';
import { type DeclarationPeriod, declarationPeriods } from '../../projections/declaration-periods.js';
import { type District, districts } from '../../projections/districts.js';
import { fees } from '../../projections/fees.js';
import { type Major, majors } from '../../projections/majors.js';
import { type Notice, notices } from '../../projections/notices.js';
import { type Paper, type Period, periods } from '../../projections/periods.js';
import type { Position } from '../event-store/event.js';
import { EventStore } from '../event-store/event-store.js';
import type { HealthProblem } from '../kernel/readiness.js';
import { ReadModels } from '../read-models/read-models.js';
import { InMemoryReadModels } from '../read-models/serving/in-memory.read-models.js';
import { beijing, calendarOf, compare, momentOf, monthCode, monthOf, type PeriodMoments } from './calendar.js';
import type { ContentKey, DeclarationKind, FeeKind } from './catalogue.events.js';

/** A moment, as a Date or in milliseconds since the epoch. */
type Moment = Date | number;

/** What an input file or a form may refer to. */
export type CatalogueKind = 'period' | 'unit' | 'course' | 'major' | 'district' | 'declaration_period';

export interface PublishedNotice extends Notice {
  readonly id: string;
}

/**
 * Reference data in memory, as each process has it: what is examined when, where and for how much, and what the office has
 * to say. A release or a changed date takes effect here for everyone at its moment. Every answer depends on the memory and
 * the moment given, on nothing else.
 */
@Injectable()
export class Catalogue {
  private readonly data: InMemoryReadModels;
  private readonly calendarOf = remembered(calendarOf);
  private readonly newsOf = remembered(newsOf);

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

  /** Resolves once it knows all that was recorded up to a position. */
  caughtUp(position: Position): Promise<void> {
    return this.data.caughtUp(position);
  }

  /** Why pages should not be served by it now: not caught up, or 5 s behind; undefined when it is ready. */
  healthProblem(): HealthProblem | undefined {
    return this.data.healthProblem();
  }

  period(code: string): Period | undefined {
    return this.data.documents(periods).get(code);
  }

  /** A course's paper in a period's timetable. */
  paper(period: string, course: string): Paper | undefined {
    return own(this.period(period)?.papers, course);
  }

  /** When a paper begins, as an ISO 8601 instant in UTC; undefined for one without a unit, such as a practical. */
  sittingAt(period: string, course: string): string | undefined {
    const unit = this.paper(period, course)?.unit;
    const slot = unit === undefined ? undefined : own(this.period(period)?.units, unit);
    return slot && new Date(beijing(slot.date, slot.starts).toMillis()).toISOString();
  }

  course(code: string): Course | undefined {
    return this.data.documents(courses).get(code);
  }

  major(code: string): Major | undefined {
    return this.data.documents(majors).get(code);
  }

  district(name: string): District | undefined {
    return this.data.documents(districts).get(name);
  }

  /** What one of a kind costs in an exam period, in fen: as set for it or for the latest one before it. */
  fee(kind: FeeKind, period: string): number | undefined {
    const set = this.data.documents(fees).get(kind) ?? {};
    const from = Object.keys(set).filter((fromPeriod) => monthOf(fromPeriod) <= monthOf(period));
    return own(
      set,
      latest(from, (a, b) => monthOf(a) > monthOf(b)),
    );
  }

  /**
   * What a declaration costs in a declaration period, in fen. Fees are set by exam period, whose codes say year and month and
   * do not compare with those of declaration periods: that of the month holds in which declaring opens.
   */
  declarationFee(kind: FeeKind & DeclarationKind, period: string): number | undefined {
    const { opens } = this.declarationPeriod(kind, period) ?? {};
    return opens === undefined ? undefined : this.fee(kind, monthCode(opens));
  }

  /** An editable content's Markdown: the newest version that holds already. */
  content(key: ContentKey, now: Moment): string | undefined {
    const versions = this.data.documents(contents).get(key) ?? {};
    const begun = Object.keys(versions).filter((effectiveFrom) => momentOf(effectiveFrom) <= Number(now));
    return own(
      versions,
      latest(begun, (a, b) => momentOf(a) > momentOf(b)),
    );
  }

  /** 消息通知 published by now, the newest first. */
  notices(now: Moment): readonly PublishedNotice[] {
    return this.newsOf(this.data.documents(notices)).filter(({ publishedAt }) => momentOf(publishedAt) <= Number(now));
  }

  notice(id: string, now: Moment): PublishedNotice | undefined {
    const notice = this.data.documents(notices).get(id);
    return notice && momentOf(notice.publishedAt) <= Number(now) ? { id, ...notice } : undefined;
  }

  declarationPeriod(kind: DeclarationKind, code: string): DeclarationPeriod | undefined {
    return this.data.documents(declarationPeriods).get(`${kind}/${code}`);
  }

  /** The declaration period of a kind that runs, or between two the last that ran. */
  currentDeclarationPeriod(kind: DeclarationKind, now: Moment): DeclarationPeriod | undefined {
    const begun = [...this.data.documents(declarationPeriods).values()].filter((each) => each.kind === kind && momentOf(each.opens) <= Number(now));
    return latest(begun, (a, b) => momentOf(a.opens) > momentOf(b.opens) || (a.opens === b.opens && a.code > b.code));
  }

  /** Codes of periods whose enrolment has opened and whose exam has not ended, nearest exam first (docs/domain.md, "Pages of the centre"). */
  openPeriods(now: Moment): readonly string[] {
    return this.periodsWhere((period) => period.enrolmentOpens <= Number(now) && Number(now) < period.examEnds);
  }

  /** Codes of periods whose arrangements are released and whose exam has not ended, nearest exam first. */
  examInformationPeriods(now: Moment): readonly string[] {
    return this.periodsWhere((period) => period.arrangementsReleased <= Number(now) && Number(now) < period.examEnds);
  }

  /** Codes of periods whose results are released, the newest first. */
  resultsPeriods(now: Moment): readonly string[] {
    return this.periodsWhere((period) => period.resultsReleased <= Number(now)).toReversed();
  }

  /** Whether candidates may see a period's arrangements 考试安排. */
  arrangementsReleased(period: string, now: Moment): boolean {
    return momentOf(this.period(period)?.arrangementsReleasedAt) <= Number(now);
  }

  /** Whether candidates may see a period's results 成绩. */
  resultsReleased(period: string, now: Moment): boolean {
    return momentOf(this.period(period)?.resultsReleasedAt) <= Number(now);
  }

  /** Whether there is such a thing; a unit is given as `period/unit`, a declaration period as `kind/code`. */
  known(kind: CatalogueKind, value: string): boolean {
    switch (kind) {
      case 'period':
        return this.data.documents(periods).has(value);
      case 'unit': {
        const slash = value.lastIndexOf('/');
        return own(this.period(value.slice(0, slash))?.units, value.slice(slash + 1)) !== undefined;
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

  private periodsWhere(isMeant: (period: PeriodMoments) => boolean): readonly string[] {
    return this.calendarOf(this.data.documents(periods))
      .filter(isMeant)
      .map(({ code }) => code);
  }
}

function newsOf(published: ReadonlyMap<string, Notice>): readonly PublishedNotice[] {
  return [...published]
    .map(([id, notice]) => ({ id, ...notice }))
    .sort((one, other) => compare(momentOf(other.publishedAt), momentOf(one.publishedAt)) || (one.id < other.id ? -1 : 1));
}

/** The last answer is kept for as long as the documents are the same: every page asks. */
function remembered<Documents extends object, Answer>(answer: (documents: Documents) => Answer): (documents: Documents) => Answer {
  const answers = new WeakMap<Documents, Answer>();
  return (documents) => {
    if (!answers.has(documents)) answers.set(documents, answer(documents));
    return answers.get(documents) as Answer;
  };
}

/** A field by a name that may come from outside: only what is there itself, nothing that every object has. */
function own<Value>(record: { readonly [name: string]: Value } | undefined, name: string | undefined): Value | undefined {
  return record && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function latest<Each>(all: readonly Each[], isLater: (one: Each, other: Each) => boolean): Each | undefined {
  return all.reduce<Each | undefined>((found, each) => (found === undefined || isLater(each, found) ? each : found), undefined);
}
