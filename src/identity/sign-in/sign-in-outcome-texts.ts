import type { OutcomeTexts } from '../../web/outcomes/outcome-texts.js';

/** For all ways of 登录. A recorded session whose cookie was not sent cannot be used by anyone. */
export const SIGN_IN_TEXTS: OutcomeTexts = {
  what: '登录',
  see: { href: '/login', text: '重新登录' },
  holds: '这次登录没有完成，请重新登录。',
};
