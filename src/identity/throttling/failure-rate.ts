import { log } from '../../kernel/log.js';
import { beyondUsual, type FailureLevel, isAttackLevel } from './failure-level.js';

/** Milliseconds between two exchanges with the shared count. */
const CHECK_INTERVAL = 1_000;

/** The rate of failed logins over all accounts and addresses. A rate far above the usual is an attack with leaked passwords. */
export class FailureRate {
  private counted = 0;
  private lookedAt = 0;
  private level: FailureLevel | undefined;
  private wasUnderAttack = false;

  /** An attempt counts as failed until it is known to have been right. */
  count(failures: 1 | -1): void {
    this.counted += failures;
  }

  /** The failures not yet added to the shared count, at most once a second; otherwise undefined. @param now milliseconds since the epoch */
  takeUnreported(now: number): number | undefined {
    if (Math.abs(now - this.lookedAt) < CHECK_INTERVAL) return undefined; // the clock may be set back
    this.lookedAt = now;
    const { counted } = this;
    this.counted = 0;
    return counted;
  }

  /** The level over all processes. */
  observe(level: FailureLevel, now: number): void {
    this.level = level;
    const isUnderAttack = this.isUnderAttack(now);
    if (isUnderAttack !== this.wasUnderAttack)
      log.warn({ beyondUsual: Math.round(beyondUsual(level, now)) }, isUnderAttack ? 'far too many logins fail' : 'no more logins fail than usual');
    this.wasUnderAttack = isUnderAttack;
  }

  /** Failures beyond the usual. */
  beyondUsual(now: number): number {
    return beyondUsual(this.level, now);
  }

  isUnderAttack(now: number): boolean {
    return isAttackLevel(this.level, now);
  }
}
