/** One function of the centre, as home offers it. */
export interface CentreFunction {
  readonly href: string;
  readonly title: string;
  /** An icon's name (lucide). */
  readonly icon: string;
}

/** All functions, in the order in which home shows them: what is asked for most comes first. */
export const centreFunctions: readonly CentreFunction[] = [
  { href: '/center/courses', title: '我的课程', icon: 'book-open' },
  { href: '/center/exam', title: '考试信息', icon: 'map-pin' },
  { href: '/center/results', title: '当期成绩', icon: 'award' },
  { href: '/center/payments', title: '缴费', icon: 'wallet' },
  { href: '/center/bills', title: '账单', icon: 'receipt-text' },
  { href: '/center/majors', title: '我的专业', icon: 'graduation-cap' },
  { href: '/center/declarations', title: '申报状态', icon: 'file-check' },
  { href: '/center/status', title: '考籍信息', icon: 'folder-open' },
  { href: '/center/rules', title: '考试规则', icon: 'scale' },
  { href: '/center/payment-guide', title: '支付指南', icon: 'circle-help' },
  { href: '/center/profile', title: '基本信息', icon: 'id-card' },
  { href: '/center/notices', title: '消息通知', icon: 'bell' },
];

const confirmation: CentreFunction = { href: '/center/confirmation', title: '现场确认', icon: 'stamp' };

/** The functions with what waits in them: bills to pay, results that are new, the voucher of who must be confirmed. */
export function functionsFor({
  due,
  results,
  voucher,
}: {
  readonly due: readonly { readonly openStatus: string }[];
  readonly results: unknown;
  readonly voucher: unknown;
}) {
  const unpaid = due.filter(({ openStatus }) => openStatus === 'due').length;
  const waiting: Readonly<Record<string, { readonly text: string; readonly aloud: string } | undefined>> = {
    '/center/payments': unpaid > 0 ? { text: String(unpaid), aloud: `${unpaid} 笔待缴费` } : undefined,
    '/center/results': results ? { text: '新', aloud: '有新成绩' } : undefined,
  };
  return [...(voucher ? [confirmation] : []), ...centreFunctions].map((each) => ({ ...each, badge: waiting[each.href] }));
}
