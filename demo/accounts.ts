import { back } from './calendar.js';
import { declarationPeriods } from './declaration-periods.js';
import { MAJORS } from './majors.js';
import { photoFile } from './photos.js';
import { PASSWORD, type Stage } from './stage.js';
import type { Studies } from './studies.js';

/** An account to try: by `citizenNo` where that is the way in, else by `admissionNo`. */
export interface DemoAccount {
  readonly label: string;
  readonly admissionNo: string;
  readonly citizenNo?: string;
  readonly password: string;
  /** What there is to see, in one line for people. */
  readonly shows: string;
}

/** The candidates whom the start prints: each shows another side of the centre. */
export function accountsToTry(stage: Stage): readonly DemoAccount[] {
  return [everythingGoingOn(stage), newcomer(stage), mixedResults(stage), declaring(stage), twoNumbers(stage)];
}

function everythingGoingOn(stage: Stage): DemoAccount {
  const { days } = stage.ledger;
  const { last, current, next, today } = days;
  const account = { registered: back(days, 3), district: '海淀区', photo: photoFile('女', 0), password: PASSWORD };
  const studies = stage.register(account, { name: '林晓禾', sex: '女', birth: '1999-05-14', ethnicity: '汉', household: '北京市', health: '健康' });
  studies.takeUp(MAJORS.personnel, back(days, 3)).sitWritten(back(days, 2), [78, 66]).sitWritten(back(days, 1), [81, '缺考', 74]);
  studies.sit(last, [...studies.exactly(last, 3), ...studies.practicals(last)], [84, 57, 61, '良']);
  studies.sitWritten(current, [undefined, undefined, undefined]);
  studies.enrol(next, studies.exactly(next, 2), {
    state: 'due',
    createdAt: today.minus({ days: 3 }).set({ hour: 20, minute: 12 }),
    dueBy: today.plus({ days: 1, hours: 17 }),
  });
  return toTry(studies, '样样都有', `${current.name}考试几天后开始（有考场和座位），${next.name}账单明天到期，${last.name}成绩昨天发布`);
}

function newcomer(stage: Stage): DemoAccount {
  const { next } = stage.ledger.days;
  const account = { registered: next, district: '西城区', confirmed: false, photo: photoFile('男', 3), password: PASSWORD };
  const studies = stage.register(account, { name: '陈一鸣', sex: '男', birth: '2004-11-02', ethnicity: '汉', household: '河北省', health: '健康' });
  studies.takeUp(MAJORS.personnel, next);
  return toTry(studies, '新注册考生', '还没有现场确认，登录后只能看到现场确认凭单（西城区）和通知');
}

function mixedResults(stage: Stage): DemoAccount {
  const { days } = stage.ledger;
  const { last } = days;
  const account = { registered: back(days, 4), district: '朝阳区', photo: photoFile('男', 0), password: PASSWORD };
  const studies = stage.register(account, { name: '赵明远', sex: '男', birth: '1995-08-27', ethnicity: '满', household: '北京市', health: '健康' });
  studies
    .takeUp(MAJORS.accounting, back(days, 4))
    .sitWritten(back(days, 3), ['作弊', '作弊'])
    .sitWritten(back(days, 2), [72, '缺考'])
    .sitWritten(back(days, 1), [68, 75]);
  const courses = [...studies.exactly(last, 4), ...studies.practicals(last)];
  studies.sit(last, courses, [79, 58, '违纪', undefined, '不及格']);
  stage.ledger.correct(studies.candidate, last, courses[1] ?? '', 63);
  return toTry(studies, '各种成绩', `${last.name}成绩：合格、不合格、违纪、更正过的和待发布的都有，下面还有往期成绩`);
}

function declaring(stage: Stage): DemoAccount {
  const { days } = stage.ledger;
  const { today } = days;
  const account = { registered: back(days, 7), district: '丰台区', photo: photoFile('女', 2), password: PASSWORD };
  const studies = stage.register(account, { name: '周文静', sex: '女', birth: '1992-03-19', ethnicity: '汉', household: '山东省', health: '健康' });
  const { candidate } = studies;
  stage.ledger.apply(candidate, { kind: 'continuation', state: 'approved', appliedOn: today.minus({ months: 43 }) });
  studies.exemption('03708', 'rejected', today.minus({ months: 42 }), '提交的成绩单不能证明已学过相当的课程');
  studies.exemption('00015', 'approved', today.minus({ months: 40 }), '凭大学英语六级成绩免考');
  studies.takeUp(MAJORS.administration, back(days, 7)).takeUp(MAJORS.literature, back(days, 5)).complete(-7, -2);
  stage.ledger.apply(candidate, { kind: 'transfer_out', state: 'withdrawn', appliedOn: today.minus({ months: 14 }), remark: '考生本人撤回' });
  stage.ledger.apply(candidate, { kind: 'transfer_in', state: 'submitted', appliedOn: today.minus({ days: 6 }) });
  stage.ledger.apply(candidate, { kind: 'continuation', state: 'draft', appliedOn: today.minus({ days: 2 }) });
  const [thesisNow, thesisLast, thesisEarlier, thesisFirst] = declarationPeriods(today, 'thesis');
  const [graduationNow] = declarationPeriods(today, 'graduation');
  const [degreeNow] = declarationPeriods(today, 'degree');
  const declare = stage.ledger.declare.bind(stage.ledger, candidate);
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
function twoNumbers(stage: Stage): DemoAccount {
  const { days } = stage.ledger;
  const { last, current, next, today } = days;
  const known = { name: '吴思远', sex: '男', birth: '1990-12-08', ethnicity: '汉', household: '北京市', health: '健康' } as const;
  const before = stage.register({ registered: back(days, 8), district: '昌平区', photo: photoFile('男', 7), password: PASSWORD }, known);
  before.takeUp(MAJORS.personnelJunior, back(days, 8), 'graduated').complete(-7, -4);
  const [, , graduation] = declarationPeriods(today, 'graduation');
  stage.ledger.declare(before.candidate, { kind: 'graduation', period: graduation, major: MAJORS.personnelJunior, state: 'approved' });
  const { person } = before.candidate;
  const studies = stage.register({ registered: back(days, 2), district: '昌平区', photo: photoFile('男', 7), password: PASSWORD }, person);
  studies.takeUp(MAJORS.personnel, back(days, 2)).sitWritten(back(days, 1), [88, 71]).sitWritten(last, [76, 83]).sitWritten(current, [undefined, undefined]);
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
