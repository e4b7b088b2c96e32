import { AsyncLocalStorage } from 'node:async_hooks';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** How long one request waits for the log, by whatever calls: what it does besides is not counted. */
export class TimeBudget {
  /** Calls that are waited for now, since when, and milliseconds that were waited before. */
  private waits = 0;
  private since = 0;
  private waited = 0;

  /** @param most milliseconds in all */
  constructor(private readonly most: number) {}

  /** Calls `giveUp` when the time is up before `work` is done; what is waited for at the same time counts once. */
  limit(work: Promise<unknown>, giveUp: () => void): void {
    const now = performance.now();
    if (this.waits === 0) this.since = now;
    this.waits += 1;
    const left = Math.max(0, this.most - this.waited - (now - this.since));
    const timer = setTimeout(() => setImmediate(giveUp), left); // a process that was busy hears the answer first
    const over = () => {
      clearTimeout(timer);
      this.waits -= 1;
      if (this.waits === 0) this.waited += performance.now() - this.since;
    };
    work.then(over, over);
  }
}

const timeBudgets = new AsyncLocalStorage<TimeBudget | undefined>();

/** Runs `work` so that all that it asks of the log is waited for within the time of its request. */
export function withTimeBudget<T>(time: TimeBudget, work: () => T): T {
  return timeBudgets.run(time, work);
}

/** Runs `work`, which is not for the current request alone, so that it waits as long as the log takes. */
export function withoutTimeBudget<T>(work: () => T): T {
  return timeBudgets.run(undefined, work);
}

/** Calls `giveUp` when the current request's time is up before `work` is done; never where none is limited. */
export function onBudgetExceeded(work: Promise<unknown>, giveUp: () => void): void {
  timeBudgets.getStore()?.limit(work, giveUp);
}

/** What `work` comes to, which goes on by itself. @throws StoreUnavailable when the current request's time is up before */
export function withinTimeBudget<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  onBudgetExceeded(work, () => reject(timeBudgetExceeded()));
  return Promise.race([work, promise]);
}

/** The log has not answered within the time of a request. */
export function timeBudgetExceeded(): StoreUnavailable {
  return new StoreUnavailable('the log has not answered in time');
}
