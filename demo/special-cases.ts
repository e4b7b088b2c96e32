import { earlierPeriod } from './calendar.js';
import { type CohortBuilder, PASSWORD } from './cohort-builder.js';
import { declarationPeriods } from './declaration-periods.js';
import { MAJORS, type Major } from './majors.js';
import type { Person } from './people.js';
import type { Studies } from './studies.js';

/** Candidates for every state of a page that random candidates might not cover. */
export function addSpecialCases(builder: CohortBuilder): void {
  accounts(builder);
  documents(builder);
  billsInEveryState(builder);
  sittings(builder);
  declarations(builder);
  applications(builder);
}

function accounts(builder: CohortBuilder): void {
  const { days } = builder.records;
  const late = builder.register({ registered: days.current, confirmed: false, password: PASSWORD }, { name: '沈若兰', sex: '女' });
  late.addMajor(MAJORS.english, days.current);
  for (const [accountState, name] of [
    ['frozen', '韩建国'],
    ['suspended', '曹立新'],
    ['closed', '邓晓萍'],
  ] as const) {
    const studies = builder.register({ registered: earlierPeriod(days, 5), accountState, password: PASSWORD }, { name });
    studies.addMajor(MAJORS.law, earlierPeriod(days, 5), accountState === 'closed' ? 'left' : 'studying').sitWritten(earlierPeriod(days, 3), [64, 51]);
  }
  const resting = builder.register({ registered: earlierPeriod(days, 4), password: PASSWORD }, { name: '许静怡', sex: '女' });
  resting.addMajor(MAJORS.literature, earlierPeriod(days, 4)).sitWritten(earlierPeriod(days, 2), [77, 82]);
}

/** Unusual names and documents; the numbers are made up too. */
function documents(builder: CohortBuilder): void {
  const { days } = builder.records;
  const unusual: readonly (Partial<Person> & { readonly photo?: string; readonly password?: string })[] = [
    { name: '阿依古丽·买买提吐尔逊', sex: '女', ethnicity: '维吾尔', household: '新疆维吾尔自治区', password: PASSWORD },
    { name: '乌日娜·巴特尔', sex: '女', ethnicity: '蒙古', household: '内蒙古自治区' },
    { name: '欧阳', sex: '男', ethnicity: '汉' },
    { name: '李家欣', sex: '女', idType: '港澳居民来往内地通行证', idNo: 'H99000001', household: '香港特别行政区' },
    { name: '林志豪', sex: '男', idType: '台湾居民来往大陆通行证', idNo: '99000001', household: '台湾省' },
    { name: 'MONTGOMERY ALEXANDRA JANE', sex: '女', idType: '外国人永久居留证', idNo: 'ZZZ119900000001', ethnicity: '其他', household: '北京市' },
    { name: '马卫东', sex: '男', idType: '军官证', idNo: '军字第99000001号', household: '北京市' },
  ];
  for (const { password, ...known } of unusual) {
    const studies = builder.register({ registered: earlierPeriod(days, 2), ...(password && { password }) }, known);
    studies.addMajor(MAJORS.law, earlierPeriod(days, 2)).sitWritten(days.last, [70, 48]).sitWritten(days.current, [undefined, undefined]);
  }
}

