import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { workerFile } from '../../kernel/worker-file.js';
import type { TallyRequest, Verdict } from './attempt-tallies.js';
import { Tallies } from './tallies.js';

/** To the thread. */
export interface Asked {
  readonly id: number;
  readonly request: TallyRequest;
}

/** From the thread. */
export interface Answered {
  readonly id: number;
  /** None: why is in the log. */
  readonly verdict: Verdict | undefined;
}

/** Tallies in a SQLite file that a thread of their own has open: pages never wait for its locks. */
export class SqliteTallies extends Tallies {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<Verdict>>();
  private asked = 0;

  constructor(private readonly file: string) {
    super();
    this.started(); // so that the first who logs in does not wait for it
  }

  /** @throws StoreUnavailable when the thread has died, or cannot answer this */
  override run(request: TallyRequest): Promise<Verdict> {
    const answer = Promise.withResolvers<Verdict>();
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

  /** One that has died is begun anew with the next request. */
  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(workerFile('identity/throttling/tallies.worker.js'), { workerData: this.file });
    worker.on('message', ({ id, verdict }: Answered) => this.take(id, verdict));
    worker.on('error', (error) => log.error({ err: error }, 'the thread of the login tallies has died'));
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const id of [...this.waiting.keys()]) this.take(id, undefined);
    });
    worker.unref(); // a process that has nothing else to do may end; a listener for messages would hold it again
    this.worker = worker;
    return worker;
  }

  private take(id: number, verdict: Verdict | undefined): void {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    if (verdict) answer?.resolve(verdict);
    else answer?.reject(new StoreUnavailable('login tallies cannot be changed now'));
  }
}
