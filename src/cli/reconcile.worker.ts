import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { CommandBus } from '@nestjs/cqrs';
import { transactions } from '../../projections/transactions.js';
import { causedBy } from '../event-store/cause.js';
import { EventStore } from '../event-store/event-store.js';
import { Clock } from '../kernel/clock.js';
import { goAfterPages } from '../kernel/priority.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { readDailyFile } from '../payments/reconciliation/daily-file.js';
import { type Reconciliation, reconcile } from '../payments/reconciliation/reconciling.js';
import { ReadModels } from '../read-models/read-models.js';
import { readSettings } from '../settings/settings.js';
import { caughtUp } from './caught-up.js';
import { isExpected } from './output.js';
import { withCentre } from './with-centre.js';

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
  readonly failed: string;
  /** That the same again may go well. */
  readonly again: boolean;
}

goAfterPages();

export async function run({ path, progress }: FileToReconcile): Promise<(Reconciliation & { readonly rows: number }) | NotReconciled> {
  try {
    const file = await readDailyFile(path); // before anything is made in DATA_DIR
    const of = file.movements.length;
    const settings = readSettings(process.env);
    const found = await withCentre(settings, async (application) => {
      await caughtUp(application, settings, [transactions]);
      const ports = { commands: application.get(CommandBus), events: application.get(EventStore), readModels: application.get(ReadModels) };
      const cause = { by: 'reconciliation', origin: 'office', correlation: randomUUID(), why: file.day } as const;
      const now = application.get(Clock).now();
      return causedBy(cause, () => reconcile(file, now, ports, (settled) => progress.postMessage({ settled, of } satisfies Settled)));
    });
    return { ...found, rows: of };
  } catch (error) {
    if (!(error instanceof Error && isExpected(error))) throw error;
    return { failed: error.message, again: error instanceof StoreUnavailable };
  } finally {
    progress.close();
  }
}
