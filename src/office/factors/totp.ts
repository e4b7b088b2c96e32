import { generateSecret, generateURI, verifySync } from 'otplib';

/** Seconds by which a code may be early or late: two steps of 30 s. */
const TOLERANCE = 60;
const CODE = /^\d{6}$/;

export function newTotpSecret(): string {
  return generateSecret();
}

/** What the QR code of an enrolment says to the app. */
export function totpAddress(account: string, secret: string): string {
  return generateURI({ issuer: '自考个人中心管理端', label: account, secret });
}

/** Whether a text is to be taken for a code of the app, and not for a recovery code. */
export function isTotpCode(typed: string): boolean {
  return CODE.test(typed);
}

/** The time step of a code (RFC 6238), if it is that of one of the five steps around now. Whether it was used before is for the decider. */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  if (!isTotpCode(code)) return undefined;
  const checked = verifySync({ secret, token: code, epoch: Math.floor(now.getTime() / 1000), epochTolerance: TOLERANCE });
  return checked.valid && 'timeStep' in checked ? checked.timeStep : undefined;
}
