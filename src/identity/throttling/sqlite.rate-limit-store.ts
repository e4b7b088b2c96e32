import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { workerFile } from '../../kernel/worker-file.js';
import { RateLimitStore } from './rate-limit-store.js';
import type { RateLimitAnswer, RateLimitRequest } from './rate-limits.js';

/** To the thread. */
export interface Asked {
  readonly id: number;
  readonly request: RateLimitRequest;
}

/** From the thread. */
export interface Answered {
  readonly id: number;
  /** Undefined after a failure, whose reason is in the log. */
  readonly verdict: RateLimitAnswer | undefined;
}

/** Rate limits in a SQLite file that a worker thread has open, so that pages never wait for its locks. */
export class SqliteRateLimitStore extends RateLimitStore {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<RateLimitAnswer>>();
  private asked = 0;

  constructor(private readonly file: string) {
    super();
    this.started(); // in advance, so that the first login does not wait for it
  }

  /** @throws StoreUnavailable when the thread has died, or cannot answer this */
  override run(request: RateLimitRequest): Promise<RateLimitAnswer> {
    const answer = Promise.withResolvers<RateLimitAnswer>();
    this.asked += 1;
    this.waiting.set(this.asked, answer);
    this.started().postMessage({ id: this.asked, request } satisfies Asked);
    return answer.promise;
  }

  override async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    if (!worker) return;
    worker.ref();
    const gone = once(worker, 'exit');
    worker.postMessage('close');
    await gone;
  }

  /** The thread; one that has died is replaced at the next request. */
  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(workerFile('identity/throttling/rate-limit-store.worker.js'), { workerData: this.file });
    worker.on('message', ({ id, verdict }: Answered) => this.take(id, verdict));
    worker.on('error', (error) => log.error({ err: error }, 'the thread of the login rate limits has died'));
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const id of [...this.waiting.keys()]) this.take(id, undefined);
    });
    worker.unref(); // after the listeners are added, which ref it, so that it does not keep the process alive
    this.worker = worker;
    return worker;
  }

  private take(id: number, verdict: RateLimitAnswer | undefined): void {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    if (verdict) answer?.resolve(verdict);
    else answer?.reject(new StoreUnavailable('现在无法记录登录次数'));
  }
}
