import { refusals } from '../../event-store/refusal.js';

export const refused = refusals({
  'correction.unknown': '没有这项更正，或者不在您现在的职责以内：{correction}',
  'correction.not_open': '这项更正已经{state}，不能再办理。',
  'correction.own': '自己提出的更正，要由另一位审批人批准：{why}。',
  'correction.own_return': '自己提出的更正不用退回，请撤回。',
  'correction.not_own': '只有提出的人可以撤回，审批人可以退回。',
  'correction.no_emergency': '这项更正不需要紧急办理：可以按平常的办法批准。',
  'correction.not_emergency': '这项更正没有等待补批的紧急办理。',
  'correction.own_emergency': '紧急办理要由另一位审批人补批。',
  'correction.expired': '预览已过期：您看过以后又有改动。请再看一次新的预览。',
  'correction.nothing': '没有要更正的行：都没有改变，或者都被拒绝。',
  'correction.no_rows': '没有一行可以提出。',
  'correction.not_allowed': '您的角色不能提出这一种更正。',
  'correction.not_approver': '批准和退回要有审批人的角色。',
  'correction.not_applied': '还没有执行完的更正不能撤销。',
  'correction.undone': '这项更正已经撤销过。',
  'correction.no_way_back': '没有一行可以改回去。',
  'correction.moved': '批准以后又有改动，与看过的预览不同。',
  'correction.was_differs': '现在不是 was 所写的值。',
  'correction.was_of_many': 'was 只用于改一个值的行。',
  'correction.forgotten': '这个考生的信息已经删除。',
});
