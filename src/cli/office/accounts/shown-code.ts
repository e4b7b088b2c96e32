import type { NewSetupCode } from '../../../office/officers/one-time-codes.js';
import { beijing } from '../../program/beijing-time.js';
import type { Output } from '../../program/output.js';

/** Shows a one-time code, and answers what of it stands in the JSON. */
export function shownCode(out: Output, { text, until }: NewSetupCode): { readonly code: string; readonly until: string } {
  out.answer(`一次性代码：${text}`);
  out.answer(`${beijing(until)} 前可以在 /office/login/code 用它设置一次密码。只告诉账号本人。`);
  return { code: text, until: beijing(until) };
}
