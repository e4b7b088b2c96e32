import { type Calendar, instant } from './calendar.js';
import { OLDER_PERIODS_WITH_EXAMS } from './catalogue.js';
import type { CsvFiles } from './csv.js';

/** Notices of the office: results, the coming exam, open enrolment, and one that was withdrawn. */
export function addNotices(batch: CsvFiles, { last, current, next, today, older }: Calendar): void {
  const day = (moment: { toFormat(format: string): string }) => moment.toFormat('M月d日');
  const add = (id: string, title: string, publishedAt: Parameters<typeof instant>[0], body: string, state = 'published') =>
    batch.add('notices', { id, title, published_at: instant(publishedAt), state, body });

  add(
    `results-${last.code}`,
    `${last.name}自学考试成绩已经发布`,
    last.resultsReleased,
    `${last.name}高等教育自学考试成绩已经发布，请在[当期成绩](/center/results)中查询。

对成绩有疑问的，可以在 **${day(last.reviewCloses.minus({ days: 1 }))}** 之前申请复核。复核只核对有没有漏评、登记和合分是否正确，不重新评卷。

个别课程的成绩仍在核对，核对后会单独发布，请以页面上的说明为准。`,
  );
  add(
    `exam-${current.code}`,
    `${current.name}自学考试考前须知`,
    current.arrangementsReleased,
    `${current.name}高等教育自学考试将于 **${day(current.saturday)}（星期六）和 ${day(current.saturday.plus({ days: 1 }))}（星期日）** 举行。考场安排已经发布，请在[考试信息](/center/exam)中查询。

## 考前

- 逐门核对日期、开考时间、考点、考场号和座次号。**同一天上午和下午的考点可能不同。**
- 提前查好路线，预留出门和查验证件的时间。
- 准备好准考证和有效身份证件，证件类型要与注册时一致。

## 考试时间

| 单元 | 日期 | 开考 |
| --- | --- | --- |
| A | ${day(current.saturday)} | 09:00 |
| B | ${day(current.saturday)} | 14:30 |
| C | ${day(current.saturday.plus({ days: 1 }))} | 09:00 |
| D | ${day(current.saturday.plus({ days: 1 }))} | 14:30 |

多数课程考试时长 150 分钟，少数课程为 120 分钟或 90 分钟，以考试信息中的时长为准。

## 当天

1. 开考 15 分钟后不能进入考点。
2. 手机等通讯工具不能带入考场。
3. 结束前 30 分钟起可以交卷离场。

完整的要求见[考试规则](/center/rules)。

## 成绩

预计 ${day(current.resultsReleased)} 发布，发布后可以在[当期成绩](/center/results)中查询。`,
  );
  add(
    `enrolment-${next.code}`,
    `${next.name}自学考试注册和报考安排`,
    next.registrationOpens.set({ hour: 9 }),
    `- **新生注册**：到 ${day(next.registrationCloses.minus({ days: 1 }))} 为止。
- **现场确认**：${day(next.confirmationOpens)}至 ${day(next.confirmationCloses.minus({ days: 1 }))}，请带上现场确认凭单和有效身份证件，到凭单上的区自考办办理。
- **报考**：${day(next.enrolmentOpens)}至 ${day(next.enrolmentCloses.minus({ days: 1 }))}。
- **缴费**：到 ${day(next.paymentCloses.minus({ days: 1 }))} 为止，逾期未缴费的报考无效。

报考的课程和账单分别在[我的课程](/center/courses)和[缴费](/center/payments)中查看。`,
  );
  add(
    `caution-${next.code}`,
    '谨防冒充考试机构的短信和电话',
    today.minus({ days: 24 }).set({ hour: 15, minute: 30 }),
    `近期有人冒充考试机构，以“办理缴费”“修改成绩”“包过”为由索要密码、验证码和转账。请注意：

- 考试机构的工作人员不会索要您的密码和验证码。
- 缴费只通过北京市公共支付平台进行，不会要求向个人账户转账。
- 成绩只由考试机构发布，任何人都不能代为修改。

遇到可疑情况，请保留证据并向公安机关报案。`,
  );
  const past = older[OLDER_PERIODS_WITH_EXAMS - 1];
  if (past) add(`exam-${past.code}`, `${past.name}自学考试考场临时调整`, past.arrangementsReleased, '原通知的考场调整已经取消，仍按原安排进行。', 'withdrawn');
}
