import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'application.unknown': '没有这项考籍申请。',
  'application.of_another': '这项考籍申请属于另一位考生。',
  'application.nothing_named': '请写明要更正的状态、申请日期或备注。',
});