function billsInEveryState(builder: CohortBuilder): void {
  const { days } = builder.records;
  const { current, next, today } = days;
  const student = (name: string, major: Major = MAJORS.accounting) =>
    builder.register({ registered: earlierPeriod(days, 2) }, { name }).addMajor(major, earlierPeriod(days, 2));
  const created = today.minus({ days: 6 }).set({ hour: 9, minute: 31, second: 8 });

  const dueTonight = student('罗佳宁');
  dueTonight.enrol(next, dueTonight.written(next, 3), { state: 'due', createdAt: created, dueBy: today.endOf('day').startOf('second') });
  const dueInTime = student('梁启航');
  dueInTime.enrol(next, dueInTime.written(next, 4), { state: 'due', createdAt: today.minus({ hours: 5 }), dueBy: next.paymentCloses });
  const paid = student('宋雨桐');
  paid.enrol(next, paid.written(next, 4), { state: 'paid', createdAt: created, dueBy: next.paymentCloses });

  const expired = student('郑凯文');
  expired.enrol(next, expired.written(next, 2), { state: 'expired', createdAt: created, dueBy: today.minus({ hours: 7 }) });
  const again = student('冯雅琪');
  const courses = again.written(next, 2);
  again.enrol(next, courses, { state: 'expired', createdAt: created, dueBy: today.minus({ hours: 7 }) });
  again.bill(next, courses, { state: 'due', createdAt: today.minus({ hours: 4 }), dueBy: next.paymentCloses });

  const cancelled = student('董浩然');
  const [kept, ...dropped] = cancelled.written(next, 3);
  cancelled.enrol(next, dropped, { state: 'cancelled', createdAt: created, dueBy: next.paymentCloses });
  cancelled.enrol(next, kept ? [kept] : [], { state: 'due', createdAt: created.plus({ minutes: 25 }), dueBy: next.paymentCloses });

  const refunded = student('萧逸飞');
  const [withdrawn, ...sat] = refunded.written(current, 3);
  if (withdrawn) {
    refunded.enrol(current, [withdrawn], { state: 'refunded', createdAt: current.enrolmentOpens.plus({ days: 3, hours: 15 }), dueBy: current.paymentCloses });
    builder.records.seat(refunded.candidate, current, withdrawn, 'cancelled');
  }
  refunded.sit(current, sat);
}

function sittings(builder: CohortBuilder): void {
  const { days, records } = { days: builder.records.days, records: builder.records };
  const { last, current } = days;
  const student = (name: string, major: Major) => builder.register({ registered: earlierPeriod(days, 3) }, { name }).addMajor(major, earlierPeriod(days, 3));

  student('谢天佑', MAJORS.administration).sitWritten(last, [undefined, undefined]);
  const cheated = student('唐子墨', MAJORS.computing);
  cheated.sitWritten(last, ['作弊', '作弊', '作弊']);
  const found = student('袁晓彤', MAJORS.administration);
  const [missed] = found.written(last, 2);
  found.sitWritten(last, ['缺考', 66]);
  if (missed) records.correct(found.candidate, last, missed, 71);
  const downgraded = student('傅思琪', MAJORS.personnel);
  const [breach] = downgraded.written(last, 2);
  downgraded.sitWritten(last, [70, 82]);
  if (breach) records.correct(downgraded.candidate, last, breach, '违纪');
  const practical = student('彭嘉怡', MAJORS.businessJunior);
  practical.sit(last, practical.practicals(last), ['优']).sit(current, practical.written(current, 4));
  student('吕文博', MAJORS.personnelJunior).sitWritten(last, [95, 60, 59]).sitWritten(current, [undefined, undefined, undefined]);
}

