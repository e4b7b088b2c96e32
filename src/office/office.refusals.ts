import { refusals } from '../event-store/refusal.js';

export const refused = refusals({ 'task.unknown': '没有这项待办：{task}' });
