import { earlierPeriod } from './calendar.js';
import { type CohortBuilder, PASSWORD } from './cohort-builder.js';
import { declarationPeriods } from './declaration-periods.js';
import { MAJORS } from './majors.js';
import { photoFile } from './photos.js';
import type { Studies } from './studies.js';

/** An account to try: it signs in by `citizenNo` where that is given, else by `admissionNo`. */
export interface DemoAccount {
  readonly label: string;
  readonly admissionNo: string;
  readonly citizenNo?: string;
  readonly password: string;
  /** What there is to see, in one line. */
  readonly shows: string;
}

/** The candidates whom the start prints: each shows another side of the centre. */
export function accountsToTry(builder: CohortBuilder): readonly DemoAccount[] {
  return [everythingGoingOn(builder), newcomer(builder), mixedResults(builder), declaring(builder), twoNumbers(builder)];
}

function everythingGoingOn(builder: CohortBuilder): DemoAccount {
  const { days } = builder.records;
  const { last, current, next, today } = days;
  const account = { registered: earlierPeriod(days, 3), district: '海淀区', photo: photoFile('女', 0), password: PASSWORD };
  const studies = builder.register(account, { name: '林晓禾', sex: '女', birth: '1999-05-14', ethnicity: '汉', household: '北京市', health: '健康' });
  studies.addMajor(MAJORS.personnel, earlierPeriod(days, 3)).sitWritten(earlierPeriod(days, 2), [78, 66]).sitWritten(earlierPeriod(days, 1), [81, '缺考', 74]);
  studies.sit(last, [...studies.exactly(last, 3), ...studies.practicals(last)], [84, 57, 61, '良']);
  studies.sitWritten(current, [undefined, undefined, undefined]);
  studies.enrol(next, studies.exactly(next, 2), {
    state: 'due',
    createdAt: today.minus({ days: 3 }).set({ hour: 20, minute: 12 }),
    dueBy: today.plus({ days: 1, hours: 17 }),
  });
  return toTry(studies, '样样都有', `${current.name}考试几天后开始（有考场和座位），${next.name}账单明天到期，${last.name}成绩昨天发布`);
}

function newcomer(builder: CohortBuilder): DemoAccount {
  const { next } = builder.records.days;
  const account = { registered: next, district: '西城区', confirmed: false, photo: photoFile('男', 3), password: PASSWORD };
  const studies = builder.register(account, { name: '陈一鸣', sex: '男', birth: '2004-11-02', ethnicity: '汉', household: '河北省', health: '健康' });
  studies.addMajor(MAJORS.personnel, next);
  return toTry(studies, '新注册考生', '还没有现场确认，登录后只能看到现场确认凭单（西城区）和通知');
}

function mixedResults(builder: CohortBuilder): DemoAccount {
  const { days } = builder.records;
  const { last } = days;
  const account = { registered: earlierPeriod(days, 4), district: '朝阳区', photo: photoFile('男', 0), password: PASSWORD };
  const studies = builder.register(account, { name: '赵明远', sex: '男', birth: '1995-08-27', ethnicity: '满', household: '北京市', health: '健康' });
  studies
    .addMajor(MAJORS.accounting, earlierPeriod(days, 4))
    .sitWritten(earlierPeriod(days, 3), ['作弊', '作弊'])
    .sitWritten(earlierPeriod(days, 2), [72, '缺考'])
    .sitWritten(earlierPeriod(days, 1), [68, 75]);
  const courses = [...studies.exactly(last, 4), ...studies.practicals(last)];
  studies.sit(last, courses, [79, 58, '违纪', undefined, '不及格']);
  builder.records.correct(studies.candidate, last, courses[1] ?? '', 63);
  return toTry(studies, '各种成绩', `${last.name}成绩：合格、不合格、违纪、更正过的和待发布的都有，下面还有往期成绩`);
}

