import type { Proposal, TaskKind } from './office.events.js';

export const taskKindNames: Readonly<Record<TaskKind, string>> = {
  refused_reaction: '自动办理被规则拒绝',
  unknown_order: '收到不认识的订单的款项',
  payment_unresolved: '支付结果一天未明',
  payment_contradicted: '支付平台前后说法不一',
  refund_refused: '支付平台拒绝退款',
  refund_elsewhere: '电脑上收的款项应退',
  ours_only: '对账：只有本系统有',
  theirs_only: '对账：平台有，本系统记在别处',
  amount_differs: '对账：金额不符',
  refund_differs: '对账：退款不符',
  correction_differs: '更正：执行后的资料与预览不同',
};

export const proposalNames: Readonly<Record<Proposal, string>> = {
  look: '查看原因',
  refund: '退款',
  ask_platform: '询问支付平台',
  ask_pc_system: '在电脑上的系统办理',
};
