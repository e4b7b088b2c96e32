import { refusals } from '../event-store/refusal.js';

export const refused = refusals({ 'application.of_another': '这项考籍申请属于另一位考生。' });
