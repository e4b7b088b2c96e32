/** How read models of candidates are called. */
const readModels: Readonly<Record<string, string>> = {
  candidate: '考生',
  'candidate-districts': '考区',
  sittings: '考试与成绩',
  bills: '账单',
  declarations: '申报',
  applications: '考籍申请',
  'sign-ins': '登录',
  'ended-sessions': '已结束的登录',
  'payment-dues': '账单的期限',
  transactions: '交易',
  receipts: '票据',
};

/** How the last part of a path is called, where it has a name. */
const fields: Readonly<Record<string, string>> = {
  enrolled: '报考',
  paid: '已缴费',
  paidBy: '缴费的账单',
  site: '考点',
  address: '地址',
  room: '考场',
  seat: '座次',
  score: '分数',
  grade: '等级',
  remark: '说明',
  result: '成绩',
  corrected: '更正前',
  correctedAt: '更正的时间',
  withheld: '待定',
  person: '个人信息',
  photo: '照片',
  district: '考区',
  registeredPeriod: '注册时间',
  accountState: '账号状态',
  confirmed: '现场确认',
  password: '密码',
  majors: '专业',
  major: '专业',
  period: '考期',
  state: '状态',
  name: '姓名',
  idType: '证件类型',
  idNo: '证件号码',
  sex: '性别',
  birth: '出生日期',
  health: '健康状况',
  ethnicity: '民族',
  household: '户籍',
  fen: '金额（分）',
  kind: '种类',
  lines: '项目',
  dueBy: '截止',
  createdAt: '开出',
  paidAt: '缴费时间',
  channel: '渠道',
  order: '订单',
  transaction: '交易',
  receipt: '票据',
  code: '代码',
  number: '号码',
  at: '时间',
  way: '方式',
  device: '设备',
};

export function readModelName(name: string): string {
  return readModels[name] ?? name;
}

/** Undefined where the last part of a path, but for places in a list, has no name of its own, such as a code. */
export function fieldName(path: string): string | undefined {
  const last = path.split('.').findLast((part) => !/^\d{1,3}$/.test(part)) ?? '';
  return Object.hasOwn(fields, last) ? fields[last] : undefined;
}
