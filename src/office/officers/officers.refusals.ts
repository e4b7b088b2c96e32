import { refusals } from '../../event-store/refusal.js';

export const refused = refusals({
  'officer.exists': '已经有账号 {officer}。账号停用以后也不再给别人使用，请换一个名字。',
  'officer.bad_name': '账号由 2 到 32 个小写字母、数字和 . _ - 组成，以字母或数字开头。',
  'officer.unknown': '没有账号 {officer}',
  'officer.no_role': '至少要有一个角色。',
  'officer.role_alone': '账户管理员和审计不能兼任其他角色。',
  'officer.no_district': '区自考办的账号要写明是哪个区的。',
  'officer.not_of_a_district': '只有区自考办的账号才写明区。',
  'officer.district_unknown': '没有这个区：{district}。区的名称见 districts.csv。',
  'officer.not_administrator': '您现在不是账户管理员。请重新登录。',
  'officer.own_account': '自己的账号由其他账户管理员更改。',
  'officer.own_proposal': '自己提出的更改，由另一位账户管理员批准。',
  'officer.change_open': '账号 {officer} 已经有一项更改等待批准，请先批准、退回或撤回它。',
  'officer.change_gone': '这项更改已经批准、退回或撤回。',
  'officer.no_change': '没有要更改的：角色和区与现在一样。',
  'officer.sign_in_again': '密码刚刚改过、账号已停用，或者登录已经结束。请重新登录。',
  'officer.factor_used': '这个验证码已经用过，请等应用显示下一个再输入。',
  'officer.passkey_used': '通行密钥的这次回答已经用过，请再试一次。',
  'officer.passkey_known': '这个通行密钥已经添加过。',
  'officer.passkeys_many': '最多 {most} 个通行密钥，请先删除不用的。',
  'officer.code_wrong': '账号或一次性代码不对，或者代码已经用过、已经过期。',
});
