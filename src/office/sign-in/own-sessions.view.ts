import type { FailedHour, Officer, OfficerSignIn } from '../../../projections/officers.js';
import { deviceName } from '../../identity/sign-in/user-agent.js';
import type { Safe } from '../../vault/vault.js';
import { LONGEST_OFFICE_SESSION } from '../sessions/office-sessions.js';

const ways: Readonly<Record<OfficerSignIn['by'], string>> = { code: '验证码', recovery: '恢复码', passkey: '通行密钥' };

const steps: Readonly<Record<FailedHour['step'], string>> = { password: '密码不对', factor: '密码对，验证码不对' };

/** The sessions that can still be used, the current one first, the latest sign-ins and those that failed, and how many recovery codes are left. */
export function ownSessionsView({ sessions, latest, failed = [], recoveryLeft }: Officer, safe: Safe, current: string, now: Date) {
  const usable = sessions.filter(({ session, at }) => session === current || Date.parse(at) + LONGEST_OFFICE_SESSION > now.getTime());
  const shown = (entry: OfficerSignIn) => ({ ...entry, ...from(entry, safe), way: wayOf(entry), isThis: entry.session === current });
  return {
    sessions: [...usable.filter(({ session }) => session === current), ...usable.filter(({ session }) => session !== current)].map(shown),
    hasOthers: usable.some(({ session }) => session !== current),
    latest: latest.map(shown),
    failed: failed.map((entry) => ({ ...from(entry, safe), at: entry.at, times: entry.times, step: steps[entry.step] })),
    recoveryLeft,
  };
}

function wayOf({ by, again }: OfficerSignIn): string {
  return `${again ? '再次验证' : '登录'}，${ways[by]}`;
}

function from({ device: sealed }: Pick<OfficerSignIn, 'device'>, safe: Safe) {
  const device = safe.open(sealed);
  return { device: deviceName(device?.userAgent ?? ''), address: device?.address ?? '' };
}
