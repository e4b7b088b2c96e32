import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'task.unknown': '没有这项待办：{task}',
  'task.held': '{by} 正在办理这项待办，到 {until} 为止。请等对方退回或者到时再试。',
  'task.settled': '这项待办已经办结。',
});
