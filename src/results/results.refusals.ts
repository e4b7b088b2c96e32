import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'result.unknown_period': '没有考期 {period}。',
  'result.unknown_course': '没有课程 {course}。',
  'result.not_one': '成绩、等级和备注应填写且只填写一项。',
});
