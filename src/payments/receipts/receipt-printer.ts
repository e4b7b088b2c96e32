import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown, ServiceUnavailableException } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Piscina } from 'piscina';
import { Clock } from '../../kernel/clock.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { workerFile } from '../../kernel/worker-file.js';
import type { Safe } from '../../vault/vault.js';
import { TooManyRequests } from '../../web/errors/too-many-requests.js';
import type { ReceiptView } from './receipt.view.js';

/** A print takes most of a second: while so many wait, further ones are refused. */
const MAX_WAITING = 30;
/** Receipts of one candidate that may wait, and that are printed in an hour, so that one session cannot block the printer for others. */
const MAX_WAITING_OF_ONE = 2;
const MAX_AN_HOUR = 20;
const HOUR = 3_600_000;
/** Seconds until a waiting one is printed. */
const SOON = 5;
/** Bytes of printed receipts in the cache, about 40,000 each. */
const KEPT = 32 * 1024 * 1024;
/** Candidates whose prints of the last hour are counted. */
const COUNTED = 20_000;
/** Milliseconds until an idle thread ends. */
const IDLE = 60_000;
/** In MiB. */
const HEAP = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 };

/**
 * Prints receipts in a worker thread, which ends when it is idle. Printed receipts are cached in memory, sealed with the candidate's key,
 * and reused while their content is the same.
 */
@Injectable()
export class ReceiptPrinter implements OnApplicationShutdown {
  private pool: Piscina | undefined;
  private readonly kept = new LRUCache<string, Uint8Array>({ maxSize: KEPT, sizeCalculation: ({ byteLength }) => byteLength });
  private readonly underWay = new Map<string, Promise<Uint8Array>>();
  private readonly waitingOf = new Map<string, number>();
  /** When each candidate's receipts of the last hour were printed, in milliseconds. */
  private readonly printsOf = lruCache<readonly number[]>(COUNTED);

  constructor(private readonly clock: Clock) {}

  /**
   * The receipt as a PDF.
   * @param safe of the candidate; receipts of a forgotten one are not cached
   * @throws TooManyRequests when one candidate asks for too many, ServiceUnavailableException when too many wait
   */
  async print(safe: Safe, receipt: ReceiptView): Promise<Buffer> {
    if (!receipt.payer) return Buffer.from(await this.printed(safe.id, receipt));
    const name = `${safe.id} ${safe.digest(receipt)}`;
    const before = this.kept.get(name);
    const known = before && safe.openBytes(before);
    if (known) return Buffer.from(known);
    const printing = this.underWay.get(name) ?? this.begin(name, safe, receipt);
    return Buffer.from(await printing);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private async begin(name: string, safe: Safe, receipt: ReceiptView): Promise<Uint8Array> {
    const printing = this.printed(safe.id, receipt);
    this.underWay.set(name, printing);
    try {
      const bytes = await printing;
      this.kept.set(name, safe.sealBytes(bytes));
      return bytes;
    } finally {
      this.underWay.delete(name);
    }
  }

  private async printed(id: string, receipt: ReceiptView): Promise<Uint8Array> {
    const pool = await this.opened();
    const waiting = this.waitingOf.get(id) ?? 0;
    const now = this.clock.now().getTime();
    const prints = (this.printsOf.get(id) ?? []).filter((at) => at <= now && now - at < HOUR);
    if (waiting >= MAX_WAITING_OF_ONE) throw new TooManyRequests('receipts', SOON);
    const [oldest] = prints;
    if (oldest !== undefined && prints.length >= MAX_AN_HOUR) throw new TooManyRequests('receipts', Math.ceil((oldest + HOUR - now) / 1_000));
    if (pool.queueSize >= MAX_WAITING) throw new ServiceUnavailableException();
    this.waitingOf.set(id, waiting + 1);
    this.printsOf.set(id, [...prints, now]);
    try {
      return await pool.run(receipt, { name: 'print' });
    } finally {
      const left = (this.waitingOf.get(id) ?? 1) - 1;
      if (left > 0) this.waitingOf.set(id, left);
      else this.waitingOf.delete(id);
    }
  }

  private async opened(): Promise<Piscina> {
    const { Piscina: Pool } = await import('piscina');
    this.pool ??= new Pool({
      filename: fileURLToPath(workerFile('payments/receipts/receipt-pdf.worker.js')),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE,
      resourceLimits: HEAP,
      recordTiming: false,
    });
    return this.pool;
  }
}
