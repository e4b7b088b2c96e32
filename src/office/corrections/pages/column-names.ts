import type { CorrectionName } from '../corrections.events.js';

/** Columns that say something else in some kinds. */
const ofKind: Readonly<Record<string, string>> = {
  'score remark': '缺考、违纪、作弊、待定或撤回',
  'person state': '状态：voided 撤回登记',
  'seat state': '状态：cancelled 取消座位',
  'enrolment state': '状态：enrolled 报考，withdrawn 没有报考',
  'account state': '状态：normal、frozen、suspended、closed',
  'major state': '状态：studying、graduated、left、withdrawn',
  'payment state': '状态：due、paid、expired、cancelled、refunded、voided',
  'declaration state': '状态：submitted、payment_due、paid、approved、rejected、withdrawn、voided',
  'application state': '状态：draft、submitted、approved、rejected、withdrawn、voided',
};

const names: Readonly<Record<string, string>> = {
  admission_no: '准考证号',
  period: '考期，如 2610',
  course: '课程代码',
  score: '分数，0 到 100 的整数',
  grade: '等级：优、良、及格、不及格',
  remark: '备注',
  was: '现在的值（写了就核对）',
  name: '姓名',
  id_type: '证件类型',
  id_no: '证件号码',
  sex: '性别',
  birth: '出生日期，如 1998-03-01',
  health: '健康状况',
  ethnicity: '民族',
  household: '户籍',
  district: '考区',
  registered_period: '注册考期',
  site: '考点',
  address: '地址',
  room: '考场，3 位数字',
  seat: '座次，2 位数字',
  state: '状态',
  confirmed: '已确认：Y 或 N',
  major: '专业代码',
  added_period: '添加的考期',
  bill_no: '账单号，14 位数字',
  paid_at: '缴费时间，如 2026-10-24T09:00:00+08:00',
  id: '编号',
  decided_on: '决定的日期，如 2026-10-24',
  applied_on: '申请的日期，如 2026-10-24',
};

/** What a column of corrections is called on pages. */
export function columnLabel(kind: CorrectionName, column: string): string {
  return ofKind[`${kind} ${column}`] ?? names[column] ?? column;
}
