import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'login.overtaken': '密码刚刚改过，或者登录刚刚被退出。请重新登录。',
  'login.too_often': '这个账号一小时内登录的次数太多，请在 {again} 以后再试。',
});
