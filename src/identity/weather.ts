import { Injectable } from '@nestjs/common';
import { log } from '../log.js';
import { Tallies } from './tallies.js';

const KEY = 'failed logins of all';
/** Failures that may happen each second over the whole installation: a fifth of 200 logins/s, more than on any results day. */
const USUAL = 40;
/** So many more than usual are a storm. */
const STORM = 2_000;
/** Between two looks at what others have counted, in milliseconds. */
const LOOKED_EVERY = 1_000;

interface Level {
  /** Failures beyond the usual. */
  readonly level: number;
  readonly at: number;
}

/** How many logins fail over all accounts and addresses: many more than usual are somebody's lists being tried, from wherever. */
@Injectable()
export class Weather {
  private counted = 0;
  private lookedAt = 0;
  private seen: Level = { level: 0, at: 0 };
  private stormy = false;

  constructor(private readonly tallies: Tallies) {}

  /** @param now milliseconds since the epoch */
  async failed(times: number, now: number): Promise<void> {
    this.counted += times;
    if (now - this.lookedAt < LOOKED_EVERY) return;
    this.lookedAt = now;
    const { counted } = this;
    this.counted = 0;
    this.seen = await this.tallies.change<Level, Level>(KEY, now, (before) => {
      const after = { level: Math.max(0, levelAt(before, now) + counted), at: now };
      return { after, until: now + 1_000 + (after.level / USUAL) * 1_000, answer: after };
    });
    const stormy = this.isStormy(now);
    if (stormy !== this.stormy) log.warn({ beyondUsual: Math.round(this.seen.level) }, stormy ? 'far too many logins fail' : 'no more logins fail than usual');
    this.stormy = stormy;
  }

  isStormy(now: number): boolean {
    return this.beyondUsual(now) > STORM;
  }

  /** Failures beyond the usual, which are forgotten as more than as many could be usual. */
  beyondUsual(now: number): number {
    return levelAt(this.seen, now);
  }
}

function levelAt(before: Level | undefined, now: number): number {
  return before ? Math.max(0, before.level - (USUAL * Math.max(0, now - before.at)) / 1_000) : 0;
}
