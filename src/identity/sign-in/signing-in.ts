import type { OutcomeTexts } from '../../web/outcomes/outcome-texts.js';

/** 登录, by whatever way: a session that is recorded and whose cookie was not given is nobody's. */
export const SIGNING_IN: OutcomeTexts = {
  what: '登录',
  see: { href: '/login', text: '重新登录' },
  holds: '这次登录没有完成，请重新登录。',
};
