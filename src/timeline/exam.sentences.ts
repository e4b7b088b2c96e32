import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import type { DeclarationEvent } from '../declarations/declarations.events.js';
import type { EnrolmentEvent } from '../enrolments/enrolments.events.js';
import { isPassed, type Result, type ResultEvent } from '../results/results.events.js';
import type { ApplicationEvent, ApplicationKind } from '../status-applications/status-applications.events.js';
import type { Sealed } from '../vault/vault.js';
import { day, yuan } from '../web/views/formats.js';
import { given, type Sentences, type Words } from './words.js';

export const declarationKinds: Readonly<Record<DeclarationKind, string>> = { thesis: '论文', graduation: '毕业', degree: '学位' };
const applicationKinds: Readonly<Record<ApplicationKind, string>> = {
  continuation: '接考',
  exemption: '免考',
  transfer_out: '考籍转出',
  transfer_in: '考籍转入',
};

/** Enrolments, seats, results, declarations and status applications. */
export const examSentences: Sentences<EnrolmentEvent | ResultEvent | DeclarationEvent | ApplicationEvent> = {
  CourseEnrolled: (data, words) => `报考 ${course(data, words)}`,
  CourseWithdrawn: (data, words) => `取消报考 ${course(data, words)}`,
  EnrolmentConfirmed: ({ period, lines, fen, bill }, words) => `确认 ${words.period(period)} 报考的 ${lines.length} 门课程，共 ${yuan(fen)}，账单 ${bill}`,
  EnrolmentPaid: ({ period, courses, bill }, words) => `${words.period(period)} 报考的 ${courses.length} 门课程已缴费，账单 ${bill}`,
  EnrolmentFreed: ({ period, courses, bill, why }, words) =>
    `账单 ${bill} ${why === 'expired' ? '过期' : '取消'}，${words.period(period)} 报考的 ${courses.length} 门课程可以再改`,
  EnrolmentPaymentWithdrawn: ({ bill }) => `账单 ${bill} 的缴费记错了，报考的课程不再算已缴费`,
  SeatArranged: (data, words) => `${course(data, words)} 的座位：${data.site}（${data.address}），考场 ${data.room}，座次 ${data.seat}`,
  SeatCancelled: (data, words) => `${course(data, words)} 的座位取消`,
  ScoreRecorded: (data, words) => `${course(data, words)} 的成绩：${result(data.result)}`,
  ScoreCorrected: (data, words) => `${course(data, words)} 的成绩更正为：${result(data.result)}`,
  ScoreWithheld: (data, words) => `${course(data, words)} 的成绩待定`,
  ScoreWithdrawn: (data, words) => `${course(data, words)} 的成绩撤回，如同没有成绩`,
  DeclarationSubmitted: (data, words) => `申报${declared(data, words)}`,
  DeclarationCorrected: (data, words) => `申报更正为${declared(data, words)}`,
  DeclarationPaymentRequested: ({ declaration, issues, remark }, words) =>
    `申报 ${declaration} 待缴费${given(issues, ({ fen, bill }) => `，${yuan(fen)}，账单 ${bill}`)}${remarked(remark, words)}`,
  DeclarationPaid: ({ declaration, remark }, words) => `申报 ${declaration} 已缴费${remarked(remark, words)}`,
  DeclarationApproved: ({ declaration, remark }, words) => `申报 ${declaration} 审核通过${remarked(remark, words)}`,
  DeclarationRejected: ({ declaration, remark }, words) => `申报 ${declaration} 审核不通过${remarked(remark, words)}`,
  DeclarationWithdrawn: ({ declaration, remark }, words) => `申报 ${declaration} 撤回${remarked(remark, words)}`,
  DeclarationReopened: ({ declaration, remark }, words) => `申报 ${declaration} 回到已申报${remarked(remark, words)}`,
  DeclarationVoided: ({ declaration }) => `申报 ${declaration} 记错了，已作废`,
  ApplicationDrafted: (data, words) => `${application(data, words)}暂存，没有提交`,
  ApplicationSubmitted: (data, words) => `${application(data, words)}提交`,
  ApplicationApproved: (data, words) => `${application(data, words)}审核通过`,
  ApplicationRejected: (data, words) => `${application(data, words)}审核不通过`,
  ApplicationWithdrawn: (data, words) => `${application(data, words)}撤回`,
  ApplicationVoided: ({ application: number }) => `考籍申请 ${number} 记错了，已作废`,
};

function course({ period, course: code }: { readonly period: string; readonly course: string }, words: Words): string {
  return `${words.period(period)} ${words.course(code)}`;
}

function result(of: Result): string {
  if ('remark' in of) return of.remark;
  return `${'score' in of ? `${of.score} 分` : of.grade}，${isPassed(of) ? '合格' : '不合格'}`;
}

function declared(data: Extract<DeclarationEvent, { type: 'DeclarationSubmitted' }>['data'], words: Words): string {
  const { declaration, kind, period, major, university, appliedOn } = data;
  return `${declarationKinds[kind]}（${period}）：专业 ${words.major(major)}，${university}${given(appliedOn, (date) => `，${day(date)}`)}，申报 ${declaration}`;
}

function remarked(remark: Sealed<string> | undefined, words: Words): string {
  return given(remark, (sealed) => given(words.open(sealed), (text) => `，备注：${text}`));
}

function application(data: Extract<ApplicationEvent, { type: 'ApplicationDrafted' }>['data'], words: Words): string {
  const text = given(words.open(data.text), ({ remark, detail }) => [remark, detail].filter(Boolean).join('，'));
  const of = [data.application, given(data.course, words.course), text].filter(Boolean).join('，');
  return `${applicationKinds[data.kind]}申请（${of}）`;
}
