import { z } from 'zod';
import { updatingMessage } from '../sign-in/sign-in-delay.view.js';
import { REJECTIONS, type Rejection } from './single-sign-on-outcomes.js';

interface Explanation {
  readonly message: string;
  /** Another way than the password. */
  readonly way?: { readonly label: string; readonly address: string };
}

const HELP = { label: '怎样提高实名等级', address: '/help' };
const WHY = { label: '登录不成功怎么办', address: '/help' };
const AGAIN = { label: '再试一次北京通', address: '/login/bjt' };

/** Why signing in by 北京通 was rejected, and what to do (docs/domain.md, rule 8). */
const explanations: Readonly<Record<Rejection, Explanation>> = {
  denied: { message: '您没有同意北京通授权，所以没有登录。可以用号码和密码登录。', way: AGAIN },
  stale: { message: '这次北京通登录已经失效，可能是页面重复打开或等得太久。请重新登录。', way: AGAIN },
  unavailable: { message: '北京通暂时没有回应。请用号码和密码登录，或稍后再试。', way: AGAIN },
  nonsense: { message: '北京通给出的信息有误，没有登录。请用号码和密码登录。', way: WHY },
  level: { message: '您的北京通实名等级还没有达到 L3，不能免密登录。请用号码和密码登录；在北京通“我的”里点“身份认证”，可以提高等级。', way: HELP },
  unregistered: { message: '没有找到您的自考注册信息。还没有注册的，请在注册期间用电脑打开 zikao.bjeea.cn 注册；用其他证件注册的，请用准考证号和密码登录。' },
  name: { message: '北京通里的姓名与自考注册的姓名不一致，不能免密登录。请用号码和密码登录；登记有误的，请带身份证件到所在区自考办更正。', way: WHY },
  unconfirmed: { message: '您还没有完成现场确认，不能免密登录。用号码和密码登录后可以查看现场确认凭单。' },
  closed: { message: '您的账号已经注销，不能登录。有疑问请联系区自考办。' },
  updating: { message: '资料刚才在更新，没有登录。请再试一次。', way: AGAIN },
  unset: { message: '北京通免密登录还没有开通，请用号码和密码登录。' },
};

const reason = z.enum(REJECTIONS).optional().catch(undefined);

/**
 * The message of the login page after a rejection.
 * @param given the parameter `bjt` of the address, unchecked
 * @param seconds until the candidates are read, where that is known
 */
export function rejectionMessage(
  given: unknown,
  to: string | undefined,
  seconds: number | undefined,
): { readonly message: string; readonly tone: 'info'; readonly way: Explanation['way'] } | undefined {
  const read = reason.parse(given);
  if (!read) return undefined;
  const { message: plain, way } = explanations[read];
  const message = read === 'updating' && seconds !== undefined ? updatingMessage(seconds) : plain;
  return { message, tone: 'info', way: way === AGAIN ? { ...way, address: singleSignOnAddress(to) } : way };
}

/** The address that signs in by 北京通 and then leads to a page of ours. */
export function singleSignOnAddress(to: string | undefined): string {
  return to ? `/login/bjt?${new URLSearchParams({ to })}` : '/login/bjt';
}
