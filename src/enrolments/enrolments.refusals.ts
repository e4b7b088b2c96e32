import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'enrolment.not_open': '现在不在报考时间内。',
  'enrolment.closed': '报考已经截止。',
  'enrolment.bill_due': '还有一张账单没有缴费。请先缴费，或取消这张账单。',
  'enrolment.not_enrolled': '您没有报考课程 {course}。',
  'enrolment.paid': '课程 {course} 已经缴费，不能在这里取消。有疑问请联系区自考办。',
  'enrolment.no_courses': '没有需要缴费的课程。',
  'enrolment.held_by_another': '有课程已经在另一张账单里。',
  'enrolment.not_examined': '课程 {course} 这次不开考。',
  'enrolment.passed': '课程 {course} 已经合格，不用再考。',
  'enrolment.exempted': '课程 {course} 已经免考，不用再考。',
  'enrolment.exemption_pending': '课程 {course} 正在申请免考。',
  'enrolment.no_fee': '课程 {course} 的考试费还没有公布。',
  'enrolment.unit_taken': '课程 {course} 和课程 {other} 在同一个考试时间，只能报考一门。',
  'enrolment.on_due_bill': '课程 {course} 在没有缴费的账单 {bill} 上，请先缴费或取消这张账单。',
  'enrolment.unknown_course': '考期 {period} 不考课程 {course}。',
  'seat.nothing_named': '请写明要更正的考点、地址、考场号或座次号，或者 state=cancelled，两者不能同时写。',
  'seat.incomplete': '原来没有座位：考点、地址、考场号和座次号都要填写。',
});
