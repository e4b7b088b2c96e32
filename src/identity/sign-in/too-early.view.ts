import { StillUpdating } from '../../web/errors/still-updating.js';
import { waitInWords } from '../../web/errors/wait-in-words.js';
import { TooBusy } from '../passwords/hashing-queue.js';
import type { Delay } from '../throttling/attempt-tallies.js';
import type { LoginOutcome } from './login-outcomes.js';

/** That a password is not looked at now, and when it will be. */
export interface TooEarly {
  readonly outcome: LoginOutcome;
  readonly message: string;
  readonly status: 429 | 503;
  readonly seconds: number;
}

/** Too many failures before. */
export function tooEarly({ seconds, by }: Delay): TooEarly {
  const again = `请 ${seconds} 秒后再试`;
  switch (by) {
    case 'pair':
      return { outcome: 'delayed', message: `号码或密码多次不对，${again}。`, status: 429, seconds };
    case 'account':
      return { outcome: 'delayed_account', message: `这个号码最近有很多次登录失败，为了安全，${again}。`, status: 429, seconds };
    case 'address':
      return { outcome: 'delayed_address', message: `您所在的网络最近有很多次登录失败，${again}，或换一个网络登录。`, status: 429, seconds };
  }
}

/** Too many log in, or those who do are not read yet. @throws what is neither TooBusy nor StillUpdating */
export function tooBusy(error: unknown): TooEarly {
  if (error instanceof StillUpdating) return { outcome: 'updating', message: updating(error.seconds), status: 503, seconds: error.seconds };
  if (!(error instanceof TooBusy)) throw error;
  const { seconds } = error;
  return { outcome: 'busy', message: `现在登录的人很多，请 ${seconds} 秒后再试。`, status: 503, seconds };
}

/** Those who want to come in are not read yet. */
export function updating(seconds: number): string {
  return `资料正在更新，请稍后再试（大约 ${waitInWords(seconds)}后）。`;
}
