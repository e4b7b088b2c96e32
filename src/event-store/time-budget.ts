import { AsyncLocalStorage } from 'node:async_hooks';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** Limits the total time that one request waits for the log. Time spent otherwise is not counted. */
export class TimeBudget {
  /** The number of calls waited for now, when that began, and the milliseconds waited before. */
  private waits = 0;
  private since = 0;
  private waited = 0;

  /** @param most milliseconds in total */
  constructor(private readonly most: number) {}

  /** Calls `giveUp` when the budget is used up before `work` is done. Time of concurrent calls counts once. */
  limit(work: Promise<unknown>, giveUp: () => void): void {
    const now = performance.now();
    if (this.waits === 0) this.since = now;
    this.waits += 1;
    const left = Math.max(0, this.most - this.waited - (now - this.since));
    const timer = setTimeout(() => setImmediate(giveUp), left); // setImmediate, so that a busy process reads an answer that has arrived first
    const over = () => {
      clearTimeout(timer);
      this.waits -= 1;
      if (this.waits === 0) this.waited += performance.now() - this.since;
    };
    work.then(over, over);
  }
}

const timeBudgets = new AsyncLocalStorage<TimeBudget | undefined>();

/** Runs `work`: its calls of the log count against this budget. */
export function withTimeBudget<T>(time: TimeBudget, work: () => T): T {
  return timeBudgets.run(time, work);
}

/** Runs `work` without a time limit, because it is not only for the current request. */
export function withoutTimeBudget<T>(work: () => T): T {
  return timeBudgets.run(undefined, work);
}

/** Calls `giveUp` when the current request's budget is used up before `work` is done; never without a budget. */
export function onBudgetExceeded(work: Promise<unknown>, giveUp: () => void): void {
  timeBudgets.getStore()?.limit(work, giveUp);
}

/** The result of `work`, which continues in any case. @throws StoreUnavailable when the current request's budget is used up before */
export function withinTimeBudget<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  onBudgetExceeded(work, () => reject(timeBudgetExceeded()));
  return Promise.race([work, promise]);
}

/** The log has not answered within a request's time budget. */
export function timeBudgetExceeded(): StoreUnavailable {
  return new StoreUnavailable('事件日志没有及时应答，请稍后再试');
}
