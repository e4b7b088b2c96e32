import type { CatalogueEvent, ContentKey, FeeKind } from '../catalogue/catalogue.events.js';
import type { ImportEvent } from '../imports/imports.events.js';
import type { InstallationEvent } from '../installation/installation.events.js';
import type { NoticeEvent } from '../notices/notices.events.js';
import type { OfficeEvent, ViewingEvent } from '../office/office.events.js';
import type { OfficerEvent } from '../office/officers/officers.events.js';
import { day, moment, yuan } from '../web/views/formats.js';
import { declarationKinds } from './exam.sentences.js';
import { given, type Sentences } from './words.js';

const fees: Readonly<Record<FeeKind, string>> = { written: '笔试课程', practical: '实践课程', thesis: '论文', degree: '学位' };
const contents: Readonly<Record<ContentKey, string>> = {
  rules: '考试规则',
  payment_guide: '支付指南',
  quick_channels: '快捷通道',
  login_welcome: '登录页的欢迎语',
  help: '帮助',
  privacy: '隐私政策',
};

/** What the office publishes and does, and what the system notes of itself. */
export const officeSentences: Sentences<CatalogueEvent | NoticeEvent | OfficeEvent | ViewingEvent | OfficerEvent | InstallationEvent | ImportEvent> = {
  PeriodAnnounced: ({ period, name }) => `公布考期 ${period}（${name}）`,
  ArrangementsReleaseScheduled: ({ period, at }) => release(`${period} 的考试安排`, at),
  ResultsReleaseScheduled: ({ period, at }) => release(`${period} 的成绩`, at),
  UnitScheduled: ({ period, unit, date, starts }) => `${period} 的考试单元 ${unit} 定在 ${day(date)} ${starts}`,
  PaperScheduled: ({ period, course, unit, form }) => `${period} 开考课程 ${course}（${fees[form]}）${given(unit, (at) => `，在单元 ${at}`)}`,
  CourseDescribed: ({ course, name }) => `课程 ${course}：${name}`,
  MajorDescribed: ({ major, name, university }) => `专业 ${major}：${name}，${university}`,
  MajorCourseListed: ({ major, course, required }) => `专业 ${major} 的${required ? '必考' : '选考'}课程 ${course}`,
  DistrictDescribed: ({ district, office }) => `考区 ${district}：${office}`,
  FeeSet: ({ kind, fromPeriod, fen }) => `${fees[kind]}的收费从 ${fromPeriod} 起为 ${yuan(fen)}`,
  ContentPublished: ({ key, effectiveFrom }) => `${contents[key]}更新，${moment(effectiveFrom)} 起生效`,
  DeclarationPeriodAnnounced: ({ kind, code, name }) => `公布${declarationKinds[kind]}申报 ${code}（${name}）`,
  NoticePublished: ({ notice, title }) => `发布通知 ${notice}：${title}`,
  NoticeWithdrawn: ({ notice }) => `撤回通知 ${notice}`,
  TaskRaised: ({ task }) => `转人工办理，待办 ${task}`,
  TaskTaken: ({ task, by, until }) => `${by} 开始办理待办 ${task}，到 ${moment(until)} 为止不由别人办理`,
  TaskGivenBack: ({ task, by }) => `${by} 退回待办 ${task}`,
  TaskSettled: ({ task, note }) => `待办 ${task} 办结：${note}`,
  PersonViewed: ({ what, reason, candidateIds }) => `查看了 ${candidateIds.length} 位考生的个人信息（${what}）${reason === '' ? '' : `：${reason}`}`,
  OfficerAdded: ({ officer }) => `添加办理人 ${officer}`,
  OfficerReset: ({ officer }) => `办理人 ${officer} 的密码和第二因素重设`,
  OfficerPasswordSet: ({ officer }) => `办理人 ${officer} 设置了密码`,
  OfficerFactorEnrolled: ({ officer }) => `办理人 ${officer} 登记了第二因素`,
  OfficerPasskeyEnrolled: ({ officer, name }) => `办理人 ${officer} 登记了通行密钥“${name}”作为第二因素`,
  OfficerPasskeyAdded: ({ officer, name }) => `办理人 ${officer} 添加了通行密钥“${name}”`,
  OfficerPasskeyRemoved: ({ officer }) => `办理人 ${officer} 删除了一个通行密钥`,
  OfficerSuspended: ({ officer }) => `办理人 ${officer} 停用`,
  OfficerReinstated: ({ officer }) => `办理人 ${officer} 恢复`,
  OfficerChangeProposed: ({ officer, reason }) => `提出改动办理人 ${officer}：${reason}`,
  OfficerChangeDeclined: ({ officer }) => `改动办理人 ${officer} 的提议撤回或没有通过`,
  OfficerDutiesChanged: ({ officer }) => `办理人 ${officer} 的角色或考区改了`,
  OfficerSignedIn: ({ officer }) => `办理人 ${officer} 登录`,
  OfficerFactorProved: ({ officer }) => `办理人 ${officer} 再次验证第二因素`,
  OfficerSignedOut: ({ officer }) => `办理人 ${officer} 退出登录`,
  OfficerSignInsFailed: ({ officer, at, times }) => `有人想以办理人 ${officer} 登录 ${times} 次，${at === 'password' ? '密码' : '第二因素'}不对`,
  InstallationMade: ({ id, demo }) => `建立了中心 ${id}${demo ? '（演示）' : ''}`,
  ImportBegun: ({ batch, undoes, files }) =>
    undoes === undefined ? `开始导入批次 ${batch}：${files.map(({ file }) => file).join('、')}` : `开始撤销批次 ${undoes}，记为批次 ${batch}`,
  ImportEnded: ({ batch, recorded }) => `批次 ${batch} 完毕，记录事件 ${recorded} 条`,
};

function release(what: string, at: string | undefined): string {
  return at === undefined ? `取消${what}的发布` : `${what}定于 ${moment(at)} 发布`;
}
