import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { transactions } from '../../projections/transactions.js';
import { Clock } from '../clock.js';
import { readSettings } from '../config.js';
import { causedBy } from '../event-store/cause.js';
import { EventStore } from '../event-store/event-store.js';
import { readDailyFile } from '../payments/daily-file.js';
import { reconcile } from '../payments/reconciling.js';
import { goAfterPages } from '../priority.js';
import { ReadModels } from '../read-models/read-models.js';
import { caughtUp } from './caught-up.js';
import { type CommandOptions, say } from './output.js';
import { progressOn } from './progress.js';
import { reconciliationLines } from './reconciliation-report.js';
import { withCentre } from './with-centre.js';

/** `reconcile FILE`: settles the platform's daily file with the books of DATA_DIR, whether a server runs on it or not. */
export async function runReconcile(path: string, { json }: CommandOptions): Promise<void> {
  const settings = readSettings(process.env);
  goAfterPages();
  const file = await readDailyFile(path); // before anything is made in DATA_DIR
  await withCentre(settings, async (application) => {
    await caughtUp(application, settings, [transactions]);
    const ports = { commands: application.get(CommandBus), events: application.get(EventStore), readModels: application.get(ReadModels) };
    const progress = progressOn(process.stderr, '笔');
    progress.phase('核对', file.movements.length);
    const cause = { by: 'reconciliation', origin: 'office', correlation: randomUUID(), why: file.day } as const;
    try {
      const found = await causedBy(cause, () => reconcile(file, application.get(Clock).now(), ports, (settled) => progress.step(settled, settled)));
      progress.end();
      for (const line of reconciliationLines(found)) say(line);
      const { day, fen, final, findings, recorded } = found;
      if (json) say(JSON.stringify({ day, final, rows: file.movements.length, fen, ...findings, recorded }));
    } finally {
      progress.end();
    }
  });
}
