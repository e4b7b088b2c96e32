import { Injectable } from '@nestjs/common';
import { log } from '../../kernel/log.js';
import { beyondUsual, isStorm, type Level } from './storm-level.js';

/** Between two looks at what others have counted, in milliseconds. */
const LOOKED_EVERY = 1_000;

/** How many logins fail over all accounts and addresses: many more than usual are somebody's lists being tried, from wherever. */
@Injectable()
export class FailureRate {
  private counted = 0;
  private lookedAt = 0;
  private level: Level | undefined;
  private wasStormy = false;

  /** An attempt counts as failed until it is known to have been right. */
  count(failures: 1 | -1): void {
    this.counted += failures;
  }

  /** What was counted since others were last told of it, once a second; else undefined. @param now milliseconds since the epoch */
  untold(now: number): number | undefined {
    if (Math.abs(now - this.lookedAt) < LOOKED_EVERY) return undefined; // a clock may be set back
    this.lookedAt = now;
    const { counted } = this;
    this.counted = 0;
    return counted;
  }

  /** The level over all processes. */
  heard(level: Level, now: number): void {
    this.level = level;
    const isStormy = this.isStormy(now);
    if (isStormy !== this.wasStormy)
      log.warn({ beyondUsual: Math.round(beyondUsual(level, now)) }, isStormy ? 'far too many logins fail' : 'no more logins fail than usual');
    this.wasStormy = isStormy;
  }

  /** Failures beyond the usual. */
  beyondUsual(now: number): number {
    return beyondUsual(this.level, now);
  }

  isStormy(now: number): boolean {
    return isStorm(this.level, now);
  }
}
