import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown, ServiceUnavailableException } from '@nestjs/common';
import { Piscina } from 'piscina';
import { workerFile } from '../processes/worker-file.js';
import type { ReceiptView } from './receipt.view.js';

/** A print takes most of a second: who comes when so many wait is asked to come again. */
const MOST_WAITING = 30;
/** Milliseconds for which a thread with nothing to do is kept. */
const IDLE = 60_000;
/** In MiB. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 };

/** Prints receipts in a thread of its own, which is there only while some are asked for. */
@Injectable()
export class ReceiptPrinter implements OnApplicationShutdown {
  private pool: Piscina | undefined;

  /** @throws ServiceUnavailableException when too many wait */
  async print(receipt: ReceiptView): Promise<Buffer> {
    this.pool ??= new Piscina({
      ...{ filename: fileURLToPath(workerFile('payments/receipt-pdf.worker.js')), minThreads: 0, maxThreads: 1 },
      ...{ idleTimeout: IDLE, resourceLimits: HEAP, recordTiming: false },
    });
    if (this.pool.queueSize >= MOST_WAITING) throw new ServiceUnavailableException();
    const bytes: Uint8Array<ArrayBuffer> = await this.pool.run(receipt, { name: 'print' });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }
}
