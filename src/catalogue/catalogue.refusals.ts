import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'major.unknown': '没有专业 {major}。',
  'period.not_announced': '考期 {period} 还没有公布。',
  'period.no_such_unit': '考期 {period} 没有 {unit} 单元。',
});
