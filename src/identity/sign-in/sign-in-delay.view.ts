import { StillUpdating } from '../../web/errors/still-updating.js';
import { waitInWords } from '../../web/errors/wait-in-words.js';
import { TooBusy } from '../passwords/hashing-queue.js';
import type { Delay } from '../throttling/rate-limits.js';
import type { LoginOutcome } from './login-outcomes.js';

/** Why a password is not checked now, and when to retry. */
export interface SignInDelay {
  readonly outcome: LoginOutcome;
  readonly message: string;
  readonly status: 429 | 503;
  readonly seconds: number;
}

/** After too many failures. */
export function rateLimited({ seconds, by }: Delay): SignInDelay {
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

/** When too many people log in, or the account may not be read yet. @throws any error but TooBusy and StillUpdating */
export function overloaded(error: unknown): SignInDelay {
  if (error instanceof StillUpdating) return { outcome: 'updating', message: updatingMessage(error.seconds), status: 503, seconds: error.seconds };
  if (!(error instanceof TooBusy)) throw error;
  const { seconds } = error;
  return { outcome: 'busy', message: `现在登录的人很多，请 ${seconds} 秒后再试。`, status: 503, seconds };
}

export function updatingMessage(seconds: number): string {
  return `资料正在更新，请稍后再试（大约 ${waitInWords(seconds)}后）。`;
}
