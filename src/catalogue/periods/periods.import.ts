import { z } from 'zod';
import { date, instant, line, optional, period } from '../../imports/files/columns.js';
import type { ImportFile } from '../../imports/files/import-file.js';
import { rowHistory } from '../../imports/files/row-history.js';
import { mustFollow, periodStream, shouldFollow } from '../../imports/files/rows.js';
import type { CatalogueEvent } from '../catalogue.events.js';
import { AnnouncePeriod } from './announce-period.command.js';

const columns = z.object({
  period,
  name: line(50),
  registration_opens: optional(instant),
  registration_closes: optional(instant),
  confirmation_opens: optional(instant),
  confirmation_closes: optional(instant),
  enrolment_opens: optional(instant),
  enrolment_closes: optional(instant),
  payment_closes: optional(instant),
  arrangements_released: optional(instant),
  results_released: optional(instant),
  review_closes: optional(instant),
  exam_starts: optional(date),
  exam_ends: optional(date),
});

type Row = z.output<typeof columns>;

export const periods: ImportFile<Row> = {
  name: 'periods',
  columns,
  key: (row) => row.period,
  defines: (row) => ({ kind: 'period', value: row.period }),
  references: () => [],
  faults: (row) => [
    ...mustFollow(row.registration_opens, row.registration_closes, 'registration_closes'),
    ...mustFollow(row.confirmation_opens, row.confirmation_closes, 'confirmation_closes'),
    ...mustFollow(row.enrolment_opens, row.enrolment_closes, 'enrolment_closes'),
    ...mustFollow(row.results_released, row.review_closes, 'review_closes'),
    ...(row.exam_starts && row.exam_ends && row.exam_ends < row.exam_starts ? [{ column: 'exam_ends', reason: '考试结束日期早于开始日期' }] : []),
  ],
  warnings: (row) => [
    ...shouldFollow(row.registration_opens, row.confirmation_opens, 'confirmation_opens', '现场确认开始早于注册开始'),
    ...shouldFollow(row.enrolment_closes, row.payment_closes, 'payment_closes', '缴费截止早于报考截止'),
    ...shouldFollow(row.enrolment_closes, startOf(row.exam_starts), 'exam_starts', '考试开始早于报考截止'),
    ...shouldFollow(row.payment_closes, startOf(row.exam_starts), 'exam_starts', '考试开始早于缴费截止'),
    ...shouldFollow(row.enrolment_opens, row.arrangements_released, 'arrangements_released', '考试安排发布早于报考开始'),
    ...shouldFollow(row.arrangements_released, startOf(row.exam_starts), 'arrangements_released', '考试安排发布晚于考试开始'),
    ...shouldFollow(startOf(row.exam_ends ?? row.exam_starts), row.results_released, 'results_released', '成绩发布早于考试结束'),
  ],
  stream: periodStream,
  command: (row, given) =>
    new AnnouncePeriod(
      given,
      row.period,
      {
        name: row.name,
        registration: { opens: row.registration_opens, closes: row.registration_closes },
        confirmation: { opens: row.confirmation_opens, closes: row.confirmation_closes },
        enrolment: { opens: row.enrolment_opens, closes: row.enrolment_closes },
        paymentCloses: row.payment_closes,
        reviewCloses: row.review_closes,
        examStarts: row.exam_starts,
        examEnds: row.exam_ends,
      },
      { arrangements: row.arrangements_released, results: row.results_released },
    ),
  history: rowHistory<Extract<CatalogueEvent, { type: 'PeriodAnnounced' | 'ArrangementsReleaseScheduled' | 'ResultsReleaseScheduled' }>, Row>({
    on: {
      PeriodAnnounced: (row, { period, name, registration, confirmation, enrolment, ...rest }) => ({
        period,
        name,
        registration_opens: registration.opens,
        registration_closes: registration.closes,
        confirmation_opens: confirmation.opens,
        confirmation_closes: confirmation.closes,
        enrolment_opens: enrolment.opens,
        enrolment_closes: enrolment.closes,
        payment_closes: rest.paymentCloses,
        arrangements_released: row?.arrangements_released,
        results_released: row?.results_released,
        review_closes: rest.reviewCloses,
        exam_starts: rest.examStarts,
        exam_ends: rest.examEnds,
      }),
      ArrangementsReleaseScheduled: (row, { at }) => row && { ...row, arrangements_released: at },
      ResultsReleaseScheduled: (row, { at }) => row && { ...row, results_released: at },
    },
  }),
};

/** The first instant of a day in Beijing. */
function startOf(date: string | undefined): string | undefined {
  return date && new Date(`${date}T00:00:00+08:00`).toISOString();
}
