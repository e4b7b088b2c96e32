import { randomUUID } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { transactions } from '../../../projections/transactions.js';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { readDailyFile } from '../../payments/reconciliation/daily-file.js';
import { type Reconciliation, reconcile } from '../../payments/reconciliation/reconciling.js';
import { readSettings } from '../../settings/settings.js';
import { type Failure, failureOf } from '../program/failures.js';
import { caughtUp } from '../read-models/caught-up.js';

/** How many of a file's movements are settled. */
export interface Settled {
  readonly settled: number;
  readonly of: number;
}

export interface FileToReconcile {
  readonly path: string;
  /** Is told of each step (`Settled`). */
  readonly progress: MessagePort;
}

/** Why it could not be done, for people: said as a value, since an error loses its class between threads. */
export interface NotReconciled {
  readonly failure: Failure;
}

lowerThreadPriority();

export async function run({ path, progress }: FileToReconcile): Promise<(Reconciliation & { readonly rows: number }) | NotReconciled> {
  try {
    const file = await readDailyFile(path); // before anything is made in DATA_DIR
    const of = file.movements.length;
    const found = await withDomain(readSettings(process.env), async (domain) => {
      await caughtUp(domain, [transactions]);
      const cause = { by: 'reconciliation', origin: 'office', correlation: randomUUID(), why: file.day } as const;
      const now = domain.clock.now();
      return causedBy(cause, () => reconcile(file, now, domain, (settled) => progress.postMessage({ settled, of } satisfies Settled)));
    });
    return { ...found, rows: of };
  } catch (error) {
    return { failure: failureOf(error) };
  } finally {
    progress.close();
  }
}