/** Declarations by candidates who have passed all courses of their major. */
function declarations(builder: CohortBuilder): void {
  const { days } = builder.records;
  const finished = (name: string, major: Major): Studies =>
    builder
      .register({ registered: earlierPeriod(days, 8) }, { name })
      .addMajor(major, earlierPeriod(days, 8), 'studying')
      .complete(-7, -2);
  const declared = (name: string, major: Major, ...terms: readonly Omit<Parameters<typeof builder.records.declare>[1], 'major'>[]) => {
    const { candidate } = finished(name, major);
    for (const each of terms) builder.records.declare(candidate, { ...each, major });
  };
  const [thesis, thesisBefore, thesisEarlier] = declarationPeriods(days.today, 'thesis');
  const [graduation, graduationBefore] = declarationPeriods(days.today, 'graduation');
  const [degree, degreeBefore] = declarationPeriods(days.today, 'degree');

  declared('任海燕', MAJORS.english, { kind: 'thesis', period: thesis, state: 'submitted' });
  declared('姚志强', MAJORS.personnel, { kind: 'thesis', period: thesis, state: 'payment_due' });
  declared(
    '卢建华',
    MAJORS.law,
    { kind: 'thesis', period: thesis, state: 'rejected', remark: '有一门必考课程的成绩还没有登记' },
    { kind: 'thesis', period: thesisBefore, state: 'withdrawn' },
  );
  declared('崔丽娜', MAJORS.literature, { kind: 'thesis', period: thesisBefore, state: 'approved' }, { kind: 'degree', period: degree, state: 'submitted' });
  declared(
    '钟伟民',
    MAJORS.administration,
    { kind: 'thesis', period: thesisEarlier, state: 'approved' },
    { kind: 'graduation', period: graduationBefore, state: 'rejected', remark: '前置学历证书未通过核验，请补交认证报告' },
    { kind: 'graduation', period: graduation, state: 'approved' },
    { kind: 'degree', period: degreeBefore, state: 'rejected', remark: '学位外语成绩不符合主考院校的要求' },
    { kind: 'degree', period: degree, state: 'paid' },
  );
  declared(
    '谭晓东',
    MAJORS.hotel,
    { kind: 'thesis', period: thesisEarlier, state: 'approved' },
    { kind: 'graduation', period: graduation, state: 'submitted' },
  );
  declared('陆一凡', MAJORS.lawBasic, { kind: 'graduation', period: graduation, state: 'withdrawn' });
}

function applications(builder: CohortBuilder): void {
  const { days } = builder.records;
  const { last, current, today } = days;
  const student = (name: string, major: Major = MAJORS.accounting) =>
    builder.register({ registered: earlierPeriod(days, 3) }, { name }).addMajor(major, earlierPeriod(days, 3));

  student('廖志远')
    .exemption('03709', 'submitted', today.minus({ days: 9 }))
    .sitWritten(current, [undefined, undefined]);
  student('范晓雯')
    .exemption('00015', 'draft', today.minus({ days: 1 }))
    .sitWritten(last, [69]);
  student('石磊')
    .exemption('04184', 'rejected', today.minus({ months: 2 }), '证明材料不清晰，请重新拍照上传')
    .sitWritten(last, [62, 43]);

  const left = builder.register({ registered: earlierPeriod(days, 5) }, { name: '江雪' });
  left.addMajor(MAJORS.law, earlierPeriod(days, 5), 'left').sitWritten(earlierPeriod(days, 4), [73, 65]);
  apply(left, { kind: 'transfer_out', state: 'approved', appliedOn: today.minus({ months: 9 }) });
  apply(student('白鹏程'), { kind: 'transfer_out', state: 'rejected', appliedOn: today.minus({ months: 8 }), remark: '上一考期成绩尚未公布，不能转出' });
  apply(student('秦悦'), { kind: 'transfer_out', state: 'draft', appliedOn: today.minus({ days: 3 }) });
  apply(student('龚文杰'), { kind: 'transfer_in', state: 'approved', appliedOn: today.minus({ months: 10 }), remark: '转入合格课程 4 门' });
  apply(student('贺子轩'), { kind: 'transfer_in', state: 'rejected', appliedOn: today.minus({ months: 10 }), remark: '转出省份尚未寄送考籍档案' });
  apply(student('邵敏'), { kind: 'continuation', state: 'rejected', appliedOn: today.minus({ months: 5 }), remark: '专科毕业证书号码填写有误' });
  apply(student('万里', MAJORS.computing), { kind: 'continuation', state: 'submitted', appliedOn: today.minus({ days: 12 }) });

  function apply({ candidate }: Studies, terms: Parameters<typeof builder.records.apply>[1]): void {
    builder.records.apply(candidate, terms);
  }
}
