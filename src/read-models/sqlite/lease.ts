import type { StatementSync } from 'node:sqlite';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { LeaseWatch } from '../projecting/lease-watch.js';
import type { Lease, LeaseState } from '../read-models.js';

interface LeaseRow extends LeaseState {
  readonly fence: number;
}

/** A lease by its name in the file of read models, as one process sees it. */
export class SqliteLease {
  private readonly watch: LeaseWatch;
  private readonly beat: StatementSync;
  private readonly row: StatementSync;
  private readonly takeOver: StatementSync;
  private readonly giveUp: StatementSync;
  private readonly give: StatementSync;

  /** @param clock a monotonic clock, in milliseconds */
  constructor(
    db: SqliteFile,
    private readonly name: string,
    clock: () => number,
  ) {
    this.watch = new LeaseWatch(clock);
    this.beat = db.prepare('UPDATE leases SET beat = beat + 1 WHERE name = ? AND holder = ? RETURNING fence');
    this.row = db.prepare('SELECT holder, beat, fence FROM leases WHERE name = ?');
    this.takeOver = db.prepare(`
      INSERT INTO leases (name, holder, beat, fence) VALUES (?1, ?2, 1, 1)
      ON CONFLICT DO UPDATE SET holder = ?2, beat = beat + 1, fence = fence + 1 WHERE holder IS ?3 AND beat = ?4
      RETURNING fence
    `);
    this.give = db.prepare('UPDATE leases SET holder = ?, beat = beat + 1, fence = fence + 1 WHERE name = ? AND fence = ?');
    this.giveUp = db.prepare('UPDATE leases SET holder = NULL WHERE name = ? AND holder = ?');
  }

  /** Takes it or keeps it; undefined while another holds it. */
  take(holder: string): Lease | undefined {
    const kept = this.beat.get(this.name, holder) as Lease | undefined;
    if (kept) return { fence: kept.fence };
    const row = this.held() ?? { holder: null, beat: 0 };
    if (row.holder !== null && !this.watch.hasExpired(row)) return undefined;
    const taken = this.takeOver.get(this.name, holder, row.holder, row.beat) as Lease | undefined;
    return taken && { fence: taken.fence };
  }

  release(holder: string): void {
    this.giveUp.run(this.name, holder);
  }

  /** The newest that was given out; to be asked in the transaction that it guards. */
  fence(): number | undefined {
    return this.held()?.fence;
  }

  /** Gives it to another; false when it is not held under this fence any more. */
  handOver({ fence }: Lease, to: string): boolean {
    return this.give.run(to, this.name, fence).changes > 0;
  }

  /** Who holds it. */
  state(): LeaseState | undefined {
    const held = this.held();
    return held && { holder: held.holder, beat: held.beat };
  }

  private held(): LeaseRow | undefined {
    return this.row.get(this.name) as LeaseRow | undefined;
  }
}
