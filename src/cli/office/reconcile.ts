import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { workerFile } from '../../kernel/worker-file.js';
import type { CommandResult, Context } from '../program/command.js';
import { FailedElsewhere } from '../program/failures.js';
import type { Output } from '../program/output.js';
import type { FileToReconcile, run, Settled } from './reconcile.worker.js';
import { reconciliationLines } from './reconciliation-report.js';

type Outcome = Awaited<ReturnType<typeof run>>;

/** In MiB. Without a bound a heap takes as much as the machine lets it; what is held of a file is ten times its bytes. */
const YOUNG = 16;
const OLD = 112;
const OLD_PER_MEBIBYTE = 12;

/** `reconcile FILE`: settles the platform's daily file with the books of DATA_DIR, whether a server runs on it or not. */
export async function runReconcile({ file }: { readonly file: string }, { out }: Context): Promise<CommandResult> {
  const outcome = await inThread(file, (await stat(file)).size, out);
  if ('failure' in outcome) throw new FailedElsewhere(outcome.failure);
  for (const line of reconciliationLines(outcome)) out.answer(line);
  const { day, fen, final, findings, recorded, rows } = outcome;
  return { json: { day, final, rows, fen, ...findings, recorded } };
}

/** @param bytes of the file */
async function inThread(path: string, bytes: number, out: Output): Promise<Outcome> {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG, maxOldGenerationSizeMb: OLD + Math.ceil((bytes / 2 ** 20) * OLD_PER_MEBIBYTE) };
  const pool = new Piscina({ filename: fileURLToPath(workerFile('cli/office/reconcile.worker.js')), maxThreads: 1, resourceLimits, recordTiming: false });
  const { port1, port2 } = new MessageChannel();
  const shown = await out.progress('笔');
  let begun = false;
  port1.on('message', ({ settled, of }: Settled) => {
    if (!begun) shown.phase('核对', of);
    begun = true;
    shown.step(settled, settled);
  });
  try {
    return await pool.run({ path, progress: port2 } satisfies FileToReconcile, { name: 'run', transferList: [port2] });
  } finally {
    port1.close();
    shown.end();
    await pool.destroy();
  }
}