function declaring(builder: CohortBuilder): DemoAccount {
  const { days } = builder.records;
  const { today } = days;
  const account = { registered: earlierPeriod(days, 7), district: '丰台区', photo: photoFile('女', 2), password: PASSWORD };
  const studies = builder.register(account, { name: '周文静', sex: '女', birth: '1992-03-19', ethnicity: '汉', household: '山东省', health: '健康' });
  const { candidate } = studies;
  builder.records.apply(candidate, { kind: 'continuation', state: 'approved', appliedOn: today.minus({ months: 43 }) });
  studies.exemption('03708', 'rejected', today.minus({ months: 42 }), '提交的成绩单不能证明已学过相当的课程');
  studies.exemption('00015', 'approved', today.minus({ months: 40 }), '凭大学英语六级成绩免考');
  studies.addMajor(MAJORS.administration, earlierPeriod(days, 7)).addMajor(MAJORS.literature, earlierPeriod(days, 5)).complete(-7, -2);
  builder.records.apply(candidate, { kind: 'transfer_out', state: 'withdrawn', appliedOn: today.minus({ months: 14 }), remark: '考生本人撤回' });
  builder.records.apply(candidate, { kind: 'transfer_in', state: 'submitted', appliedOn: today.minus({ days: 6 }) });
  builder.records.apply(candidate, { kind: 'continuation', state: 'draft', appliedOn: today.minus({ days: 2 }) });
  const [thesisNow, thesisLast, thesisEarlier, thesisFirst] = declarationPeriods(today, 'thesis');
  const [graduationNow] = declarationPeriods(today, 'graduation');
  const [degreeNow] = declarationPeriods(today, 'degree');
  const declare = builder.records.declare.bind(builder.records, candidate);
  declare({ kind: 'thesis', period: thesisFirst, major: MAJORS.administration, state: 'withdrawn', remark: '考生本人撤回' });
  declare({
    kind: 'thesis',
    period: thesisEarlier,
    major: MAJORS.administration,
    state: 'rejected',
    remark: '论文选题与专业方向不符，请与指导教师商定后重新申报',
  });
  declare({ kind: 'thesis', period: thesisLast, major: MAJORS.administration, state: 'approved' });
  declare({ kind: 'thesis', period: thesisNow, major: MAJORS.literature, state: 'paid' });
  declare({ kind: 'graduation', period: graduationNow, major: MAJORS.administration, state: 'submitted' });
  declare({ kind: 'degree', period: degreeNow, major: MAJORS.administration, state: 'payment_due' });
  return toTry(studies, '申报和考籍', '论文、毕业、学位申报的各种状态（含未通过的原因），学位账单待缴，接考、免考、转出、转入申请');
}

/** One person who finished a junior major under one number and goes on under another. */
function twoNumbers(builder: CohortBuilder): DemoAccount {
  const { days } = builder.records;
  const { last, current, next, today } = days;
  const known = { name: '吴思远', sex: '男', birth: '1990-12-08', ethnicity: '汉', household: '北京市', health: '健康' } as const;
  const before = builder.register({ registered: earlierPeriod(days, 8), district: '昌平区', photo: photoFile('男', 7), password: PASSWORD }, known);
  before.addMajor(MAJORS.personnelJunior, earlierPeriod(days, 8), 'graduated').complete(-7, -4);
  const [, , graduation] = declarationPeriods(today, 'graduation');
  builder.records.declare(before.candidate, { kind: 'graduation', period: graduation, major: MAJORS.personnelJunior, state: 'approved' });
  const { person } = before.candidate;
  const studies = builder.register({ registered: earlierPeriod(days, 2), district: '昌平区', photo: photoFile('男', 7), password: PASSWORD }, person);
  studies
    .addMajor(MAJORS.personnel, earlierPeriod(days, 2))
    .sitWritten(earlierPeriod(days, 1), [88, 71])
    .sitWritten(last, [76, 83])
    .sitWritten(current, [undefined, undefined]);
  studies.enrol(next, studies.exactly(next, 1), {
    state: 'paid',
    createdAt: today.minus({ days: 5 }).set({ hour: 12, minute: 40 }),
    dueBy: next.paymentCloses,
  });
  return { ...toTry(studies, '两个准考证号', '用身份证号登录，先选择准考证号：一个已经专科毕业，一个正在读本科'), citizenNo: person.idNo };
}

function toTry({ candidate }: Studies, what: string, shows: string): DemoAccount {
  return { label: `${candidate.person.name} · ${what}`, admissionNo: candidate.admissionNo, password: PASSWORD, shows };
}
